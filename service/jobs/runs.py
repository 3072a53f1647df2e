"""The runs of a workspace: which models somebody has trained, what they are called, pinned or thrown away.

A workspace is known by its id alone, as a model is: whoever has it sees its runs, and nobody can list
workspaces. A model is a run of the workspace in which it was trained.
"""

import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import timedelta
from functools import partial
from time import perf_counter

from service.data.uploads import title
from service.errors import InvalidInput, NotFound, Unreadable
from service.jobs.database import Database
from service.jobs.rows import job_of, model_of
from service.jobs.store import Store
from service.records import History, Job, JobStatus, Model, Record
from service.tasks import TASKS, Task
from service.training.requests import identifier

MAX_RUNS = 500
"""A workspace keeps its newest runs, and all that are pinned."""
MAX_PINNED = 6
REMOVED_RUN_LIFETIME = timedelta(days=1)
"""How long a run that was thrown away can be had back."""
MAX_NAME_CHARACTERS = 60


class Run(Record):
    """A model with its trainings, as one line of a table."""

    model: Model
    jobs: list[Job]
    number: int
    """Counted within the workspace, from 1."""
    name: str
    pinned: bool
    sweep: str | None
    """The sweep it belongs to, if it does."""
    datasets: dict[str, str] = {}
    """What the sets that were added are called that it was trained on, by name."""

    @property
    def job(self) -> Job | None:
        """The last training."""
        return self.jobs[-1] if self.jobs else None

    @property
    def task(self) -> Task | None:
        """What it is trained for; None where the database was kept by a lab that has more tasks."""
        return TASKS.get(self.model.task)

    @property
    def shape(self) -> str:
        """What it was made with, in a few words; "-" if that is unknown."""
        if self.task is None:
            return "-"
        try:
            return self.task.shape(self.task.options.model_validate(self.model.options))
        except ValueError:  # damaged, or from a lab of other options; all else of the run is there
            return "-"

    @property
    def certifiable(self) -> bool:
        """Whether something can be proved of it."""
        return self.task is not None and self.task.analysis is not None

    @property
    def loss(self) -> float | None:
        """The loss in the end; None before any training, or where it is not a finite number."""
        return self.job.loss if self.job else None

    @property
    def seconds(self) -> float:
        """How long its trainings took, without waiting for a worker."""
        return sum((job.step - job.start_step) / (job.steps_per_second or 1) for job in self.jobs)

    @property
    def at_work(self) -> bool:
        """Whether it is being trained."""
        return self.job is not None and not self.job.status.ended


class Runs:
    """What the table of runs holds. Every method is one transaction and may be called from any thread."""

    def __init__(self, database: Database, store: Store) -> None:
        self._database = database
        self._store = store

    def keep(self, workspace: str, model_id: str, *, sweep: str | None = None) -> None:
        """Make a model a run of the workspace, or bring it back if it was removed there.

        The oldest that are not pinned go for good when there are too many, and so do those that were
        removed long ago: their models, too, unless they are runs of another workspace. Raises InvalidInput
        for an invalid id.
        """
        identifier("workspace", workspace)
        with self._database.transaction() as db:
            db.execute(
                """INSERT INTO runs (workspace, model_id, name, number, sweep)
                SELECT ?1, id, '', (SELECT COALESCE(MAX(number), 0) + 1 FROM runs WHERE workspace = ?1), ?2
                FROM models WHERE id = ?3
                ON CONFLICT (workspace, model_id) DO UPDATE SET removed = NULL""",
                (workspace, sweep, model_id),
            )
            long_ago = self._database.clock.now(REMOVED_RUN_LIFETIME.total_seconds())
            gone = db.execute(
                """DELETE FROM runs WHERE workspace = ?1 AND model_id IN (
                    SELECT model_id FROM runs WHERE workspace = ?1 AND removed < ?2
                    UNION SELECT model_id FROM (
                        SELECT model_id FROM runs WHERE workspace = ?1 AND NOT pinned
                        ORDER BY number DESC LIMIT -1 OFFSET ?3))
                AND model_id NOT IN (SELECT model_id FROM jobs WHERE status IN (?4, ?5))
                RETURNING model_id""",
                (workspace, long_ago, MAX_RUNS, JobStatus.queued, JobStatus.running),
            ).fetchall()
            self._store.keeping.condemn_unless_run(db, [row["model_id"] for row in gone])

    def all(self, workspace: str) -> list[Run]:
        """The runs that were not removed, newest first. Raises InvalidInput for an invalid id."""
        identifier("workspace", workspace)
        with self._database.moment():  # jobs and models from the same moment
            trainings = self._database.rows(
                """SELECT jobs.* FROM jobs JOIN runs USING (model_id)
                WHERE workspace = ? AND removed IS NULL ORDER BY jobs.number""",
                workspace,
            )
            rows = self._database.rows(
                """SELECT runs.number, runs.name, runs.pinned, runs.sweep, models.id, models.owner,
                models.task, models.seed, models.created, models.step, models.options, models.program
                FROM runs JOIN models ON models.id = runs.model_id
                WHERE workspace = ? AND removed IS NULL ORDER BY runs.number DESC""",
                workspace,
            )
            added = self._database.rows(
                """SELECT id, file_name FROM datasets WHERE id IN (
                    SELECT jobs.dataset FROM jobs JOIN runs USING (model_id)
                    WHERE workspace = ? AND removed IS NULL)""",
                workspace,
            )
        titles = {row["id"]: title(row["id"], row["file_name"]) for row in added}
        jobs: dict[str, list[Job]] = {}
        for job in self._store.readable.of(trainings, job_of):
            jobs.setdefault(job.model_id, []).append(job)

        read = partial(_run_of, jobs=jobs, titles=titles)
        return self._store.readable.of(rows, read)

    def known(self, model_id: str | None) -> bool:
        """Whether the model is a run of any workspace, removed or not."""
        return bool(self._database.rows("SELECT 1 FROM runs WHERE model_id = ? LIMIT 1", model_id))

    def untouched(self, workspace: str, model_id: str) -> bool:
        """Whether the model is a run of this workspace alone, and nobody has pinned, named or removed it."""
        rows = self._database.rows("SELECT * FROM runs WHERE model_id = ?", model_id)
        held = any(row["pinned"] or row["name"] or row["sweep"] or row["removed"] for row in rows)
        return not held and not self.shared(workspace, model_id)

    def shared(self, workspace: str, model_id: str) -> bool:
        """Whether the model is a run of another workspace, too."""
        sql = "SELECT 1 FROM runs WHERE model_id = ? AND workspace != ? LIMIT 1"
        return bool(self._database.rows(sql, model_id, workspace))

    def rename(self, workspace: str, model_id: str, name: str) -> None:
        """Call a run something else; an empty name gives it its number back.

        Raises InvalidInput, NotFound.
        """
        allowed = f"at most {MAX_NAME_CHARACTERS} printable characters"
        if not isinstance(name, str) or len(name) > MAX_NAME_CHARACTERS or not name.isprintable():
            raise InvalidInput("name", name, allowed)
        with self._database.transaction() as db:
            _change(db, workspace, model_id, "name = ?", name.strip())

    def pin(self, workspace: str, model_id: str, pinned: bool) -> None:
        """Pin a run to compare it with the others that are pinned, or take the pin out.

        Raises InvalidInput where enough are pinned already, NotFound.
        """
        with self._database.transaction() as db:
            (others,) = db.execute(
                """SELECT COUNT(*) FROM runs
                WHERE workspace = ? AND pinned AND removed IS NULL AND model_id != ?""",
                (workspace, model_id),
            ).fetchone()
            if pinned and others >= MAX_PINNED:
                allowed = f"at most {MAX_PINNED}; take a pin out first"
                raise InvalidInput("The number of pinned runs", others + 1, allowed)
            _change(db, workspace, model_id, "pinned = ?", int(pinned))

    def remove(self, workspace: str, model_ids: Iterable[str]) -> None:
        """Take runs out of the table, all or none; `restore` brings them back for a day. Raises NotFound."""
        with self._database.transaction() as db:
            moment = self._database.clock.now()
            for model_id in model_ids:
                _change(db, workspace, model_id, "removed = ?", moment)

    def restore(self, workspace: str, model_ids: Iterable[str]) -> None:
        """Bring removed runs back, as they were, all or none. Raises NotFound."""
        with self._database.transaction() as db:
            for model_id in model_ids:
                _change(db, workspace, model_id, "removed = ?", None)

    def last_removed(self, workspace: str) -> list[str]:
        """The models of the runs that were removed together last, and can be brought back; newest first.

        Raises InvalidInput for an invalid id.
        """
        identifier("workspace", workspace)
        rows = self._database.rows(
            """SELECT model_id FROM runs WHERE workspace = ?1 AND removed =
            (SELECT MAX(removed) FROM runs WHERE workspace = ?1) ORDER BY number DESC""",
            workspace,
        )
        return [row["model_id"] for row in rows]

    def radii(self, model_ids: Iterable[str], seconds: float) -> dict[str, int | None]:
        """The certified radii of models: those that are known, and what `seconds` allow for.

        A model that was deleted meanwhile or is damaged is left out, and so is one of which nothing can be
        proved.
        """
        end = perf_counter() + seconds
        found: dict[str, int | None] = {}
        for model_id in model_ids:
            if perf_counter() > end:
                break
            with suppress(NotFound, Unreadable, InvalidInput):
                found[model_id] = self._store.snapshot(model_id).certify().radius
        return found

    def histories(self, model_ids: Iterable[str]) -> dict[str, History]:
        """The histories of several models; one that was deleted meanwhile is left out."""
        found: dict[str, History] = {}
        for model_id in model_ids:
            with suppress(NotFound):
                found[model_id] = self._store.history(model_id)
        return found


def _run_of(row: sqlite3.Row, jobs: Mapping[str, list[Job]], titles: Mapping[str, str]) -> Run:
    model = model_of(row)
    trainings = jobs.get(model.id, [])
    try:
        return Run(
            model=model,
            jobs=trainings,
            number=row["number"],
            name=row["name"] or f"Run {row['number']}",
            pinned=bool(row["pinned"]),
            sweep=row["sweep"],
            datasets={
                name: titles[name]
                for job in trainings
                if (name := job.config.dataset) is not None and name in titles
            },
        )
    except ValueError as error:
        raise Unreadable("model", model.id) from error


def _change(db: sqlite3.Connection, workspace: str, model_id: str, what: str, value: object) -> None:
    sql = f"UPDATE runs SET {what} WHERE workspace = ? AND model_id = ?"
    if db.execute(sql, (value, workspace, model_id)).rowcount == 0:
        raise NotFound("run", model_id)
