"""The models, their jobs, the jobs' points and added data sets, as they are kept in the database.

Every method is one transaction and may be called from any thread.
"""

import json
import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta

from service.data.uploads import is_upload, title
from service.errors import ModelBusy, StorageFailed, Unreadable
from service.jobs.bounds import Bounds
from service.jobs.database import Database
from service.jobs.keeping import Keeping
from service.jobs.rows import Readable, job_of, model_of, point_of
from service.limits import Limits
from service.records import History, Job, JobStatus, Model, Point
from service.training.requests import check_same_config
from service.training.snapshot import Snapshot

UNUSED_DATASET_LIFETIME = timedelta(days=1)
"""How long a data set is kept that no job uses."""
ACTIVE = (JobStatus.queued, JobStatus.running)


class Store:
    """What the tables of models, jobs, points and data sets hold."""

    def __init__(self, database: Database, limits: Limits | None = None) -> None:
        self._database = database
        limits = limits or Limits()
        self.keeping = Keeping(database, limits)
        """Which models go in time."""
        self.bounds = Bounds(database, self.keeping, limits)
        """How much may be added."""
        self.readable = Readable()
        """What can be read of several rows; what cannot is in the log."""

    # Models

    def add_model(self, model: Model, checkpoint: bytes) -> None:
        """Keep a new model with its first weights. Raises LimitReached."""
        self.bounds.make_room(model.owner)
        with self._database.transaction() as db:
            self.bounds.add_model(db, model.owner)
            db.execute(
                "INSERT INTO models VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
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
                    model.program,
                ),
            )
            db.execute("INSERT INTO uses VALUES (?, ?)", (model.id, self._database.clock.now()))

    def model(self, model_id: str) -> Model:
        """The model. Raises NotFound, Unreadable."""
        return self.model_and_checkpoint(model_id)[0]

    def model_and_checkpoint(self, model_id: str) -> tuple[Model, bytes]:
        """The model and its present weights, from the same moment. Raises NotFound, Unreadable."""
        row = self._database.one("model", "SELECT * FROM models WHERE id = ?", model_id)
        if not isinstance(row["checkpoint"], bytes):
            raise Unreadable("model", model_id)
        return model_of(row), row["checkpoint"]

    def snapshot(self, model_id: str) -> Snapshot:
        """The model with all that is kept of it, from one moment. Raises NotFound, Unreadable."""
        with self._database.moment():
            model, checkpoint = self.model_and_checkpoint(model_id)
            jobs, history = self._jobs_of(model_id), self._history_of(model_id)
            names = {job.config.dataset for job in jobs if is_upload(job.config.dataset)}
            added = [row for name in names for row in self._dataset_rows(name)]
        return Snapshot(
            model=model,
            checkpoint=checkpoint,
            jobs=jobs,
            history=history,
            uploads={row["id"]: row["content"] for row in added},
            titles={row["id"]: title(row["id"], row["file_name"]) for row in added},
        )

    def rewind(self, model_id: str) -> None:
        """Give the model its first weights back and forget its jobs. Raises NotFound, ModelBusy."""
        with self._database.transaction() as db:
            self._check_idle(model_id)
            db.execute("DELETE FROM jobs WHERE model_id = ?", (model_id,))
            db.execute(
                "UPDATE models SET step = 0, checkpoint = first_checkpoint WHERE id = ?",
                (model_id,),
            )

    def delete_model(self, model_id: str) -> None:
        """Forget the model, its jobs and their points. Raises NotFound, ModelBusy."""
        with self._database.transaction() as db:
            self._check_idle(model_id)
            db.execute("DELETE FROM models WHERE id = ?", (model_id,))

    def _check_known(self, model_id: str) -> None:
        self._database.one("model", "SELECT 1 FROM models WHERE id = ?", model_id)

    def _check_idle(self, model_id: str) -> None:
        self._check_known(model_id)
        sql = "SELECT id FROM jobs WHERE model_id = ? AND status IN (?, ?)"
        for row in self._database.rows(sql, model_id, *ACTIVE):
            raise ModelBusy(model_id, row["id"])

    # Jobs

    def add_job(self, job: Job) -> Job:
        """Keep a new job, starting where its model stands now, and return it as kept.

        A job that the model has with the same key is returned instead, as it is. Raises NotFound,
        InvalidInput if that has another configuration, ModelBusy if the model has a job that is queued or
        running, and LimitReached.
        """
        self.bounds.make_room()
        with self._database.transaction() as db:
            if job.key is not None and (known := self.job_with_key(job.model_id, job.key)):
                check_same_config(job.key, known, job.config)
                return known
            self._check_idle(job.model_id)
            model = self.model(job.model_id)
            self.bounds.add_job(db, model.owner)
            start = model.step
            target = start + job.config.steps
            job = job.model_copy(update={"start_step": start, "target_step": target, "step": start})
            db.execute(
                """INSERT INTO jobs (id, model_id, key, config, status, start_step, target_step,
                step, created, dataset, owner) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
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
                    job.config.dataset,
                    model.owner,
                ),
            )
            return job

    def job(self, job_id: str) -> Job:
        """The job. Raises NotFound, Unreadable."""
        return job_of(self._database.one("job", "SELECT * FROM jobs WHERE id = ?", job_id))

    def job_with_key(self, model_id: str, key: str) -> Job | None:
        """The model's job that was submitted with this key. Raises Unreadable."""
        rows = self._database.rows("SELECT * FROM jobs WHERE model_id = ? AND key = ?", model_id, key)
        return job_of(rows[0]) if rows else None

    def latest_job(self, model_id: str) -> Job | None:
        """The last of the model's jobs that can be read, if it has any."""
        sql = "SELECT * FROM jobs WHERE model_id = ? ORDER BY number DESC LIMIT 1"
        rows = self._database.rows(sql, model_id)
        last = self.readable.of(rows, job_of) or (self._jobs_of(model_id)[-1:] if rows else [])
        return last[0] if last else None

    def jobs(self, model_id: str) -> list[Job]:
        """All the model's jobs that can be read, oldest first. Raises NotFound."""
        self._check_known(model_id)
        return self._jobs_of(model_id)

    def _jobs_of(self, model_id: str) -> list[Job]:
        rows = self._database.rows("SELECT * FROM jobs WHERE model_id = ? ORDER BY number", model_id)
        return self.readable.of(rows, job_of)

    def active_jobs(self) -> list[Job]:
        """The jobs that have not ended, oldest first; one that cannot be read is left out, as failed."""
        rows = self._database.rows("SELECT * FROM jobs WHERE status IN (?, ?) ORDER BY number", *ACTIVE)
        jobs = self.readable.of(rows, job_of)
        damaged = {row["id"] for row in rows} - {job.id for job in jobs}
        if damaged:
            failed = "UPDATE jobs SET status = ?, error = ? WHERE id = ?"
            # What is not written now is so at the next start.
            with suppress(StorageFailed), self._database.transaction() as db:
                sentence = "The run could not be read."
                db.executemany(failed, [(JobStatus.failed, sentence, each) for each in damaged])
        return jobs

    def request_cancel(self, job_id: str) -> None:
        """Note that the job is to be cancelled, for a process that finds it unfinished."""
        with self._database.transaction() as db:
            db.execute(
                "UPDATE jobs SET cancel_requested = 1 WHERE id = ? AND status IN (?, ?)", (job_id, *ACTIVE)
            )

    def update_job(self, job: Job, points: Sequence[Point] = (), checkpoint: bytes | None = None) -> None:
        """Keep a job's new state, its new points and its model's new weights, all or nothing.

        A job that has ended stays as it is. To write the same again changes nothing.
        """
        with self._database.transaction() as db:
            changed = db.execute(
                """UPDATE jobs SET status = ?, step = ?, loss = ?, steps_per_second = ?, error = ?,
                stable_learning_rate = ?, note = ?, cancel_requested = cancel_requested OR ?
                WHERE id = ? AND status IN (?, ?)""",
                (
                    job.status,
                    job.step,
                    job.loss,
                    job.steps_per_second,
                    job.error,
                    job.stable_learning_rate,
                    job.note,
                    job.cancel_requested,
                    job.id,
                    *ACTIVE,
                ),
            )
            if changed.rowcount == 0:
                return
            if job.status.ended:
                used = "UPDATE uses SET used = ? WHERE model_id = ?"
                db.execute(used, (self._database.clock.now(), job.model_id))
            if checkpoint is not None:
                db.execute(
                    "UPDATE models SET step = ?, checkpoint = ? WHERE id = ?",
                    (job.step, checkpoint, job.model_id),
                )
            (kept,) = db.execute(
                "SELECT COUNT(*) FROM points WHERE job_id = ? AND step < ?",
                (job.id, points[0].step if points else 0),
            ).fetchone()
            db.executemany(
                """INSERT OR REPLACE INTO points (job_id, number, step, loss, held_out_loss)
                VALUES (?, ?, ?, ?, ?)""",
                [
                    (job.id, number, point.step, point.loss, point.held_out_loss)
                    for number, point in enumerate(points, start=kept + 1)
                ],
            )

    # Points

    def points(self, job_id: str, after: int = 0) -> list[Point]:
        """The job's points in order, without the first `after` of them."""
        return self.points_after(job_id, after)[0]

    def points_after(self, job_id: str, after: int) -> tuple[list[Point], int]:
        """The same, and the cursor behind the last of them."""
        rows = self._database.rows(
            """SELECT job_id, number, step, loss, held_out_loss FROM points WHERE job_id = ? AND number > ?
            ORDER BY number""",
            job_id,
            after,
        )
        return self.readable.of(rows, point_of), rows[-1]["number"] if rows else after

    def history(self, model_id: str) -> History:
        """The points of all the model's jobs; where two jobs meet, the later one's. Raises NotFound."""
        self._check_known(model_id)
        return self._history_of(model_id)

    def _history_of(self, model_id: str) -> History:
        rows = self._database.rows(
            """SELECT job_id, points.step, points.loss, held_out_loss FROM points
            JOIN jobs ON jobs.id = points.job_id
            WHERE jobs.model_id = ? ORDER BY jobs.number, points.number""",
            model_id,
        )
        points = {point.step: point for point in self.readable.of(rows, point_of)}
        held_out = [point.held_out_loss for point in points.values()]
        return History(
            step=list(points),
            loss=[point.loss for point in points.values()],
            held_out_loss=None if held_out.count(None) == len(held_out) else held_out,
        )

    # Data sets

    def add_dataset(self, name: str, content: bytes, file_name: str | None = None) -> None:
        """Keep a data set under the name that its content gives it; one that no job uses goes after a day.

        Added again, it is called after its newest file. Raises LimitReached.
        """
        self.bounds.make_room()
        with self._database.transaction() as db:
            if not self._dataset_rows(name):
                self.bounds.add_dataset(db, len(content))
            db.execute(
                """INSERT INTO datasets (id, content, created, file_name) VALUES (?, ?, ?, ?)
                ON CONFLICT (id) DO UPDATE SET content = excluded.content, created = excluded.created,
                file_name = COALESCE(excluded.file_name, file_name)""",
                (name, content, self._database.clock.now(), file_name),
            )
            db.execute(
                """DELETE FROM datasets WHERE created < ? AND id NOT IN (
                    SELECT dataset FROM jobs WHERE dataset IS NOT NULL)""",
                (self._database.clock.now(UNUSED_DATASET_LIFETIME.total_seconds()),),
            )

    def dataset(self, name: object) -> bytes | None:
        """The content of the data set that was added under `name`; None for any other name."""
        rows = self._dataset_rows(name) if is_upload(name) else []
        return rows[0]["content"] if rows else None

    def dataset_title(self, name: str) -> str:
        """What to call the data set before people: an added one, by its file; any other, by its name."""
        rows = self._database.rows("SELECT file_name FROM datasets WHERE id = ?", name)
        return title(name, rows[0]["file_name"]) if rows else name

    def _dataset_rows(self, name: object) -> list[sqlite3.Row]:
        return self._database.rows("SELECT * FROM datasets WHERE id = ?", name)
