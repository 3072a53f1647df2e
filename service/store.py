"""Where models, jobs, points and data sets are kept: one SQLite file (WAL), owned by one process.

Every method is one transaction and may be called from any thread. All SQL of the project is here and in
service/migrations.py.
"""

import json
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from service.errors import DataFolderBusy, InvalidInput, ModelBusy, NotFound
from service.migrations import MIGRATIONS
from service.records import History, Job, JobStatus, Model, Point
from service.uploads import is_upload

ACTIVE = (JobStatus.queued, JobStatus.running)


class Store:
    """The database in the file `path`; its folder is made if missing."""

    def __init__(self, path: Path) -> None:
        """Open the database and bring it up to date.

        Raises DataFolderBusy if another process has it open, InvalidInput if nothing can be kept there.
        """
        self._lock = threading.RLock()
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
        """Close the file; nothing may be called afterwards."""
        with self._lock:
            self._db.close()

    def _migrate(self) -> None:
        with self._transaction() as db:
            db.execute("CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY, applied TEXT)")
            done = {row["name"] for row in db.execute("SELECT name FROM migrations")}
            for migration in MIGRATIONS:
                if migration.__name__ not in done:
                    migration(db)
                    db.execute("INSERT INTO migrations VALUES (?, ?)", (migration.__name__, now()))

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                if self._db.in_transaction:  # on a full disk SQLite has rolled back already
                    self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def _one(self, kind: str, sql: str, identifier: str) -> sqlite3.Row:
        with self._lock:
            row = self._db.execute(sql, (identifier,)).fetchone()
        if row is None:
            raise NotFound(kind, identifier)
        return row

    # Models

    def add_model(self, model: Model, checkpoint: bytes) -> None:
        """Keep a new model with its first weights."""
        with self._transaction() as db:
            db.execute(
                "INSERT INTO models VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    model.id,
                    model.owner,
                    model.task,
                    json.dumps(model.options),
                    model.seed,
                    model.created,
                    model.step,
                    checkpoint,
                    checkpoint,
                ),
            )

    def model(self, model_id: str) -> Model:
        """The model. Raises NotFound."""
        return self.model_and_checkpoint(model_id)[0]

    def model_and_checkpoint(self, model_id: str) -> tuple[Model, bytes]:
        """The model and its present weights, from the same moment. Raises NotFound."""
        row = self._one("model", "SELECT * FROM models WHERE id = ?", model_id)
        fields = {name: row[name] for name in ("id", "owner", "task", "seed", "created", "step")}
        return Model(**fields, options=json.loads(row["options"])), row["checkpoint"]

    def rewind(self, model_id: str) -> None:
        """Give the model its first weights back and forget its jobs. Raises NotFound, ModelBusy."""
        with self._transaction() as db:
            self._check_idle(model_id)
            db.execute("DELETE FROM jobs WHERE model_id = ?", (model_id,))
            db.execute(
                "UPDATE models SET step = 0, checkpoint = first_checkpoint WHERE id = ?",
                (model_id,),
            )

    def delete_model(self, model_id: str) -> None:
        """Forget the model, its jobs and their points. Raises NotFound, ModelBusy."""
        with self._transaction() as db:
            self._check_idle(model_id)
            db.execute("DELETE FROM models WHERE id = ?", (model_id,))

    def _check_idle(self, model_id: str) -> None:
        self.model(model_id)
        latest = self.latest_job(model_id)
        if latest is not None and not latest.status.ended:
            raise ModelBusy(model_id)

    # Jobs

    def add_job(self, job: Job) -> Job:
        """Keep a new job, starting where its model stands now, and return it as kept.

        A job that the model has with the same key is returned instead, as it is. Raises NotFound, and
        ModelBusy if the model has a job that is queued or running.
        """
        with self._transaction() as db:
            if job.key is not None and (known := self.job_with_key(job.model_id, job.key)):
                return known
            self._check_idle(job.model_id)
            start = self.model(job.model_id).step
            target = start + job.config.steps
            job = job.model_copy(update={"start_step": start, "target_step": target, "step": start})
            db.execute(
                """INSERT INTO jobs (id, model_id, key, config, status, start_step, target_step,
                step, created) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
                (
                    job.id,
                    job.model_id,
                    job.key,
                    job.config.model_dump_json(),
                    job.status,
                    job.start_step,
                    job.target_step,
                    job.step,
                    job.created,
                ),
            )
            return job

    def job(self, job_id: str) -> Job:
        """The job. Raises NotFound."""
        return _job(self._one("job", "SELECT * FROM jobs WHERE id = ?", job_id))

    def job_with_key(self, model_id: str, key: str) -> Job | None:
        """The model's job that was submitted with this key."""
        return self._first_job("model_id = ? AND key = ?", model_id, key)

    def latest_job(self, model_id: str) -> Job | None:
        """The model's last job, if it has any."""
        return self._first_job("model_id = ?", model_id)

    def jobs(self, model_id: str) -> list[Job]:
        """All the model's jobs, oldest first. Raises NotFound."""
        self.model(model_id)
        with self._lock:
            rows = self._db.execute(
                "SELECT * FROM jobs WHERE model_id = ? ORDER BY number", (model_id,)
            ).fetchall()
        return [_job(row) for row in rows]

    def _first_job(self, condition: str, *values: Any) -> Job | None:
        sql = f"SELECT * FROM jobs WHERE {condition} ORDER BY number DESC LIMIT 1"
        with self._lock:
            row = self._db.execute(sql, values).fetchone()
        return _job(row) if row else None

    def active_jobs(self) -> list[Job]:
        """The jobs that have not ended, oldest first."""
        with self._lock:
            rows = self._db.execute(
                "SELECT * FROM jobs WHERE status IN (?, ?) ORDER BY number", ACTIVE
            ).fetchall()
        return [_job(row) for row in rows]

    def update_job(self, job: Job, points: Sequence[Point] = (), checkpoint: bytes | None = None) -> None:
        """Keep a job's new state, its new points and its model's new weights, all or nothing."""
        with self._transaction() as db:
            db.execute(
                """UPDATE jobs SET status = ?, step = ?, loss = ?, steps_per_second = ?, error = ?,
                stable_learning_rate = ? WHERE id = ?""",
                (
                    job.status,
                    job.step,
                    job.loss,
                    job.steps_per_second,
                    job.error,
                    job.stable_learning_rate,
                    job.id,
                ),
            )
            if checkpoint is not None:
                db.execute(
                    "UPDATE models SET step = ?, checkpoint = ? WHERE id = ?",
                    (job.step, checkpoint, job.model_id),
                )
            (kept,) = db.execute("SELECT COUNT(*) FROM points WHERE job_id = ?", (job.id,)).fetchone()
            db.executemany(
                "INSERT INTO points (job_id, number, step, loss, held_out_loss) VALUES (?, ?, ?, ?, ?)",
                [
                    (job.id, number, point.step, point.loss, point.held_out_loss)
                    for number, point in enumerate(points, start=kept + 1)
                ],
            )

    # Points

    def points(self, job_id: str, after: int = 0) -> list[Point]:
        """The job's points in order, without the first `after` of them."""
        with self._lock:
            rows = self._db.execute(
                """SELECT step, loss, held_out_loss FROM points WHERE job_id = ? AND number > ?
                ORDER BY number""",
                (job_id, after),
            ).fetchall()
        return [Point.model_validate({**row}) for row in rows]

    def history(self, model_id: str) -> History:
        """The points of all the model's jobs; where two jobs meet, the later one's. Raises NotFound."""
        self.model(model_id)
        with self._lock:
            rows = self._db.execute(
                """SELECT points.step, points.loss, held_out_loss FROM points
                JOIN jobs ON jobs.id = points.job_id
                WHERE jobs.model_id = ? ORDER BY jobs.number, points.number""",
                (model_id,),
            ).fetchall()
        points = {row["step"]: row for row in rows}
        held_out = [row["held_out_loss"] for row in points.values()]
        return History(
            step=list(points),
            loss=[row["loss"] for row in points.values()],
            held_out_loss=None if held_out.count(None) == len(held_out) else held_out,
        )

    # Data sets

    def add_dataset(self, name: str, content: bytes) -> None:
        """Keep a data set under the name that its content gives it, once."""
        with self._transaction() as db:
            db.execute("INSERT OR IGNORE INTO datasets VALUES (?, ?, ?)", (name, content, now()))

    def dataset(self, name: object) -> bytes | None:
        """The content of the data set that was added under `name`; None for any other name."""
        if not is_upload(name):
            return None
        with self._lock:
            row = self._db.execute("SELECT content FROM datasets WHERE id = ?", (name,)).fetchone()
        return row["content"] if row else None


def _job(row: sqlite3.Row) -> Job:
    fields = {**row, "config": json.loads(row["config"])}
    del fields["number"]
    return Job.model_validate(fields)


def now() -> str:
    """The present moment, UTC, in ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")
