"""Whatever a write does: no cancel is lost, no point is written twice, and the other jobs go on."""

import logging
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from service import InlineExecutor, JobStatus, Limits, StorageFailed, TrainingService
from service.jobs.database import Database
from service.jobs.scheduler import UNSAVED
from service.jobs.store import Store
from tests.conftest import ROOT, message_of, under_way, until

LONG: dict[str, Any] = {"steps": 10_000_000, "engine": "autograd", "learning_rate": 1e-6}
WRITES = ["update_job", "request_cancel"]


class Faulty:
    """A method of the store that raises on some of its calls, before or after the write."""

    def __init__(self, method: Callable[..., Any], times: int, after: bool) -> None:
        self.method, self.left, self.after = method, times, after
        self.armed = threading.Event()

    def __call__(self, *given: Any) -> Any:
        if not self.armed.is_set() or not self.left:
            return self.method(*given)
        self.left -= 1
        if self.after:
            self.method(*given)
        raise OSError("no space left on device")


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize("state", ["queued", "running"])
def test_a_cancel_is_not_lost(
    lab: TrainingService,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    write: str,
    after: bool,
    state: str,
) -> None:
    faulty = Faulty(getattr(lab._store, write), 4, after)
    monkeypatch.setattr(lab._store, write, faulty)
    model = lab.create_model("product")
    if state == "running":
        job = lab.submit(model.id, **LONG)
        until(lab, job.id, under_way)
    else:
        with monkeypatch.context() as overtaken:
            overtaken.setattr(lab._scheduler, "enqueue", lambda job: None)
            job = lab.submit(model.id, **LONG)
    faulty.armed.set()
    cancelled = lab.cancel(job.id)
    lab._scheduler.enqueue(job)
    assert cancelled.status is JobStatus.cancelled
    steps = [point.step for point in lab.progress(job.id).points]
    assert steps == sorted(set(steps))
    assert not steps or (steps[0], steps[-1]) == (0, cancelled.step)
    assert lab.model(model.id).step == cancelled.step
    assert lab.train(lab.create_model("product").id, steps=50).status is JobStatus.succeeded
    assert lab.job(job.id) == cancelled
    assert len(caplog.records) <= 3


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_what_is_recorded_is_what_would_have_been(
    lab: TrainingService, monkeypatch: pytest.MonkeyPatch, after: bool
) -> None:
    right = lab.create_model("memorize", seed=3)
    lab.train(right.id, steps=300, engine="autograd")
    faulty = Faulty(lab._store.update_job, 3, after)
    monkeypatch.setattr(lab._store, "update_job", faulty)
    faulty.armed.set()
    model = lab.create_model("memorize", seed=3)
    assert lab.train(model.id, steps=300, engine="autograd").status is JobStatus.succeeded
    assert lab.snapshot(model.id).history == lab.snapshot(right.id).history
    assert lab.snapshot(model.id).parameters == lab.snapshot(right.id).parameters


def test_others_go_on_while_a_job_cannot_be_saved(
    lab: TrainingService, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    save, full = lab._store.update_job, threading.Event()
    full.set()

    def refuse(job: Any, *given: Any) -> None:
        if job.id == stuck.id and full.is_set():
            raise OSError("no space left on device")
        save(job, *given)

    with monkeypatch.context() as overtaken:
        overtaken.setattr(lab._scheduler, "enqueue", lambda job: None)
        stuck = lab.submit(lab.create_model("product").id, steps=50)
    monkeypatch.setattr(lab._store, "update_job", refuse)
    lab._scheduler.enqueue(stuck)
    for _ in range(3):
        assert lab.train(lab.create_model("product").id, steps=50).status is JobStatus.succeeded
    assert lab.job(stuck.id).status is JobStatus.queued
    assert len(caplog.records) <= 4
    full.clear()
    assert lab.wait(stuck.id).status is JobStatus.succeeded


def test_whoever_waits_for_a_job_that_cannot_begin_is_told(
    lab: TrainingService, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = lab.create_model("product")
    lab._database.rows("UPDATE models SET options = '{\"start\": 7}'")
    faulty = Faulty(lab._store.update_job, 2, False)
    monkeypatch.setattr(lab._store, "update_job", faulty)
    faulty.armed.set()
    job = lab.train(model.id, steps=5)
    assert job.status is JobStatus.failed
    assert (job.error or "").startswith("The run could not start")


KILLED = """
import os, sys
from pathlib import Path
from service import TrainingService
from tests.service.executors import HeldExecutor

held = HeldExecutor()
lab = TrainingService(Path(sys.argv[1]), workers=1, make_executor=lambda: held)
job = lab.submit(lab.create_model("product").id, steps=10_000_000)
held.wait_for_slice()
lab.request_cancel(job.id)
print(job.id, flush=True)
os._exit(9)
"""


def test_a_wish_to_cancel_outlives_the_process(tmp_path: Path) -> None:
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, tmp_path], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert killed.returncode == 9, killed.stderr
    with TrainingService(tmp_path, workers=1, make_executor=InlineExecutor) as lab:
        job = lab.wait(killed.stdout.strip())
        assert (job.status, job.step) == (JobStatus.cancelled, 0)


def test_a_job_that_was_to_be_cancelled_before_a_restart_ends_with_a_point_where_it_stands(
    tmp_path: Path,
) -> None:
    with TrainingService(tmp_path, workers=1, make_executor=InlineExecutor) as lab:
        job = lab.submit(lab.create_model("product").id, **LONG)
        until(lab, job.id, under_way)
    database = Database(tmp_path / "lab.sqlite")
    Store(database, Limits()).request_cancel(job.id)
    database.close()
    with TrainingService(tmp_path, workers=1, make_executor=InlineExecutor) as lab:
        ended = lab.wait(job.id)
        assert ended.status is JobStatus.cancelled
        assert ended.step == lab.snapshot(job.model_id).history.step[-1] > 0


def test_a_job_that_cannot_be_read_does_not_keep_the_lab_from_starting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with TrainingService(tmp_path, workers=1, make_executor=InlineExecutor) as lab:
        monkeypatch.setattr(lab._scheduler, "enqueue", lambda job: None)
        damaged, sound = (lab.submit(lab.create_model("product").id, steps=50) for _ in range(2))
        lab._database.rows("UPDATE jobs SET config = '{' WHERE id = ?", damaged.id)
    with TrainingService(tmp_path, workers=1, make_executor=InlineExecutor) as lab:
        assert lab.wait(sound.id).status is JobStatus.succeeded
        lab.delete_model(damaged.model_id)


@pytest.fixture(params=["max_page_count = 1", "query_only = 1"], ids=["full", "read-only"])
def fault(request: pytest.FixtureRequest) -> str:
    """What makes the folder take no writes."""
    return request.param


def mend(lab: TrainingService) -> None:
    lab._database.rows("PRAGMA query_only = 0")
    lab._database.rows("PRAGMA max_page_count = 1000000")


def fill(lab: TrainingService) -> None:
    """Take up what is left of the pages that the file has already."""
    with suppress(StorageFailed):
        for _ in range(1000):
            lab.create_model("challenge", hidden=[64])


@pytest.mark.parametrize("state", ["queued", "running"])
def test_a_cancel_answers_while_nothing_can_be_written(
    lab: TrainingService, caplog: pytest.LogCaptureFixture, fault: str, state: str
) -> None:
    jobs = [lab.submit(lab.create_model("challenge").id, **LONG) for _ in range(2)]
    until(lab, jobs[0].id, under_way)
    asked = jobs[0 if state == "running" else 1]
    lab._database.rows(f"PRAGMA {fault}")
    fill(lab)
    for _ in range(2):
        began = monotonic()
        answer = lab.cancel(asked.id)
        assert monotonic() - began < 2
        if lab.job(asked.id).status is not JobStatus.cancelled:
            assert (answer.status, answer.error) == (JobStatus.cancelled, UNSAVED)
    mend(lab)
    until(lab, asked.id, lambda progress: progress.status is JobStatus.cancelled)
    assert lab.cancel(asked.id).error is None
    assert lab.cancel(jobs[0].id).status is lab.cancel(jobs[1].id).status is JobStatus.cancelled
    assert len(caplog.records) <= 6
    assert not any(record.exc_info for record in caplog.records)


def test_what_is_asked_for_while_nothing_can_be_written_is_refused_in_a_sentence(
    lab: TrainingService, fault: str
) -> None:
    csv = "a,b,c,y1,y2,y3,y4,y5\n1,2,3,1,2,3,4,5\n"
    model = lab.create_model("challenge").id
    lab.train(model, steps=5)
    lab._database.rows(f"PRAGMA {fault}")
    fill(lab)
    before = lab.snapshot(model).history
    large = "\n".join([csv, *csv.splitlines()[1:] * 9000])
    for ask in (
        lambda: [
            lab.submit(model, steps=5, key=f"{key}" * 200) and lab.wait(lab.jobs(model)[-1].id)
            for key in range(10)
        ],
        lambda: [lab.create_model("challenge", hidden=[64]) for _ in range(10)],
        lambda: lab.add_dataset(large),
    ):
        assert message_of(ask, StorageFailed).startswith(
            "The lab cannot write to its data folder at present ("
        )
    assert lab.snapshot(model).history.step[: len(before.step)] == before.step
    assert lab.runs.all("a" * 32) == []
    mend(lab)
    lab.wait(lab.jobs(model)[-1].id)
    assert lab.train(model, steps=5).status is JobStatus.succeeded


def test_jobs_go_on_in_memory_while_nothing_can_be_written(lab: TrainingService, fault: str) -> None:
    right = lab.create_model("memorize", seed=3)
    lab.train(right.id, steps=300, engine="autograd")
    model = lab.create_model("memorize", seed=3)
    job = lab.submit(model.id, steps=300, engine="autograd")
    lab._database.rows(f"PRAGMA {fault}")
    assert lab.wait(job.id).status is JobStatus.succeeded
    mend(lab)
    until(lab, job.id, lambda progress: progress.status is JobStatus.succeeded)
    assert lab.snapshot(model.id).history == lab.snapshot(right.id).history
    assert lab.snapshot(model.id).parameters == lab.snapshot(right.id).parameters


def test_the_log_has_a_line_for_what_becomes_of_a_job(
    lab: TrainingService, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        model = lab.create_model("product").id
        job = lab.submit(model, **LONG)
        until(lab, job.id, under_way)
        step = lab.cancel(job.id).step
        lab.close()
    assert caplog.messages == [
        f"Job {job.id[:8]} of model {model[:8]} submitted",
        f"Job {job.id[:8]} is under way",
        f"Job {job.id[:8]} cancelled at step {step}",
    ]
