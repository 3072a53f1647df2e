"""The database file: its migrations, and its one owner."""

import subprocess
import sys
from pathlib import Path

import pytest

from service.database import MIGRATIONS, Database
from service.errors import InvalidInput


def test_a_second_process_is_told_who_has_it(tmp_path: Path) -> None:
    owner = Database(tmp_path / "deep" / "lab.sqlite")
    program = "import sys; from pathlib import Path; from service.database import Database; Database(Path(sys.argv[1]))"
    path = tmp_path / "deep" / "lab.sqlite"
    second = subprocess.run(
        [sys.executable, "-c", program, path], capture_output=True, text=True, check=False
    )
    assert second.returncode != 0
    assert f"Another Backprop Lab is using {path.parent}; stop it, or set LAB_DATA" in second.stderr
    owner.close()


def test_migrations_have_names_and_run_once(tmp_path: Path) -> None:
    names = [migration.__name__ for migration in MIGRATIONS]
    assert len(set(names)) == len(names)
    Database(tmp_path / "deep" / "lab.sqlite").close()
    Database(tmp_path / "deep" / "lab.sqlite").close()


def test_a_folder_that_cannot_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(InvalidInput, match="LAB_DATA must be a folder that can be written to; got "):
        Database(tmp_path / "file" / "lab.sqlite")
