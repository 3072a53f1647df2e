"""Try a notebook with each version of gradio_client that is named, in an environment of its own.

`make clients` runs it; the environments are made once, in .venv-clients, from the package index.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.conftest import ROOT, running_app

FOLDER = ROOT / ".venv-clients"
VERSIONS = (ROOT / "requirements-clients.txt").read_text(encoding="utf-8").split()
"""Oldest first; the last is the one that is pinned."""


def python_with(version: str) -> Path:
    """An interpreter that has this gradio_client."""
    home = FOLDER / version
    python = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not (home / "complete").exists():
        subprocess.run([sys.executable, "-m", "venv", home], check=True)
        install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*install, f"gradio_client=={version}"], check=True)
        (home / "complete").touch()
    return python


def main() -> None:
    """Run the notebook with each. Fails with the first that it does not work with."""
    interpreters = [python_with(version) for version in VERSIONS]
    with tempfile.TemporaryDirectory() as folder, running_app(Path(folder)) as app:
        for python in interpreters:
            subprocess.run([python, Path(__file__).parent / "notebook.py", app.address], check=True)


if __name__ == "__main__":
    main()
