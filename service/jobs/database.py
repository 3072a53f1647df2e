"""The SQLite file (WAL) in which everything is kept, owned by one process."""

import logging
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import Any

from service.errors import (
    DataFolderBusy,
    DataFolderUnusable,
    InvalidInput,
    LabError,
    NotFound,
    ServiceClosed,
    StorageFailed,
)
from service.jobs.clock import LabClock, iso, wall_time
from service.jobs.migrations import MIGRATIONS
from service.logs import Alarm

logger = logging.getLogger(__name__)

CLOCK_NOTED_SECONDS = 60.0
"""Seconds after which the lab's time is noted again, with whatever is written next."""
MAX_WAL_BYTES = 16_000_000
"""What the write-ahead log is cut back to."""
FAULTS = {"FULL", "READONLY", "IOERR", "CORRUPT", "NOTADB", "CANTOPEN", "PERM", "BUSY", "LOCKED", "NOLFS"}
"""The errors of SQLite that are the folder's, and not ours."""
DAMAGE = (sqlite3.Error, UnicodeDecodeError)
"""What it raises; the second where it would quote what is damaged."""


class Database:
    """The database in the file `path`; its folder is made if missing. Any thread may use it."""

    def __init__(self, path: Path) -> None:
        """Open the database and bring it up to date.

        Raises DataFolderBusy if another process has it open, InvalidInput if nothing can be kept there, and
        DataFolderUnusable for what is no database of this lab's; that is not changed.
        """
        self._lock = threading.RLock()
        self._closed = False
        self._alarm = Alarm(logger)
        self.failing: str | None = None
        """Why nothing can be written at present."""
        self._db = _connected(path)
        try:
            # In exclusive mode SQLite keeps the file locked until close, and so keeps others out.
            self._db.execute("PRAGMA locking_mode = EXCLUSIVE")
            _check_ours(self._db, path)
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = NORMAL")
            self._db.execute("PRAGMA foreign_keys = ON")
            self._db.execute(f"PRAGMA journal_size_limit = {MAX_WAL_BYTES}")
            self._db.execute("BEGIN IMMEDIATE")
            _migrate(self._db)
            self._db.execute("COMMIT")
            self.clock = _kept_clock(self._db)
            """The time by which things grow old."""
        except DAMAGE as error:
            self._db.close()
            raise _opening_error(path, error) from error
        except BaseException:
            self._db.close()
            raise
        self._note_clock()

    def close(self) -> None:
        """Close the file; whatever is called afterwards raises ServiceClosed."""
        with self._lock:
            if not self._closed:
                self._note_clock()
            self._closed = True
            self._db.close()

    def _note_clock(self) -> None:
        self._noted = monotonic()
        with suppress(sqlite3.Error):  # if it cannot be noted, a little less time has passed
            noted = "INSERT OR REPLACE INTO clock (number, moment, wall) VALUES (1, ?, ?)"
            self._db.execute(noted, (self.clock.now(), now()))

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """What is done within is kept all together, or not at all. Raises StorageFailed."""
        with self._opened("write to"):
            before = self._db.total_changes
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
                written = self._db.total_changes > before
                if written and monotonic() - self._noted > CLOCK_NOTED_SECONDS:
                    self._note_clock()
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:  # on a full disk SQLite has rolled back already
                    self._db.execute("ROLLBACK")
                raise
            if written and self.failing is not None:
                self.failing = None
                self._alarm.over("The lab can write to its data folder again")

    @contextmanager
    def moment(self) -> Iterator[None]:
        """What is read within is of one moment, for nobody else writes. Raises StorageFailed."""
        with self._opened("read from"):
            yield

    def probe(self) -> None:
        """Write something that changes nothing, so that `failing` is of now. Raises StorageFailed."""
        with self.transaction() as db:
            db.execute("UPDATE clock SET number = number")

    def rows(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        """What a SELECT finds. Raises StorageFailed."""
        with self._opened("read from"):
            return self._db.execute(sql, values).fetchall()

    @contextmanager
    def _opened(self, doing: str) -> Iterator[None]:
        with self._lock:
            if self._closed:
                raise ServiceClosed
            try:
                yield
            except DAMAGE as error:
                if not _is_fault(error):
                    raise
                failed = StorageFailed(doing, error)
                self.failing = str(failed)
                self._alarm.warn(self.failing)
                raise failed from error

    def one(self, kind: str, sql: str, identifier: str) -> sqlite3.Row:
        """The row of the `kind` of thing with that id, "model" or "job". Raises NotFound."""
        found = self.rows(sql, identifier)
        if not found:
            known = {
                other: self.rows(f"SELECT 1 FROM {other}s WHERE id = ?", identifier)
                for other in ("model", "job")
            }
            raise NotFound(kind, identifier, next((other for other, rows in known.items() if rows), None))
        return found[0]


def now() -> str:
    """What the computer's clock shows, UTC, in ISO 8601."""
    return iso(wall_time())


def _connected(path: Path) -> sqlite3.Connection:
    refused = InvalidInput("LAB_DATA", str(path.parent), "a folder that can be written to")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            raise DataFolderUnusable(path, "is a folder, and no database")
        db = sqlite3.connect(path, timeout=1, check_same_thread=False, isolation_level=None)
    except (OSError, sqlite3.OperationalError):
        raise refused from None
    db.row_factory = sqlite3.Row
    # A damaged text is a wrong one, and no reason to give none of the others.
    db.text_factory = lambda text: text.decode(errors="replace")
    return db


def _is_fault(error: Exception) -> bool:
    return isinstance(error, UnicodeDecodeError) or _name(error).partition("_")[0] in FAULTS


def _name(error: Exception) -> str:
    return getattr(error, "sqlite_errorname", "").removeprefix("SQLITE_")


def _opening_error(path: Path, error: Exception) -> LabError:
    kind = _name(error).partition("_")[0]
    if kind in ("BUSY", "LOCKED"):
        return DataFolderBusy(path.parent)
    if kind in ("READONLY", "CANTOPEN", "PERM"):
        return InvalidInput("LAB_DATA", str(path.parent), "a folder that can be written to")
    if kind == "NOTADB":
        return DataFolderUnusable(path, "is no database")
    if kind in FAULTS - {"CORRUPT"}:
        return DataFolderUnusable(path, f"cannot be written to ({error})", "make room there")
    return DataFolderUnusable(path, f"is damaged ({error})", "put a copy of it in its place")


def _check_ours(db: sqlite3.Connection, path: Path) -> None:
    """Raise DataFolderUnusable for a database of another program, or of a later version of this one."""
    tables = {row["name"] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not tables:
        return
    known = [migration.__name__ for migration in MIGRATIONS]
    done: list[str] = []
    if "migrations" in tables:
        with suppress(sqlite3.OperationalError):  # a table of another program's has no such column
            done = [str(row["name"]) for row in db.execute("SELECT name FROM migrations")]
    if known[0] not in done:
        raise DataFolderUnusable(path, "is the database of another program")
    if later := [name for name in done if name not in known]:
        why = f"was kept by a later version of Backprop Lab, with changes unknown here ({', '.join(later)})"
        raise DataFolderUnusable(path, why, "run that version")


def _migrate(db: sqlite3.Connection) -> None:
    db.execute("CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY, applied TEXT)")
    done = {row["name"] for row in db.execute("SELECT name FROM migrations")}
    for migration in MIGRATIONS:
        if migration.__name__ not in done:
            migration(db)
            db.execute("INSERT INTO migrations VALUES (?, ?)", (migration.__name__, now()))


def _kept_clock(db: sqlite3.Connection) -> LabClock:
    try:
        ((moment, wall),) = db.execute("SELECT moment, wall FROM clock")
        return LabClock(datetime.fromisoformat(moment), datetime.fromisoformat(wall))
    except (ValueError, TypeError, OverflowError) as error:
        logger.warning("The lab's time begins anew, for what is kept of it is damaged: %s", error)
        return LabClock(wall_time(), wall_time())
