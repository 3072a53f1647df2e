"""Rows of the database as records; one that cannot be read is set aside, and the log names it, once."""

import json
import logging
import sqlite3
from collections.abc import Callable, Iterable
from typing import TypeVar

from service.engines import DEFAULT_ENGINE, ENGINES
from service.errors import LabError, Unreadable, one_of
from service.logs import short_id
from service.optimizers import OPTIMIZERS
from service.records import Job, Model, Point

logger = logging.getLogger(__name__)

Read = TypeVar("Read")


def model_of(row: sqlite3.Row) -> Model:
    """The model in a row of the table of models. Raises Unreadable."""
    try:
        fields = {name: row[name] for name in ("id", "owner", "task", "seed", "created", "step", "program")}
        return Model(**fields, options=json.loads(row["options"]))
    except (TypeError, ValueError, RecursionError) as error:
        raise Unreadable("model", str(row["id"])) from error


def job_of(row: sqlite3.Row) -> Job:
    """The job in a row of the table of jobs. Raises Unreadable, also for an engine that is not here."""
    try:
        # The first versions of the lab had one engine, and did not write down which.
        config = {"engine": DEFAULT_ENGINE, **json.loads(row["config"])}
        columns = set(row.keys())
        fields = {name: row[name] for name in Job.model_fields if name in columns}
        job = Job.model_validate({**fields, "config": config})
        one_of("engine", job.config.engine, ENGINES)
        one_of("optimizer", job.config.optimizer, OPTIMIZERS)
    except (LabError, TypeError, ValueError, RecursionError) as error:
        raise Unreadable("job", str(row["id"])) from error
    return job


def point_of(row: sqlite3.Row) -> Point:
    """The point in a row of the table of points. Raises Unreadable, for the job."""
    step, loss, held_out_loss = row["step"], row["loss"], row["held_out_loss"]
    if not (isinstance(step, int) and isinstance(loss, float) and isinstance(held_out_loss, float | None)):
        raise Unreadable("job", str(row["job_id"]))
    return Point(step, loss, held_out_loss)


class Readable:
    """What can be read of several rows; any thread may use it."""

    def __init__(self) -> None:
        self._named: set[str] = set()

    def of(self, rows: Iterable[sqlite3.Row], read: Callable[[sqlite3.Row], Read]) -> list[Read]:
        """What `read` makes of the rows, without those for which it raises Unreadable."""
        found: list[Read] = []
        for row in rows:
            try:
                found.append(read(row))
            except Unreadable as damage:
                self.name(damage)
        return found

    def name(self, damage: Unreadable) -> None:
        """Have the log name what cannot be read, unless it has."""
        if damage.identifier not in self._named:
            self._named.add(damage.identifier)
            cause = " ".join(str(damage.__cause__).split())
            kind, name = damage.kind.capitalize(), short_id(damage.identifier)
            logger.warning("%s %s is damaged, and set aside: %.200s", kind, name, cause)
