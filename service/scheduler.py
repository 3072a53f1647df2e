"""Fair slices of many jobs over one `concurrent.futures.Executor`.

One thread owns everything here. It takes messages from an inbox, and between them keeps one slice per
worker in flight, always of the owner who has been served least. Once the next slice is under way, one
transaction writes the weights, the points and the step that the last one gave; so whatever dies, a
worker or this whole process, costs the slices in flight and nothing else.

The executor may be a process pool, an in-process one (`workers.InlineExecutor`), or a Dask cluster's.
"""

import logging
import queue
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial

from service.records import Job, JobStatus, Point
from service.slices import SLICE_SECONDS, Timed, timed_slice
from service.store import Store
from service.tasks import TASKS
from service.training import Work

logger = logging.getLogger(__name__)

MOST_CRASHES = 3


@dataclass
class Entry:
    """A job on its way: its last state, what the next slice starts from, and what is not saved yet."""

    job: Job
    work: Work
    owner: str
    points: list[Point] = field(default_factory=list)
    saved: bool = True
    crashes: int = 0
    running: bool = False
    cancelled: bool = False
    held_out_loss: float | None = None
    """Where the job stands now."""


class Scheduler:
    """Runs the store's jobs, from construction to `close()`."""

    def __init__(self, store: Store, make_executor: Callable[[], Executor], workers: int) -> None:
        """Start, beginning with the jobs that the last process left unfinished.

        `make_executor` is called again whenever the executor breaks; `workers` slices run at a time.
        """
        self._store = store
        self._make_executor = make_executor
        self._executor = make_executor()
        self._workers = workers
        self._entries: dict[str, Entry] = {}
        self._served: dict[str, float] = {}
        self._inbox: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._watchers: dict[str, list[Callable[[], None]]] = {}
        self._watchers_lock = threading.Lock()
        self._cancelled_early: set[str] = set()
        self._open = True
        self.closed = False
        self._thread = threading.Thread(target=self._run, name="scheduler", daemon=True)
        self._thread.start()
        for job in store.active_jobs():
            self.enqueue(job)

    def enqueue(self, job: Job) -> None:
        """Take on a job of the store."""
        self._inbox.put(partial(self._take_on, job))

    def cancel(self, job_id: str) -> None:
        """End the job after its present slice; a job that has ended stays as it is."""
        self._inbox.put(partial(self._cancel, job_id))

    @contextmanager
    def watching(self, job_id: str, wake: Callable[[], None]) -> Iterator[None]:
        """Call `wake` (from the scheduler's thread) after every change of the job."""
        with self._watchers_lock:
            self._watchers.setdefault(job_id, []).append(wake)
        try:
            yield
        finally:
            with self._watchers_lock:
                self._watchers[job_id].remove(wake)
                if not self._watchers[job_id]:
                    del self._watchers[job_id]

    def close(self) -> None:
        """Stop after the slices in flight; unfinished jobs go on at the next start.

        Whoever watches a job is woken, and finds `closed` set.
        """
        self._inbox.put(self._stop)
        self._thread.join()

    # Everything below runs in the scheduler's thread.

    def _run(self) -> None:
        while self._open or any(entry.running for entry in self._entries.values()):
            self._attempt(self._inbox.get())
            while self._open and (entry := self._next()) is not None:
                self._start_slice(entry)
            for entry in self._entries.values():
                if not entry.saved:
                    self._attempt(partial(self._save, entry))
        self._executor.shutdown()
        self.closed = True
        with self._watchers_lock:
            watched = list(self._watchers)
        for job_id in watched:
            self._wake(job_id)

    def _attempt(self, action: Callable[[], None]) -> None:
        try:
            action()
        except Exception:
            # A full disk, say. The other jobs go on, and saving this one is tried again.
            logger.exception("A step of the scheduler failed")

    def _stop(self) -> None:
        self._open = False

    def _take_on(self, job: Job) -> None:
        try:
            entry = self._entry(job)
        except Exception as error:
            sentence = f"The run could not begin ({error!r}); the model is as it was."
            failed = job.model_copy(update={"status": JobStatus.failed, "error": sentence})
            self._store.update_job(failed)
            self._wake(job.id)
            return
        # Nobody gathers credit by being away; a debt lasts until the others have been served as much.
        active = {other.owner for other in self._entries.values()}
        floor = min((self._served[owner] for owner in active), default=0.0)
        known = self._served.items() if active else ()
        self._served = {owner: served for owner, served in known if served > floor or owner in active}
        self._served.setdefault(entry.owner, floor)
        self._entries[job.id] = entry
        if job.id in self._cancelled_early:
            self._cancelled_early.remove(job.id)
            self._finish(entry, JobStatus.cancelled, None)

    def _entry(self, job: Job) -> Entry:
        model, checkpoint = self._store.model_and_checkpoint(job.model_id)
        work = Work(
            task=model.task,
            options=TASKS[model.task].options.model_validate(model.options),
            config=job.config,
            start_step=job.start_step,
            target_step=job.target_step,
            step=job.step,
            checkpoint=checkpoint,
            seed=model.seed,
            upload=self._store.dataset(job.config.dataset),
        )
        return Entry(job, work, model.owner)

    def _next(self) -> Entry | None:
        running = [entry for entry in self._entries.values() if entry.running]
        waiting = [entry for entry in self._entries.values() if not entry.running]
        suspects = [entry for entry in waiting if entry.crashes]
        if any(entry.crashes for entry in running) or (running and suspects):
            return None  # what may have killed a worker runs alone, lest it take the others along
        if len(running) >= self._workers:
            return None
        return min(suspects or waiting, key=lambda entry: self._served[entry.owner], default=None)

    def _start_slice(self, entry: Entry) -> None:
        entry.running = True
        # Counted in advance too, so that one owner's two jobs do not take both workers at once.
        self._served[entry.owner] += SLICE_SECONDS
        try:
            future = self._executor.submit(timed_slice, entry.work, entry.job.steps_per_second)
        except Exception as error:
            future = Future[Timed]()
            future.set_exception(error)
        executor = self._executor
        future.add_done_callback(
            lambda done: self._inbox.put(partial(self._end_slice, entry, executor, done))
        )

    def _end_slice(self, entry: Entry, executor: Executor, future: Future[Timed]) -> None:
        entry.running = False
        self._served[entry.owner] -= SLICE_SECONDS
        # To the end of the line, so that an owner's jobs take turns.
        self._entries[entry.job.id] = self._entries.pop(entry.job.id)
        try:
            error = future.exception()
        except CancelledError:
            error = BrokenExecutor("the executor dropped the slice")
        if error is None:
            self._progress(entry, future.result())
        elif isinstance(error, BrokenExecutor) and entry.crashes + 1 < MOST_CRASHES:
            entry.crashes += 1
            if executor is self._executor:
                executor.shutdown(wait=False)
                self._executor = self._make_executor()
        else:
            sentence = (
                f"The run failed at step {entry.job.step:,} ({error!r}); the weights before it are kept."
            )
            self._finish(entry, JobStatus.failed, sentence)

    def _progress(self, entry: Entry, timed: Timed) -> None:
        result = timed.slice
        entry.crashes = 0
        self._served[entry.owner] += timed.seconds
        reached = {
            "status": JobStatus.running,
            "step": result.step,
            "loss": result.loss,
            "steps_per_second": timed.steps_per_second or entry.job.steps_per_second,
            "stable_learning_rate": timed.stable_learning_rate,
        }
        entry.job = entry.job.model_copy(update=reached)
        entry.work = replace(entry.work, step=result.step, checkpoint=result.checkpoint)
        entry.points += result.points
        entry.held_out_loss = result.held_out_loss
        entry.saved = False
        if result.diverged_at is not None:
            sentence = _diverged(entry.job, result.diverged_at)
            self._finish(entry, JobStatus.diverged, sentence)
        elif result.step == entry.job.target_step:
            self._finish(entry, JobStatus.succeeded, None)
        elif entry.cancelled:
            self._finish(entry, JobStatus.cancelled, None)

    def _save(self, entry: Entry) -> None:
        self._store.update_job(entry.job, entry.points, entry.work.checkpoint)
        entry.points, entry.saved = [], True
        self._wake(entry.job.id)

    def _cancel(self, job_id: str) -> None:
        entry = self._entries.get(job_id)
        if entry is None:
            if not self._store.job(job_id).status.ended:
                self._cancelled_early.add(job_id)  # it is in the store, and soon in the inbox
        elif entry.running:
            entry.cancelled = True
        else:
            self._finish(entry, JobStatus.cancelled, None)

    def _finish(self, entry: Entry, status: JobStatus, error: str | None) -> None:
        ended = entry.job.model_copy(update={"status": status, "error": error})
        points = list(entry.points)
        recorded = points or self._store.points(ended.id)
        if recorded and recorded[-1].step != ended.step and ended.loss is not None:
            points.append(Point(step=ended.step, loss=ended.loss, held_out_loss=entry.held_out_loss))
        self._store.update_job(ended, points, None if entry.saved else entry.work.checkpoint)
        del self._entries[ended.id]
        self._wake(ended.id)

    def _wake(self, job_id: str) -> None:
        with self._watchers_lock:
            watchers = list(self._watchers.get(job_id, ()))
        for wake in watchers:
            wake()


def _diverged(job: Job, step: int) -> str:
    if step == job.start_step:
        return (
            f"The loss is not a finite number at step {step:,}, before any update; "
            "rewind the model, or start from smaller values."
        )
    rate = job.stable_learning_rate
    advice = "a smaller learning rate" if rate is None else f"a learning rate of {rate:g} or below"
    return f"Diverged at step {step:,}: the loss was no longer a finite number. Try {advice}."
