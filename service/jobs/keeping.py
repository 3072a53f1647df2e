"""How long models are kept: until nobody has used them for long, or their room is needed.

What goes is condemned first, and is then found no more; its rows are deleted in portions, so that nobody
waits long for the database. SQLite uses their pages again; the file does not shrink.
"""

import sqlite3
from collections.abc import Iterable
from contextlib import suppress
from time import perf_counter

from service.errors import NotFound, StorageFailed
from service.jobs.database import Database
from service.limits import Limits

SECONDS_OF_A_DAY = 86_400
USE_NOTED_SECONDS = 1_800.0
"""Seconds for which a use stands for all that follow, lest every reader writes."""
RECENT_SECONDS = 3_600.0
"""A model that was used so many seconds ago makes no room for others."""
PORTION_SECONDS = 0.02
PORTION_MODELS = 100
PORTION_JOBS = 20
"""What is looked at or deleted at a time; that takes about so many seconds, which all others wait."""
CONDEMNED = ""
"""When a model was used that is to be deleted: before all others."""
_STAYS = """EXISTS (SELECT 1 FROM runs WHERE runs.model_id = uses.model_id AND removed IS NULL
    AND (pinned OR name != '')) OR EXISTS (SELECT 1 FROM jobs
    WHERE jobs.model_id = uses.model_id AND status IN ('queued', 'running'))"""


class Keeping:
    """When models were used, and which of them go. Any thread may use it."""

    def __init__(self, database: Database, limits: Limits) -> None:
        self._database = database
        self.lifetime_seconds = limits.model_days * SECONDS_OF_A_DAY
        self._noted_seconds = min(USE_NOTED_SECONDS, self.lifetime_seconds / 10)

    def note_use(self, model_id: str) -> None:
        """Remember that somebody uses the model. Raises NotFound for one that is about to go."""
        clock = self._database.clock
        for row in self._database.rows("SELECT used FROM uses WHERE model_id = ?", model_id):
            if row["used"] == CONDEMNED:
                raise NotFound("model", model_id)
            if row["used"] < clock.now(self._noted_seconds):
                used = "UPDATE uses SET used = ? WHERE model_id = ?"
                with suppress(StorageFailed), self._database.transaction() as db:  # reading goes on
                    db.execute(used, (clock.now(), model_id))

    def clean(self) -> bool:
        """Delete a portion of what nobody has used for long; whether there is more of it."""
        with self._database.transaction() as db:
            if not self._delete(db):
                return True
        with self._database.transaction() as db:
            return self._condemn(db, self.lifetime_seconds) > 0

    def condemn_unless_run(self, db: sqlite3.Connection, model_ids: Iterable[str]) -> None:
        """Have models deleted soon, but for those that are runs of a workspace."""
        db.executemany(
            """UPDATE uses SET used = '' WHERE model_id = ?1
            AND NOT EXISTS (SELECT 1 FROM runs WHERE model_id = ?1)""",
            [(each,) for each in model_ids],
        )

    def make_room(self, db: sqlite3.Connection, owners: tuple[str, ...] = ()) -> None:
        """Delete a portion of the models that were unused longest, but of none that is recent.

        `owners` (see `owners_at`) has only theirs deleted.
        """
        end = perf_counter() + PORTION_SECONDS
        while perf_counter() < end:
            looked_at = self._condemn(db, min(RECENT_SECONDS, self.lifetime_seconds), owners)
            if db.execute("SELECT 1 FROM uses WHERE used = '' LIMIT 1").fetchone():
                self._delete(db)
                return
            if not looked_at:
                return

    def _condemn(self, db: sqlite3.Connection, unused_seconds: float, owners: tuple[str, ...] = ()) -> int:
        """Condemn of the models unused longest those that may go; how many were looked at."""
        clock = self._database.clock
        belongs = (
            "AND model_id IN (SELECT id FROM models WHERE owner = ? OR (owner >= ? AND owner < ?))"
            if owners
            else ""
        )
        found = db.execute(
            f"""SELECT model_id, ({_STAYS}) AS stays FROM uses WHERE used > '' AND used < ? {belongs}
            ORDER BY used LIMIT {PORTION_MODELS}""",
            (clock.now(unused_seconds), *owners),
        ).fetchall()
        # What stays counts as used: so that it is not looked at again and again.
        moments = [(clock.now() if row["stays"] else CONDEMNED, row["model_id"]) for row in found]
        db.executemany("UPDATE uses SET used = ? WHERE model_id = ?", moments)
        return len(found)

    def _delete(self, db: sqlite3.Connection) -> bool:
        """Delete a portion of what is condemned; whether that was all."""
        end = perf_counter() + PORTION_SECONDS
        condemned = "SELECT model_id FROM uses WHERE used = '' LIMIT 1"
        some = "DELETE FROM jobs WHERE number IN (SELECT number FROM jobs WHERE model_id = ? LIMIT ?)"
        while row := db.execute(condemned).fetchone():
            if perf_counter() > end:
                return False
            if db.execute(some, (row["model_id"], PORTION_JOBS)).rowcount < PORTION_JOBS:
                db.execute("DELETE FROM models WHERE id = ?", (row["model_id"],))
        return True


def owners_at(owner: str) -> tuple[str, str, str]:
    """The address of an owner, and the ends of what all owners there are called that have more to them."""
    address = owner.partition("/")[0]
    return address, f"{address}/", f"{address}0"  # "0" comes next to "/"
