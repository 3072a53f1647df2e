"""How much may be added: what is here is counted, room is made where that may be, and then it is refused."""

import logging
import sqlite3
from typing import NamedTuple

from service.errors import LimitReached
from service.jobs.database import Database
from service.jobs.keeping import RECENT_SECONDS, Keeping, owners_at
from service.limits import Limits
from service.logs import Alarm

logger = logging.getLogger(__name__)

JOB_RETRY_SECONDS = 30
ROOM_RETRY_SECONDS = 600
"""Seconds after which a job may have ended, and after which something may have been unused for long."""
NEWCOMERS_SHARE = 0.9
"""The part of the database that new things may fill; the rest is for what becomes of those that are there."""
MAX_REMEMBERED_COUNTS = 10_000
_UNFINISHED = "SELECT COUNT(*) FROM jobs WHERE status IN ('queued', 'running')"
_OF_ADDRESS = "SELECT ({0} owner = ?) + ({0} owner >= ? AND owner < ?)"


class Bound(NamedTuple):
    """At most so many of something, as `sql` counts it."""

    name: str
    most: int
    reached: str
    """What is said if there are as many."""
    sql: str
    values: tuple[str, ...] = ()


class Bounds:
    """Asked in the transaction that adds something, after `make_room`."""

    def __init__(self, database: Database, keeping: Keeping, limits: Limits) -> None:
        self._database = database
        self._keeping = keeping
        self._limits = limits
        self._room: dict[str, int] = {}
        """What may be added for sure before it is counted again, for what is deleted only makes more room."""
        self._alarm = Alarm(logger)
        ((page_bytes,),) = database.rows("PRAGMA page_size")
        self._max_pages = limits.database_megabytes * 1_000_000 // int(page_bytes)
        database.rows(f"PRAGMA max_page_count = {self._max_pages}")

    def make_room(self, owner: str | None = None) -> None:
        """Delete some of what has been unused longest, if the database is full, or the owner's models are.

        A transaction of its own: what is deleted is so even if it was not enough.
        """
        with self._database.transaction() as db:
            for bound in () if owner is None else self._bounds_of_models(owner):
                if not self._has_room(db, bound, 1):
                    self._keeping.make_room(db, bound.values)
            if self._is_full(db):
                self._keeping.make_room(db)

    def add_job(self, db: sqlite3.Connection, owner: str) -> None:
        """Let the owner have one more job that has not ended. Raises LimitReached."""
        bounds = self._bounds_of_jobs(owner)
        self._check_jobs(db, bounds, 1)
        self._check_size(db)
        for bound in bounds:
            self._room[bound.name] -= 1

    def check_jobs(self, owner: str, count: int) -> None:
        """Raise LimitReached if the owner may not have so many more jobs at present."""
        with self._database.transaction() as db:
            self._check_jobs(db, self._bounds_of_jobs(owner), count)

    def add_model(self, db: sqlite3.Connection, owner: str) -> None:
        """Let the owner have one more model. Raises LimitReached."""
        bounds = self._bounds_of_models(owner)
        for bound in bounds:
            if not self._has_room(db, bound, 1):
                raise self._refusal(bound.reached, ROOM_RETRY_SECONDS)
        self._check_size(db)
        for bound in bounds:
            self._room[bound.name] -= 1

    def add_dataset(self, db: sqlite3.Connection, size: int) -> None:
        """Let there be one more data set of so many bytes. Raises LimitReached."""
        limits, most_bytes = self._limits, self._limits.datasets_megabytes * 1_000_000
        reached = f"this lab keeps {limits.datasets:,} data sets or {limits.datasets_megabytes:,} MB of them"
        recently = self._database.clock.now(RECENT_SECONDS)
        while True:
            held = "SELECT COUNT(*), COALESCE(SUM(LENGTH(content)), 0) FROM datasets"
            count, taken = db.execute(held).fetchone()
            if count < limits.datasets and taken + size <= most_bytes:
                break
            oldest = """DELETE FROM datasets WHERE id = (SELECT id FROM datasets WHERE created < ?
                AND id NOT IN (SELECT dataset FROM jobs WHERE dataset IS NOT NULL)
                ORDER BY created LIMIT 1)"""
            if not db.execute(oldest, (recently,)).rowcount:
                raise self._refusal(f"{reached}, and none of them may go yet", ROOM_RETRY_SECONDS)
        self._check_size(db)

    @property
    def queue_full(self) -> bool:
        """Whether nobody may have another job at present."""
        return self._database.rows(_UNFINISHED)[0][0] >= self._limits.jobs

    def _bounds_of_jobs(self, owner: str) -> list[Bound]:
        limits, (address, *_) = self._limits, owners_at(owner)
        unfinished = f"{_UNFINISHED} AND"
        told = "jobs {} have not ended, as many as may be at a time"
        return [
            Bound(
                f"jobs of {owner}",
                limits.jobs_per_owner,
                f"{limits.jobs_per_owner:,} {told.format('of yours')}",
                f"{unfinished} owner = ?",
                (owner,),
            ),
            Bound(
                f"jobs from {address}",
                limits.jobs_per_address,
                f"{limits.jobs_per_address:,} {told.format('from your address')}",
                _OF_ADDRESS.format(unfinished),
                owners_at(owner),
            ),
            Bound("jobs", limits.jobs, f"{limits.jobs:,} {told.format('of this lab')}", _UNFINISHED),
        ]

    def _bounds_of_models(self, owner: str) -> list[Bound]:
        limits, (address, *_) = self._limits, owners_at(owner)
        told = "as many as may be, and all of them are in use, pinned or named"
        count = "SELECT COUNT(*) FROM models"
        return [
            Bound(
                f"models from {address}",
                limits.models_per_address,
                f"{limits.models_per_address:,} models from your address are kept, {told}",
                _OF_ADDRESS.format(f"{count} WHERE"),
                owners_at(owner),
            ),
            Bound("models", limits.models, f"this lab keeps {limits.models:,} models, {told}", count),
        ]

    def _check_jobs(self, db: sqlite3.Connection, bounds: list[Bound], count: int) -> None:
        for bound in bounds:
            if not self._has_room(db, bound, count):
                asked = f", so that there is no room for {count:,} more" if count > 1 else ""
                raise self._refusal(bound.reached + asked, JOB_RETRY_SECONDS)

    def _has_room(self, db: sqlite3.Connection, bound: Bound, count: int) -> bool:
        if self._room.get(bound.name, 0) < count:
            if len(self._room) > MAX_REMEMBERED_COUNTS:
                self._room.clear()
            (here,) = db.execute(bound.sql, bound.values).fetchone()
            self._room[bound.name] = bound.most - here
        return self._room[bound.name] >= count

    def _check_size(self, db: sqlite3.Connection) -> None:
        if self._is_full(db):
            reached = f"this lab holds {self._limits.database_megabytes:,} MB, and nothing may go yet"
            raise self._refusal(reached, ROOM_RETRY_SECONDS)

    def _is_full(self, db: sqlite3.Connection) -> bool:
        (pages,) = db.execute("PRAGMA page_count").fetchone()
        (free,) = db.execute("PRAGMA freelist_count").fetchone()
        return pages - free > NEWCOMERS_SHARE * self._max_pages

    def _refusal(self, reached: str, retry_seconds: int) -> LimitReached:
        self._alarm.warn(f"Refused: {reached}")
        return LimitReached(reached, retry_seconds)
