"""The database file: its migrations, and its one owner."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from service.errors import InvalidInput
from service.jobs.database import Database, now
from service.jobs.migrations import MIGRATIONS
from service.jobs.store import Store


def test_a_second_process_is_told_who_has_it(tmp_path: Path) -> None:
    owner = Database(tmp_path / "deep" / "lab.sqlite")
    program = "import sys; from pathlib import Path; from service.jobs.database import Database; Database(Path(sys.argv[1]))"
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


def test_a_database_of_an_earlier_version_is_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "lab.sqlite"
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("CREATE TABLE migrations (name TEXT PRIMARY KEY, applied TEXT)")
        for migration in MIGRATIONS[:2]:
            migration(db)
            db.execute("INSERT INTO migrations VALUES (?, ?)", (migration.__name__, now()))
        db.execute("INSERT INTO models VALUES ('m', '', 'product', '{}', 0, '', 10, x'00', x'00')")
        db.execute(
            """INSERT INTO jobs (id, model_id, config, status, start_step, target_step, step, created)
            VALUES ('a', 'm', '{"learning_rate": 0.1, "steps": 10}', 'succeeded', 0, 10, 10, '')"""
        )
        db.execute("INSERT INTO points VALUES ('a', 1, 10, 2.5)")
    with closing(Database(path)) as database:
        store = Store(database)
        assert store.history("m").model_dump() == {"step": [10], "loss": [2.5], "held_out_loss": None}
        assert store.job("a").config.held_out == 0


def test_a_data_set_of_an_earlier_version_is_there_without_the_name_of_its_file(tmp_path: Path) -> None:
    path, name = tmp_path / "lab.sqlite", "upload-" + "0" * 32
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("CREATE TABLE migrations (name TEXT PRIMARY KEY, applied TEXT)")
        for migration in MIGRATIONS[:5]:
            migration(db)
            db.execute("INSERT INTO migrations VALUES (?, ?)", (migration.__name__, now()))
        db.execute("INSERT INTO datasets VALUES (?, x'07', ?)", (name, now()))
    with closing(Database(path)) as database:
        store = Store(database)
        assert (store.dataset(name), store.dataset_title(name)) == (b"\x07", name)
        store.add_dataset(name, b"\x07", "mine.csv")
        assert store.dataset_title(name) == "mine.csv (upload-00000000…)"
