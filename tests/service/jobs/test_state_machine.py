"""A job's states, by a machine that crashes, loses, cancels, restarts and cannot write, in any order.

The store is real, on a real file, and so are the scheduler and what trains. The slices run when the machine
says so; and around every write of the store there may be a fault.
"""

import itertools
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from service import JobStatus
from service.errors import StorageFailed
from service.jobs import entries
from service.jobs import scheduler as schedulers
from service.jobs.database import Database, now
from service.jobs.entries import MAX_LOST_SLICES, TRANSITIONS, JobEvent
from service.jobs.pool import WorkerDied
from service.jobs.scheduler import Scheduler
from service.jobs.store import Store
from service.records import Job, Model, Point, TrainingConfig
from service.tasks import TASKS
from service.training.advance import Work, advance, first_checkpoint
from service.training.requests import model_options, step_limits, training_config
from service.training.slices import Timed

TASK = TASKS["product"]
OPTIONS = model_options(TASK, {})
STEPS = 12
ERRORS = StorageFailed("write to", OSError("no space left on device")), RuntimeError("not foreseen")


def config(learning_rate: float) -> TrainingConfig:
    asked = {"steps": STEPS, "learning_rate": learning_rate, "engine": "compiled"}
    return training_config(TASK, asked, step_limits())


class Held(Executor):
    """Holds every slice back until the machine says what becomes of it."""

    def __init__(self) -> None:
        self.slices: list[tuple[Future[Any], Work]] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.slices.append((Future(), args[0]))
        return self.slices[-1][0]


class Faulty(Store):
    """A store whose next writes fail, before the transaction or after it."""

    left = 0
    after = False
    error: Exception = ERRORS[0]

    def _write(self, write: Callable[..., Any], *given: Any) -> Any:
        failing = self.left > 0
        self.left -= failing
        kept = write(*given) if not failing or self.after else None
        if failing:
            raise self.error
        return kept

    def add_job(self, job: Job) -> Job:
        return self._write(super().add_job, job)

    def update_job(self, job: Job, points: Sequence[Point] = (), checkpoint: bytes | None = None) -> None:
        self._write(super().update_job, job, points, checkpoint)

    def request_cancel(self, job_id: str) -> None:
        self._write(super().request_cancel, job_id)


def undisturbed(rate: float, step: int) -> tuple[bytes, list[Point]]:
    """The weights and the points of a training that nobody disturbed, up to a step."""
    first = first_checkpoint("product", OPTIONS, 0)
    result = advance(Work("product", OPTIONS, config(rate), 0, STEPS, 0, first), step)
    return result.checkpoint, list(result.points)


def ended_work(work: Work, steps: int) -> Timed:
    return Timed(advance(work, steps), 1000.0, 0.01, error="It diverged.")


class Jobs(RuleBasedStateMachine):
    """What may happen to jobs, in any order."""

    @initialize()
    def start(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.numbers = itertools.count()
        self.asked: dict[str, float] = {}
        self.cancelled: set[str] = set()
        self.last_slices: dict[str, set[Future[Any]]] = {}
        """Those that were in flight when a job was cancelled."""
        self.own_errors: set[str] = set()
        self.final: dict[str, Job] = {}
        self.open()

    def open(self) -> None:
        self.losses = Counter[str]()
        """Slices of a job that were lost in a row."""
        self.held = Held()
        self.database = Database(Path(self.folder.name) / "lab.sqlite")
        self.store = Faulty(self.database)
        self.scheduler = Scheduler(self.store, self._make, 2)
        self.settle()

    def _make(self) -> Held:
        self.held = Held()
        return self.held

    def settle(self) -> None:
        """Wait until the scheduler has done all that it can."""
        for _ in range(1000):
            for _ in range(2):
                heard = threading.Event()
                self.scheduler._inbox.put(heard.set)
                assert heard.wait(10)
            idle = not self.scheduler._arrivals and self.scheduler._executor.present
            if idle and all(entry.saved for entry in [*self.scheduler._jobs.values()]):
                break
        else:
            raise AssertionError("the scheduler does not come to rest")
        self.check()

    def remember_cancels(self) -> None:
        """What was written of them counts for the next process."""
        kept = {job_id for job_id in self.cancelled if self.store.job(job_id).cancel_requested}
        self.last_slices = {job_id: set() for job_id in kept}

    def check(self) -> None:
        for future, work in self.held.slices:
            last = self.last_slices.get(f"job {work.seed}")
            assert last is None or future in last, "a job that was cancelled goes on"
        for job_id, rate in self.asked.items():
            job = self.store.job(job_id)
            kept = self.final.setdefault(job_id, job) if job.status.ended else job
            assert job == kept, "a final state changed"
            weights, points = undisturbed(rate, job.step)
            if job.status is not JobStatus.diverged:
                assert self.store.model_and_checkpoint(job.model_id)[1] == (
                    weights if job.step else first_checkpoint("product", OPTIONS, 0)
                )
            steps = [point.step for point in self.store.points(job_id)]
            assert steps == list(range(len(steps)))
            if job.status is not JobStatus.diverged and steps:
                assert self.store.points(job_id) == points
            assert job.status is not JobStatus.cancelled or job_id in self.cancelled
            assert job.status is not JobStatus.failed or job_id in self.own_errors

    @rule(rate=st.sampled_from([0.003, 0.01, 1.0]))
    def submit(self, rate: float) -> None:
        if len(self.asked) == 4:
            return
        number = next(self.numbers)
        model = Model(
            id=f"model {number}",
            task="product",
            options=OPTIONS.model_dump(mode="json"),
            seed=number,  # of no effect here, but a slice tells it
            created=now(),
            owner=f"address/{number}",
        )
        self.store.add_model(model, first_checkpoint("product", OPTIONS, 0))
        job = Job(id=f"job {number}", model_id=model.id, config=config(rate), created=now())
        with suppress(*map(type, ERRORS)):
            self.scheduler.submit(job)
        if self.store.jobs(model.id):
            self.asked[job.id] = rate
        self.settle()

    @precondition(lambda self: self.held.slices)
    @rule(data=st.data(), steps=st.integers(1, STEPS))
    def complete(self, data: st.DataObject, steps: int) -> None:
        self.complete_one(data.draw(st.integers(0, len(self.held.slices) - 1)), steps)

    def complete_one(self, which: int, steps: int) -> None:
        future, work = self.held.slices.pop(which)
        self.losses[f"job {work.seed}"] = 0
        future.set_result(ended_work(work, steps))
        self.settle()

    @precondition(lambda self: self.held.slices)
    @rule(error=st.sampled_from([WorkerDied("it ended its worker 3 times"), MemoryError("no room")]))
    def fail(self, error: Exception) -> None:
        future, work = self.held.slices.pop()
        self.own_errors |= {job_id for job_id, rate in self.asked.items() if config(rate) == work.config}
        future.set_exception(error)
        self.settle()

    @precondition(lambda self: self.held.slices)
    @rule()
    def lose(self) -> None:
        slices, self.held.slices = self.held.slices, []
        for future, work in slices:
            self.losses[f"job {work.seed}"] += 1
            future.set_exception(BrokenExecutor("all is lost"))
        self.own_errors |= {job_id for job_id, lost in self.losses.items() if lost >= MAX_LOST_SLICES}
        self.settle()

    @precondition(lambda self: self.asked)
    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        job = self.store.job(data.draw(st.sampled_from(sorted(self.asked))))
        if not job.status.ended:
            self.cancelled.add(job.id)
            self.last_slices.setdefault(job.id, {future for future, _ in self.held.slices})
            self.scheduler.cancel(job)
        self.settle()

    @rule(times=st.integers(1, 3), after=st.booleans(), error=st.sampled_from(ERRORS))
    def let_writes_fail(self, times: int, after: bool, error: Exception) -> None:
        self.store.left, self.store.after, self.store.error = times, after, error

    @rule()
    def restart(self) -> None:
        self.store.left = 0
        closing = threading.Thread(target=self.scheduler.close)
        closing.start()
        while closing.is_alive():
            for future, work in [*self.held.slices]:
                if not future.done():
                    future.set_result(ended_work(work, 1))
            closing.join(0.001)
        self.remember_cancels()
        self.database.close()
        self.open()

    @rule()
    def kill(self) -> None:
        """Drop all that is in memory: what was written is there, and nothing else is."""
        self.store.left = 0
        self.remember_cancels()
        self.database.close()
        self.end_thread()
        self.open()

    def end_thread(self) -> None:
        self.scheduler._open = False
        self.scheduler._jobs.clear()
        self.scheduler._shares.running = 0
        self.scheduler._inbox.put(lambda: None)
        self.scheduler._thread.join()

    def teardown(self) -> None:
        """Once nothing fails any more, every job ends."""
        if not hasattr(self, "scheduler"):
            return
        self.store.left = 0
        for _ in range(len(self.asked) * (STEPS + 1)):
            if self.held.slices:
                self.complete_one(0, STEPS)
        for job_id in self.asked:
            status = self.store.job(job_id).status
            assert status.ended
            # A job may end by itself in the slice after which it was to be cancelled.
            if status is JobStatus.failed:
                assert job_id not in self.cancelled
        self.end_thread()
        self.database.close()
        self.folder.cleanup()


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedulers, "pause_after", lambda _: 0.0)
    monkeypatch.setattr("service.jobs.renewal.pause_after", lambda _: 0.0)


Jobs.TestCase.settings = settings(max_examples=15, stateful_step_count=20, deadline=None)


class TestJobs(Jobs.TestCase):
    pass


def test_the_drawing_shows_every_transition() -> None:
    drawn = entries.__doc__ or ""
    for event in JobEvent:
        (to,) = {TRANSITIONS[status, event] for status in (JobStatus.queued, JobStatus.running)}
        (line,) = (line for line in drawn.splitlines() if f"  {event}  " in f"{line}  ")
        assert line.split()[:2] == ["queued,", "running"]
        assert line.split()[-1] == to
    assert {status for status, _ in TRANSITIONS} == {status for status in JobStatus if not status.ended}
    assert len(TRANSITIONS) == 2 * len(JobEvent)
