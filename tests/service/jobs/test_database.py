"""The database file: its migrations, and its one owner."""

import logging
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service import InlineExecutor, TrainingService
from service.errors import DataFolderUnusable, InvalidInput, LabError, StorageFailed
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


def kept(path: Path) -> bytes:
    """Make a database with a trained model in it, and give the bytes of its file."""
    with TrainingService(path.parent, workers=1, make_executor=InlineExecutor) as lab:
        lab.train(lab.create_model("memorize").id, steps=20)
    return path.read_bytes()


def foreign(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE migrations (id INTEGER, title TEXT)")
        db.commit()


def later(path: Path) -> None:
    Database(path).close()
    with closing(sqlite3.connect(path)) as db:
        db.execute("INSERT INTO migrations VALUES ('_colors', '')")
        db.commit()


UNUSABLE: dict[str, tuple[Callable[[Path], object], str]] = {
    "text": (lambda path: path.write_text("Dear diary, " * 1000), "is no database; move it away"),
    "folder": (lambda path: path.mkdir(), "is a folder, and no database; move it away"),
    "truncated": (lambda path: path.write_bytes(kept(path)[:10_000]), r"is damaged \(.*\); put a copy"),
    "foreign": (foreign, "is the database of another program; move it away"),
    "later": (later, r"was kept by a later version of Backprop Lab, .*\(_colors\); run that version"),
}


@pytest.mark.parametrize("fault", UNUSABLE)
def test_what_is_no_database_of_this_lab_is_named_and_left_as_it_is(tmp_path: Path, fault: str) -> None:
    path = tmp_path / "lab.sqlite"
    make, sentence = UNUSABLE[fault]
    make(path)
    before = {each: each.is_file() and each.read_bytes() for each in tmp_path.iterdir()}
    with pytest.raises(DataFolderUnusable, match=sentence) as refused:
        Database(path)
    assert str(refused.value).startswith(str(path))
    assert str(refused.value).endswith(", or set LAB_DATA to another folder.")
    assert {each: each.is_file() and each.read_bytes() for each in tmp_path.iterdir()} == before


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return kept(tmp_path_factory.mktemp("sound") / "lab.sqlite")


@settings(max_examples=40)
@given(data=st.data())
def test_whatever_became_of_the_file_all_that_is_raised_is_a_sentence(
    sound: bytes, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("damaged") / "lab.sqlite"
    begin = data.draw(st.integers(0, len(sound) - 1))
    noise = data.draw(st.binary(max_size=4000)) if data.draw(st.booleans()) else None
    path.write_bytes(sound[:begin] if noise is None else sound[:begin] + noise + sound[begin + len(noise) :])
    try:
        with closing(Database(path)) as database:
            store = Store(database)
            store.active_jobs()
            for row in database.rows("SELECT id FROM models"):
                store.snapshot(row["id"])
    except LabError as refused:
        assert "\n" not in str(refused)


WRITE = "INSERT INTO datasets (id, content, created) VALUES (?, zeroblob(100000), '')"


def write(database: Database, name: str) -> None:
    with database.transaction() as db:
        db.execute(WRITE, (name,))


@pytest.mark.parametrize(
    ("fault", "mended", "reason"),
    [
        ("PRAGMA max_page_count = 1", "PRAGMA max_page_count = 1000000", "database or disk is full"),
        ("PRAGMA query_only = 1", "PRAGMA query_only = 0", "attempt to write a readonly database"),
    ],
)
def test_what_cannot_be_written_is_said_once_a_minute_until_it_can(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, fault: str, mended: str, reason: str
) -> None:
    sentence = f"The lab cannot write to its data folder at present ({reason}); try again in 60 s."
    with closing(Database(tmp_path / "lab.sqlite")) as database, caplog.at_level(logging.INFO):
        database.rows(fault)
        for each in range(100):
            with pytest.raises(StorageFailed) as failed:
                write(database, str(each))
            assert str(failed.value) == database.failing == sentence
        assert database.rows("SELECT * FROM datasets") == []
        with database.moment():
            assert database.failing
        database.rows(mended)
        write(database, "x")
        assert database.failing is None
        assert len(database.rows("SELECT * FROM datasets")) == 1
    assert [record.getMessage() for record in caplog.records] == [
        sentence,
        "The lab can write to its data folder again",
    ]
    assert not any(record.exc_info for record in caplog.records)


def test_the_write_ahead_log_is_cut_back(tmp_path: Path) -> None:
    with closing(Database(tmp_path / "lab.sqlite")) as database:
        for each in range(300):
            write(database, str(each))
        assert (tmp_path / "lab.sqlite-wal").stat().st_size <= 16_000_000
