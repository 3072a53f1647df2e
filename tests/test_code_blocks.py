"""Every block of code in the documents is run, and prints what it says that it prints.

Python and shell are run here: `make` only tells what it would do, and what calls the lab calls a live one. Of Dask's
commands, which serve for ever, and of those for Docker and Windows, which are not here, it is tried that what they
name is there. What stands in a block without a language, or of text, is output.
"""

import os
import re
import shutil
import subprocess
import sys
from doctest import ELLIPSIS, OutputChecker
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.conftest import ROOT, RunningApp

DOCUMENTS = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")),
    *(ROOT / "docs").glob("*.md"),
]
OUTPUT = ("", "text", "console")
RUN_ELSEWHERE = {
    ("docs/adding.md", "diff"): "tests/test_docs.py",
    ("docs/gradio.md", "python"): "tests/test_gradio_faults.py",
}
"""By document and language: the test that runs its blocks."""
LIVE = "http://127.0.0.1:7860"
"""What stands in the documents for the lab's address."""
ONLY_TOLD = """
set -euo pipefail
make() { command make --dry-run "$@"; }
dask() { "$(dirname "$PYTHON")/dask" "$1" --help; }
docker() { test -f Dockerfile; echo docker "$@"; }
"""


class Block(NamedTuple):
    """A block of code as it stands in a document."""

    document: str
    line: int
    language: str
    code: str


def blocks_of(document: str, text: str) -> list[Block]:
    """All blocks between fences, of whatever language."""
    found = re.finditer(r"^( *)```([^\n]*)\n(.*?)^\1```$", text, re.MULTILINE | re.DOTALL)
    return [
        Block(document, text.count("\n", 0, each.start()) + 1, each[2].strip(), each[3]) for each in found
    ]


TEXTS = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in DOCUMENTS}
BLOCKS = [block for document, text in TEXTS.items() for block in blocks_of(document, text)]
CODE = [block for block in BLOCKS if block.language not in OUTPUT]
WINDOWS = [block for block in CODE if block.language == "powershell"]
HERE = [
    block for block in CODE if (block.document, block.language) not in RUN_ELSEWHERE and block not in WINDOWS
]


def ids(block: Block) -> str:
    return f"{block.document}:{block.line}"


@pytest.mark.parametrize("block", HERE, ids=ids)
def test_it_runs_and_prints_what_it_says(
    block: Block, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    code = block.code
    if LIVE in code and (block.language == "python" or "curl" in code):
        app: RunningApp = request.getfixturevalue("app")
        code = code.replace(LIVE, app.address.rstrip("/"))
    program = tmp_path / "program.py"
    program.write_text(code, encoding="utf-8")
    commands = {"python": [sys.executable, str(program)], "bash": ["bash", "-c", ONLY_TOLD + code]}
    assert block.language in commands, f"nothing runs {block.language}: {ids(block)}"
    # A program is run where nothing lies about; commands are given where the project is.
    ran = subprocess.run(
        commands[block.language],
        cwd=ROOT if block.language == "bash" else tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHON": sys.executable},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert ran.returncode == 0, ran.stderr
    promised = re.findall(r"^ *print\(.*\)  # (.+)$", code, re.MULTILINE)
    if block.language == "python":
        expected = "".join(f"{line}\n" for line in promised)
        assert OutputChecker().check_output(expected, ran.stdout, ELLIPSIS), ran.stdout
    assert ran.stdout


@pytest.mark.parametrize("block", WINDOWS, ids=ids)
def test_what_windows_is_told_names_files_that_are_there(block: Block) -> None:
    named = re.findall(r"[\w-]+\.(?:py|txt)\b", block.code)
    assert named
    assert all((ROOT / name).is_file() for name in named)


@pytest.mark.parametrize(("place", "test"), RUN_ELSEWHERE.items())
def test_what_is_run_elsewhere_is_there_and_is_run_there(place: tuple[str, str], test: str) -> None:
    document, language = place
    assert [block for block in CODE if (block.document, block.language) == place]
    source = (ROOT / test).read_text(encoding="utf-8")
    assert Path(document).name in source
    assert f"```{language}" in source


def test_a_call_from_a_shell_gets_its_answer(app: RunningApp) -> None:
    (code,) = [each.code for each in BLOCKS if each.document == "README.md" and "curl" in each.code]
    code = code.replace(LIVE, app.address.rstrip("/"))
    told = subprocess.run(["bash", "-c", code], capture_output=True, text=True, check=True).stdout
    assert told.startswith("event: complete\n")
    assert '"task": "challenge"' in told


def test_code_stands_between_fences_only() -> None:
    """An indented block would be of no language, and run by nothing."""
    found = {
        document: outside
        for document, text in TEXTS.items()
        if (outside := re.findall(r"\n\n((?: {4}|\t)\S.*)", re.sub(r"```.*?```", "", text, flags=re.DOTALL)))
    }
    assert not found


@pytest.mark.parametrize("document", TEXTS)
def test_every_command_that_is_named_is_there(document: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = set(re.findall(r"`(?:[A-Z_]+=\S+ )*make ([\w-]+)", TEXTS[document]))
    assert not {target for target in named if not re.search(rf"^{target}:", makefile, re.MULTILINE)}


def test_the_tools_that_run_them_are_here() -> None:
    assert all(map(shutil.which, ("bash", "curl", "make")))
