"""The SQLite file (WAL) in which everything is kept, owned by one process."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from service.errors import DataFolderBusy, InvalidInput, NotFound, ServiceClosed
from service.jobs.migrations import MIGRATIONS


class Database:
    """The database in the file `path`; its folder is made if missing. Any thread may use it."""

    def __init__(self, path: Path) -> None:
        """Open the database and bring it up to date.

        Raises DataFolderBusy if another process has it open, InvalidInput if nothing can be kept there.
        """
        self._lock = threading.RLock()
        self._closed = False
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(path, timeout=1, check_same_thread=False, isolation_level=None)
        except (OSError, sqlite3.OperationalError):
            raise InvalidInput("LAB_DATA", str(path.parent), "a folder that can be written to") from None
        self._db.row_factory = sqlite3.Row
        try:
            # In exclusive mode SQLite keeps the file locked until close, and so keeps others out.
            self._db.execute("PRAGMA locking_mode = EXCLUSIVE")
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = NORMAL")
            self._db.execute("PRAGMA foreign_keys = ON")
            self._migrate()
        except sqlite3.OperationalError as error:
            self._db.close()
            if error.sqlite_errorname not in ("SQLITE_BUSY", "SQLITE_LOCKED"):
                raise
            raise DataFolderBusy(path.parent) from None

    def close(self) -> None:
        """Close the file; whatever is called afterwards raises ServiceClosed."""
        with self._lock:
            self._closed = True
            self._db.close()

    def _migrate(self) -> None:
        with self.transaction() as db:
            db.execute("CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY, applied TEXT)")
            done = {row["name"] for row in db.execute("SELECT name FROM migrations")}
            for migration in MIGRATIONS:
                if migration.__name__ not in done:
                    migration(db)
                    db.execute("INSERT INTO migrations VALUES (?, ?)", (migration.__name__, now()))

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """What is done within is kept all together, or not at all."""
        with self._opened():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:  # on a full disk SQLite has rolled back already
                    self._db.execute("ROLLBACK")
                raise

    def rows(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        """What a SELECT finds."""
        with self._opened():
            return self._db.execute(sql, values).fetchall()

    @contextmanager
    def _opened(self) -> Iterator[None]:
        with self._lock:
            if self._closed:
                raise ServiceClosed
            yield

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
    """The present moment, UTC, in ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="microseconds")
