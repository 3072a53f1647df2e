"""The README: its front matter parses, its programs run, its pictures and commands exist."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.conftest import ROOT, RunningApp

README = (ROOT / "README.md").read_text(encoding="utf-8")
NOTEBOOK, PROGRAM = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


def run(program: str, folder: Path) -> list[str]:
    """What the program prints, run by a fresh interpreter."""
    path = folder / "program.py"
    path.write_text(program, encoding="utf-8")
    result = subprocess.run(
        [sys.executable, path],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout.splitlines()


def test_the_front_matter_is_what_a_space_needs() -> None:
    matter = yaml.safe_load(README.split("---\n")[1])
    pinned = re.search(
        r"^gradio\[mcp\]==(\S+)$", (ROOT / "requirements.txt").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert pinned is not None
    assert matter["sdk"] == "gradio"
    assert matter["sdk_version"] == pinned[1]
    assert matter["python_version"] == "3.11"
    assert (ROOT / matter["app_file"]).is_file()
    assert len(matter["short_description"]) <= 60
    assert (ROOT / matter["thumbnail"]).is_file()
    assert "pytorch" in matter["tags"]


def test_the_notebook_snippet_does_what_it_says(app: RunningApp, tmp_path: Path) -> None:
    program = NOTEBOOK.replace("http://127.0.0.1:7860", app.address)
    *_, status, proved, rounded = run(program, tmp_path)
    assert status == "succeeded"
    assert f"# {proved}" in NOTEBOOK
    assert rounded == "[[1, 2, 3, 4, 5], [100, -50, 25, 26, 27]]"
    assert f"# {rounded}" in NOTEBOOK


def test_the_service_snippet_does_what_it_says(tmp_path: Path) -> None:
    status, parameters = run(PROGRAM, tmp_path)
    assert status == "succeeded"
    assert parameters.startswith("{'var_1': 3.450")


@pytest.mark.parametrize("target", re.findall(r"`?make (\w+)", README))
def test_every_command_is_there(target: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(rf"^{target}:", makefile, re.MULTILINE)


@pytest.mark.parametrize("path", re.findall(r"\]\((?!http)([^)]+)\)", README))
def test_every_link_leads_somewhere(path: str) -> None:
    assert (ROOT / path).is_file()
