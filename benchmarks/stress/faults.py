"""A disk that is full, and data folders that cannot be used."""

import asyncio
import logging
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.stress.rows import Row
from benchmarks.stress.server import ROOT
from service import StorageFailed, TrainingService


async def run(scale: float = 1.0) -> list[Row]:
    """A minute of a full disk with jobs at work, and each start-up fault."""
    return await asyncio.to_thread(lambda: [_full(60 * scale), _starts()])


def _full(seconds: float) -> Row:
    lines = _Lines()
    logging.getLogger().addHandler(lines)
    with TemporaryDirectory() as folder, TrainingService(Path(folder), workers=2) as lab:
        models = [lab.create_model("memorize").id for _ in range(4)]
        jobs = [lab.submit(each, steps=10_000_000, engine="autograd").id for each in models]
        while any(lab.job(job).step == 0 for job in jobs):
            time.sleep(0.1)
        lines.texts.clear()
        lab._database.rows("PRAGMA max_page_count = 1")
        time.sleep(seconds)
        begin = time.monotonic()
        status = lab.cancel(jobs[0]).status
        cancelled = time.monotonic() - begin
        refused = ""
        try:
            lab.create_model("product")
        except StorageFailed as error:
            refused = str(error)
        told, tracebacks = len(lines.texts), sum("Traceback" in each for each in lines.texts)
        lab._database.rows("PRAGMA max_page_count = 1000000")
        for job in jobs[1:]:
            lab.cancel(job)
    logging.getLogger().removeHandler(lines)
    return Row(
        f"the disk is full for {seconds:.0f} s, 4 jobs at work",
        f"{told} lines of log, {tracebacks} tracebacks; cancel: '{status}' in {cancelled:.2f} s; a new "
        f"model: '{refused}'",
        "about a line a minute, cancel answers",
        told <= 2 + seconds / 30 and not tracebacks and cancelled < 2 and bool(refused),
    )


class _Lines(logging.Handler):
    """What was logged."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.texts: list[str] = []
        self.setFormatter(logging.Formatter())

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(self.format(record))


def _starts() -> Row:
    said = {name: _start(make) for name, make in FAULTS.items()}
    wrong = [f"{name}: {text}" for name, (code, text) in said.items() if code != 1 or text.count("\n") > 1]
    return Row(
        f"starts with {', '.join(FAULTS)}",
        "; ".join(wrong) or "each one sentence, status 1",
        "one sentence each",
        not wrong,
    )


def _start(make: Callable[[Path], object]) -> tuple[int, str]:
    """Start the lab on a folder that was prepared; its status, and what it said."""
    with TemporaryDirectory() as parent:
        folder = Path(parent) / "lab"
        make(folder)
        env = {**os.environ, "LAB_DATA": str(folder), "PORT": "7999"}
        done = subprocess.run(
            [sys.executable, "app.py"], cwd=ROOT, env=env, capture_output=True, text=True, timeout=300
        )
    return done.returncode, done.stdout + done.stderr


def _file(folder: Path) -> Path:
    folder.mkdir()
    return folder / "lab.sqlite"


def _kept(folder: Path) -> Path:
    """The database of a lab that was here before."""
    with TrainingService(folder) as lab:
        for _ in range(50):
            lab.create_model("product")
    return folder / "lab.sqlite"


def _changed(folder: Path, sql: str) -> None:
    with sqlite3.connect(_kept(folder)) as db:
        db.execute(sql)


FAULTS: dict[str, Callable[[Path], object]] = {
    "a text in the database's place": lambda folder: _file(folder).write_text("no database " * 500),
    "a truncated database": lambda folder: os.truncate(_kept(folder), 9000),
    "another program's database": lambda folder: sqlite3.connect(_file(folder)).execute("CREATE TABLE t (a)"),
    "a newer database": lambda folder: _changed(folder, "INSERT INTO migrations VALUES ('_later', '')"),
    "a file in the folder's place": lambda folder: folder.write_text(""),
    "a folder in the database's place": lambda folder: _file(folder).mkdir(),
}
