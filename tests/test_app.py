"""`python app.py`: what keeps it from starting is said in one sentence."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import ROOT

FAULTS: dict[str, tuple[Callable[[Path], object], dict[str, str], str]] = {
    "text": (lambda folder: (folder / "lab.sqlite").write_text("Dear diary, " * 1000), {}, "is no database"),
    "file": (lambda folder: folder.rmdir() or folder.write_text(""), {}, "LAB_DATA must be a folder"),
    "setting": (lambda folder: None, {"LAB_WORKERS": "many"}, "LAB_WORKERS must be a whole number"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_keeps_it_from_starting_is_one_sentence(tmp_path: Path, fault: str) -> None:
    make, variables, sentence = FAULTS[fault]
    folder = tmp_path / "data"
    folder.mkdir()
    make(folder)
    env = {**os.environ, "LAB_DATA": str(folder), **variables}
    app = subprocess.run(
        [sys.executable, "app.py"], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    assert app.returncode == 1
    assert sentence in app.stderr
    assert app.stderr.count("\n") == 1
    assert app.stdout == ""


def test_it_can_be_stopped_while_it_starts(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "app.py"],
        cwd=ROOT,
        env={**os.environ, "LAB_DATA": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as app:
        while not (tmp_path / "lab.sqlite").exists():
            assert app.poll() is None
            time.sleep(0.01)
        app.terminate()
        printed, logged = app.communicate(timeout=60)
    assert (app.returncode, printed, logged) == (0, "", "")


def test_importing_it_starts_nothing_and_another_python_is_refused_in_a_sentence(tmp_path: Path) -> None:
    program = (
        "import sys, runpy, app; print(app.demo, 'gradio' in sys.modules)\n"
        "sys.version_info = (3, 10, 13)\nrunpy.run_path('app.py', run_name='__main__')"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ran.stdout == "None False\n"
    assert ran.stderr == "Backprop Lab needs a Python from 3.11 to 3.14; this one is 3.10.\n"
