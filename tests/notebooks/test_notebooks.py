"""The notebooks: run from top to bottom against a lab, with one line changed, they give what they say."""

import ast
import re
import sys
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from tests.conftest import ROOT, RunningApp

FOLDER = ROOT / "notebooks"
NAMES = sorted(path.name for path in FOLDER.glob("*.ipynb"))
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def read(name: str) -> NotebookNode:
    return nbformat.read(FOLDER / name, as_version=4)


def code(notebook: NotebookNode) -> list[str]:
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]


def printed(notebook: NotebookNode) -> str:
    """What all cells have printed."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    return "".join(output.text for output in outputs if output.get("name") == "stdout")


def shown(notebook: NotebookNode, kind: str) -> list[str]:
    """What the cells have shown of a kind, such as image/png."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    return [output.data[kind] for output in outputs if kind in output.get("data", {})]


def text(notebook: NotebookNode) -> str:
    """What the notebook says in words."""
    return "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


def first_call(notebook: NotebookNode) -> None:
    assert "succeeded at step 100" in printed(notebook)
    assert "3.4505 * 4.3472" in printed(notebook)
    assert "now 3.4505 and 4.3472" in text(notebook)
    assert re.findall(r"^(\w+) \{", printed(notebook), re.MULTILINE) == ["product", "memorize", "challenge"]


def live_curve(notebook: NotebookNode) -> None:
    assert re.search(r"succeeded \d\.\d+ \* \d\.\d+ = 15\.00", printed(notebook))
    assert len(shown(notebook, "image/png")) == 1
    bars = [output.text for cell in notebook.cells for output in cell.get("outputs", []) if "text" in output]
    percents = re.findall(r"(\d+)%\|", "".join(bars))
    assert percents[0] == "0"
    assert percents[-1] == "100"
    assert len(set(percents)) > 3  # it was watched, not only looked at in the end


def challenge(notebook: NotebookNode) -> None:
    said = printed(notebook)
    assert "radius 0\n" in said
    assert "its radius is 0" in text(notebook)
    proved = re.search(r"^proved (\d+)$", said, re.MULTILINE)
    assert proved is not None
    assert int(proved[1]) > 100_000
    assert re.findall(r" (right|wrong)$", said, re.MULTILINE) == ["right", "right", "wrong"]


def sweep(notebook: NotebookNode) -> None:
    runs, radius = shown(notebook, "text/plain")[:2]
    assert "[48 rows x 6 columns]" in runs or len(runs.splitlines()) == 49
    worst = {int(row[0]): list(map(float, row[1:])) for row in map(str.split, radius.splitlines()[2:])}
    assert {width: max(found) > 0 for width, found in worst.items()} == {1: False, 2: False, 3: True, 4: True}
    assert worst[3][-1] == 0
    assert len(shown(notebook, "image/png")) == 1


def in_process(notebook: NotebookNode) -> None:
    said = printed(notebook)
    assert "succeeded with loss" in said
    assert "3.4505 * 4.3472" in said
    assert "101 losses recorded" in said
    assert "tensor(3.4505, requires_grad=True)\ntensor(4.3472, requires_grad=True)" in said


def judge_programs(notebook: NotebookNode) -> None:
    verdicts, of_a_folder = shown(notebook, "text/html")
    rows = re.findall(r"<th>(\w+)</th>\s+<td>(\w+)</td>\s+<td>(.+?)</td>", verdicts)
    assert [row[:2] for row in rows] == [
        ("Ada", "True"),
        ("Ben", "False"),
        ("Chen", "False"),
        ("Dora", "False"),
    ]
    assert "no Reset stood between" in rows[1][2]
    assert "no Backprop" in rows[2][2]
    assert "1 of 4 passed" in printed(notebook)
    assert re.findall(r"<th>(\w+)</th>\s+<td>", of_a_folder) == ["Eve"]


FROM_A_FOLDER = 'Path("programs").mkdir()\nPath("programs/Eve.py").write_text(programs["Ben"])'
GIVES: dict[str, Callable[[NotebookNode], None]] = {
    "01_first_call.ipynb": first_call,
    "02_live_curve.ipynb": live_curve,
    "03_challenge.ipynb": challenge,
    "04_sweep.ipynb": sweep,
    "05_in_process.ipynb": in_process,
    "06_judge_programs.ipynb": judge_programs,
}


@pytest.mark.parametrize("name", NAMES)
def test_it_gives_what_it_says(name: str, app: RunningApp, tmp_path: Path) -> None:
    notebook = read(name)
    (line,) = [cell for cell in notebook.cells if cell.source.startswith("LAB = ")]
    if "http" in line.source:
        line.source = f'LAB = "{app.address}"'
    else:
        line.source = f'LAB = "{ROOT}"'
    if name == "06_judge_programs.ipynb":
        judged = [
            cell.source for cell in notebook.cells if "programs" in cell.source and cell.cell_type == "code"
        ]
        notebook.cells += [new_code_cell(source) for source in (FROM_A_FOLDER, *judged)]
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(tmp_path)}}).execute()
    GIVES[name](notebook)


@pytest.mark.parametrize("name", NAMES)
def test_it_is_kept_as_it_is_before_it_is_run(name: str) -> None:
    notebook = read(name)
    nbformat.validate(notebook)
    assert notebook.metadata == METADATA
    for cell in notebook.cells:
        assert cell.metadata == {}
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None


@pytest.mark.parametrize("name", NAMES)
def test_one_line_says_where_the_lab_is(name: str) -> None:
    lines = "\n".join(code(read(name))).splitlines()
    assert len([line for line in lines if re.match(r"LAB\b", line)]) == 1
    assert not [
        line
        for line in lines
        if re.search(r"https?://|127\.0|localhost", line) and not re.match(r"LAB = ", line)
    ]


def packages(notebook: NotebookNode) -> set[str]:
    """Those that it installs where they are missing."""
    (cell,) = [source for source in code(notebook) if "%pip" in source]
    return {
        name for found in re.findall(r"packages \+?= (\[.*?\])", cell) for name in ast.literal_eval(found)
    }


def imported(source: str) -> set[str]:
    """The packages that a program imports and Python does not have."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found - set(sys.stdlib_module_names) - {"IPython", "service"}


@pytest.mark.parametrize("name", NAMES)
def test_it_installs_what_it_imports_where_that_is_missing(name: str) -> None:
    notebook = read(name)
    runnable = [source for source in code(notebook) if not re.search(r"^\s*[%!]", source, re.MULTILINE)]
    assert imported("\n".join(runnable)) <= packages(notebook)


def test_what_the_service_needs_is_installed_for_it() -> None:
    needed = {name for path in (ROOT / "service").rglob("*.py") for name in imported(path.read_text("utf-8"))}
    # pydantic and numba bring theirs; a cluster is for who has one; programs run without matplotlib's pictures;
    # and the command, and what logs runs, are not used there.
    needed -= {"datasets", "pydantic_core", "llvmlite", "distributed", "cloudpickle", "matplotlib"}
    needed -= {"typer", "rich", "mlflow", "trackio"}
    assert packages(read("05_in_process.ipynb")) == needed


def test_every_notebook_is_tested_and_listed() -> None:
    listed = re.findall(r"\]\((.+\.ipynb)\)", (FOLDER / "README.md").read_text(encoding="utf-8"))
    assert sorted(GIVES) == listed == NAMES
