"""Programs of the page, run as a reader would run them: in an interpreter of their own."""

import subprocess
import sys
from pathlib import Path


def printed_by(program: str, folder: Path) -> str:
    """What the program prints; it finds nothing of this project."""
    path = folder / "program.py"
    path.write_text(program, encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-I", str(path)], cwd=folder, capture_output=True, text=True, check=True, timeout=60
    )
    return run.stdout.strip()
