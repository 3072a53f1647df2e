"""How the database came to have the tables that it has: one function a change, all of them named."""

import sqlite3
from collections.abc import Callable

from service.jobs.clock import iso, wall_time


def _models_jobs_points(db: sqlite3.Connection) -> None:
    db.execute(
        """CREATE TABLE models (
            id TEXT PRIMARY KEY, owner TEXT NOT NULL, task TEXT NOT NULL, options TEXT NOT NULL,
            seed INTEGER NOT NULL, created TEXT NOT NULL, step INTEGER NOT NULL,
            first_checkpoint BLOB NOT NULL, checkpoint BLOB NOT NULL)"""
    )
    db.execute(
        """CREATE TABLE jobs (
            number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
            model_id TEXT NOT NULL REFERENCES models(id) ON DELETE CASCADE,
            key TEXT, config TEXT NOT NULL, status TEXT NOT NULL, start_step INTEGER NOT NULL,
            target_step INTEGER NOT NULL, step INTEGER NOT NULL, loss REAL, steps_per_second REAL,
            error TEXT, created TEXT NOT NULL, UNIQUE (model_id, key))"""
    )
    # add_job sees to it that a model has one job at a time; the database holds it even so.
    db.execute("CREATE UNIQUE INDEX one_active_job ON jobs(model_id) WHERE status IN ('queued', 'running')")
    db.execute(
        """CREATE TABLE points (
            job_id TEXT NOT NULL REFERENCES jobs(id) ON DELETE CASCADE, number INTEGER NOT NULL,
            step INTEGER NOT NULL, loss REAL NOT NULL, PRIMARY KEY (job_id, number)) WITHOUT ROWID"""
    )


def _stable_learning_rates(db: sqlite3.Connection) -> None:
    db.execute("ALTER TABLE jobs ADD COLUMN stable_learning_rate REAL")


def _datasets(db: sqlite3.Connection) -> None:
    db.execute("CREATE TABLE datasets (id TEXT PRIMARY KEY, content BLOB NOT NULL, created TEXT NOT NULL)")


def _held_out_losses(db: sqlite3.Connection) -> None:
    db.execute("ALTER TABLE points ADD COLUMN held_out_loss REAL")


def _runs(db: sqlite3.Connection) -> None:
    db.execute(
        """CREATE TABLE runs (
            workspace TEXT NOT NULL, number INTEGER NOT NULL,
            model_id TEXT NOT NULL REFERENCES models(id) ON DELETE CASCADE,
            name TEXT NOT NULL, pinned INTEGER NOT NULL DEFAULT 0, removed TEXT, sweep TEXT,
            PRIMARY KEY (workspace, model_id)) WITHOUT ROWID"""
    )
    db.execute("CREATE INDEX runs_of_a_model ON runs(model_id)")


def _cancel_requests(db: sqlite3.Connection) -> None:
    db.execute("ALTER TABLE jobs ADD COLUMN cancel_requested INTEGER NOT NULL DEFAULT 0")


def _dataset_file_names(db: sqlite3.Connection) -> None:
    db.execute("ALTER TABLE datasets ADD COLUMN file_name TEXT")


def _notes(db: sqlite3.Connection) -> None:
    db.execute("ALTER TABLE jobs ADD COLUMN note TEXT")


def _programs(db: sqlite3.Connection) -> None:
    db.execute("ALTER TABLE models ADD COLUMN program TEXT")


def _clock(db: sqlite3.Connection) -> None:
    # It begins where the last model was made, so that what is kept does not grow old by a wrong clock.
    db.execute("CREATE TABLE clock (number INTEGER PRIMARY KEY, moment TEXT NOT NULL, wall TEXT NOT NULL)")
    present = iso(wall_time())
    (last,) = db.execute("SELECT MAX(created) FROM models WHERE julianday(created) IS NOT NULL").fetchone()
    begin = min(last or present, present)
    db.execute("INSERT INTO clock VALUES (1, ?, ?)", (begin, begin))


def _datasets_of_jobs(db: sqlite3.Connection) -> None:
    db.execute("ALTER TABLE jobs ADD COLUMN dataset TEXT")
    db.execute("UPDATE jobs SET dataset = config ->> 'dataset' WHERE json_valid(config)")
    db.execute("CREATE INDEX jobs_on_a_dataset ON jobs(dataset) WHERE dataset IS NOT NULL")


def _uses(db: sqlite3.Connection) -> None:
    db.execute(
        """CREATE TABLE uses (
            model_id TEXT PRIMARY KEY REFERENCES models(id) ON DELETE CASCADE, used TEXT NOT NULL
        ) WITHOUT ROWID"""
    )
    # Whatever is there has just been used: nothing goes because a lab was brought up to date.
    db.execute("INSERT INTO uses SELECT models.id, clock.moment FROM models, clock")
    db.execute("CREATE INDEX models_by_use ON uses(used)")


def _owners(db: sqlite3.Connection) -> None:
    db.execute("CREATE INDEX models_of_an_owner ON models(owner)")
    db.execute("ALTER TABLE jobs ADD COLUMN owner TEXT NOT NULL DEFAULT ''")
    unfinished = "status IN ('queued', 'running')"
    owner = "SELECT owner FROM models WHERE models.id = jobs.model_id"
    db.execute(f"UPDATE jobs SET owner = ({owner}) WHERE {unfinished}")
    db.execute(f"CREATE INDEX unfinished_jobs_of_an_owner ON jobs(owner) WHERE {unfinished}")


MIGRATIONS: list[Callable[[sqlite3.Connection], None]] = [
    _models_jobs_points,
    _stable_learning_rates,
    _datasets,
    _held_out_losses,
    _runs,
    _cancel_requests,
    _dataset_file_names,
    _notes,
    _programs,
    _clock,
    _datasets_of_jobs,
    _uses,
    _owners,
]
"""Append only: a database remembers by name which of these it has been through."""
