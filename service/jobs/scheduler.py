"""Fair slices of jobs and errands over one `concurrent.futures.Executor`.

One thread owns everything here. It takes messages from an inbox, and between them keeps one slice per
worker in flight, of whoever's turn it is (`shares`). Once the next slice is under way, one
transaction writes the weights, the points and the step that the last one gave; so whatever dies, a
worker or this whole process, costs the slices in flight and nothing else.

A job is a row of the store; an errand trains, too, but changes no model, and is gone with this process.
What becomes of either is in `entries`. A job's state is reached in memory first and then saved; what cannot
be written is tried again after a pause, and whoever watches is woken once it is written; but who waits for an
end is told so after some attempts. A wish to cancel is kept in the job's row, so it outlives the process.

Slices are short, so that those who wait take turns; one that nobody waits for may be longer, because each
also costs a way to a worker and back. The first slice of each is shorter, lest a newcomer wait for many.

A slice that its executor loses is run again from where it began, in another executor. A worker that dies
is its executor's affair.

The executor may be a pool of processes (`pool.WorkerPool`), an in-process one (`workers.InlineExecutor`),
or a Dask cluster's. An entry may bring a place of its own for its slices; it takes its turn like all others.
"""

import logging
import queue
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import CancelledError, Executor, Future
from functools import partial
from time import monotonic
from typing import Any

from service.errors import NotFound, ServiceClosed, StorageFailed
from service.jobs.entries import Entry, FutureEntry, JobEntry, JobEvent, unbegun
from service.jobs.renewal import RenewedExecutor, SizedExecutor, executor_lost, pause_after
from service.jobs.shares import Shares
from service.jobs.store import Store
from service.jobs.watchers import Watchers
from service.logs import Alarm, short_id
from service.records import Job
from service.tasks import TASKS
from service.training import outcomes
from service.training.advance import Work
from service.training.slices import Piece, Timed

logger = logging.getLogger(__name__)

MAX_PATIENT_REFUSALS = 5
"""How often the store may refuse to save a job that has ended before those who wait are told so."""
UNSAVED = (
    "This cannot be written at present; if the lab stops before it can, the job goes on where it was kept."
)


class Scheduler:
    """Runs the store's jobs, and errands, from construction to `close()`."""

    def __init__(self, store: Store, make_executor: Callable[[], Executor], workers: int) -> None:
        """Start, beginning with the jobs that the last process left unfinished.

        `make_executor` is called again whenever the executor is lost; `workers` slices run at a time,
        or as many as a SizedExecutor says.
        """
        self._store = store
        self._inbox: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._arrivals: deque[Job] = deque()
        """Jobs to be taken on. One at a time, between messages, for each has to be read from the store."""
        self._executor = RenewedExecutor(make_executor, lambda: self._inbox.put(_nothing))
        self._workers = workers
        self._jobs: dict[str, JobEntry] = {}
        """Every job that has not ended, or whose end is not saved."""
        self._shares = Shares()
        """Whoever wants slices."""
        self.watchers = Watchers()
        """Woken, from the scheduler's thread, after every change of a job that is saved."""
        self.unsaved: dict[str, Job] = {}
        """Jobs that have ended while that cannot be saved; their `error` says so. Any thread may read it."""
        self._begun: set[str] = set()
        self._storage_failed = False
        self._alarm = Alarm(logger)
        self._accepting = threading.Lock()
        self._closing = False
        self._open = True
        self.closed = False
        self._thread = threading.Thread(target=self._run, name="scheduler", daemon=True)
        self._thread.start()
        for job in store.active_jobs():
            self.enqueue(job)

    def submit(self, job: Job) -> Job:
        """Keep a new job and take it on; it is returned as kept. Raises what `Store.add_job` does.

        One that was written although the store failed is taken on all the same: it would hold its model
        until the next start.
        """
        try:
            kept = self._store.add_job(job)
        except Exception:
            self.enqueue(job)
            raise
        self.enqueue(kept)
        return kept

    def enqueue(self, job: Job) -> None:
        """Take on a job of the store; what is known already, has ended or is not there is left alone."""
        self._arrivals.append(job)
        self._inbox.put(_nothing)

    def run(self, entry: FutureEntry) -> Future[Any]:
        """Take on an errand or a program; its future is cancelled by whoever does not want it.

        Raises ServiceClosed, as the future does if the service is closed before it is done.
        """
        with self._accepting:
            if self._closing:
                raise ServiceClosed
            self._inbox.put(partial(self._shares.join, entry))
            entry.future.add_done_callback(lambda _: self._inbox.put(partial(self._shares.leave, entry)))
        return entry.future

    def cancel(self, job: Job) -> None:
        """End the job after its present slice; one that has ended stays as it is.

        This holds for the next process, too, if this one ends before.
        """
        self._inbox.put(partial(self._cancel, job))
        try:
            self._store.request_cancel(job.id)
        except Exception as error:
            name = short_id(job.id)
            logger.warning("The wish to cancel job %s is kept in memory until it ends: %r", name, error)

    def close(self) -> None:
        """Stop after the slices in flight; unfinished jobs go on at the next start, errands do not.

        Whoever watches a job is woken, and finds `closed` set.
        """
        with self._accepting:
            self._closing = True
            self._inbox.put(self._stop)
        self._thread.join()

    @property
    def alive(self) -> bool:
        """Whether jobs are scheduled at all."""
        return self._thread.is_alive()

    @property
    def has_executor(self) -> bool:
        """Whether there is something to run slices on."""
        return self._executor.present is not None

    # Everything below runs in the scheduler's thread.

    def _run(self) -> None:
        while self._open or self._shares.running:
            try:
                self._hear()
                if self._open and self._arrivals:
                    self._take_on(self._arrivals.popleft())
                while self._open and (entry := self._next()) is not None:
                    self._start_slice(entry)
            except Exception:
                logger.exception("A step of the scheduler failed")  # the others go on
            self._save_all(monotonic())
        self._save_all(float("inf"))
        self._executor.close()
        self.closed = True
        self.watchers.wake_all()
        for entry in self._shares:
            entry.leave()

    def _hear(self) -> None:
        """Wait for messages, or for something to do, and do what the messages say."""
        again = min((entry.save_at for entry in self._jobs.values() if not entry.saved), default=None)
        if self._arrivals:
            again = 0.0
        try:
            message = self._inbox.get(timeout=None if again is None else max(0.0, again - monotonic()))
            while True:
                message()
                message = self._inbox.get_nowait()
        except queue.Empty:
            return

    def _stop(self) -> None:
        self._open = False

    def _take_on(self, job: Job) -> None:
        if job.id in self._jobs:
            return
        try:
            entry = self._entry(job.id)
        except NotFound:
            return
        except Exception as error:
            sentence = outcomes.could_not_begin(error)
            self._jobs[job.id] = unbegun(job, JobEvent.failed, sentence)
            return
        if entry.ended:
            return
        self._jobs[job.id] = entry
        if entry.job.cancel_requested:
            entry.end(JobEvent.cancelled)
        else:
            self._shares.join(entry)

    def _entry(self, job_id: str) -> JobEntry:
        job = self._store.job(job_id)
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
        entry = JobEntry(job, work, owner=model.owner)
        if job.step > job.start_step:
            entry.know(self._store.points(job.id))
        return entry

    def _next(self) -> Entry | None:
        executor = self._executor.present
        most = executor.calls_at_once if isinstance(executor, SizedExecutor) else self._workers
        if executor is None or self._shares.running >= most:
            return None
        return self._shares.next()

    def _start_slice(self, entry: Entry) -> None:
        executor = entry.place or self._executor.present
        assert executor is not None
        stretch = executor.slice_stretch if isinstance(executor, SizedExecutor) else 1.0
        seconds = self._shares.slice_seconds(entry, stretch)
        begin = monotonic()
        try:
            future = executor.submit(*entry.call(seconds))
        except Exception as error:
            self._lose(entry, executor, error)
            return
        self._shares.begin(entry, seconds)
        future.add_done_callback(
            lambda done: self._inbox.put(partial(self._end_slice, entry, executor, done, monotonic() - begin))
        )

    def _end_slice(
        self, entry: Entry, executor: Executor, future: Future[Timed | Piece[object]], elapsed: float
    ) -> None:
        error = CancelledError("the executor dropped the slice") if future.cancelled() else future.exception()
        try:
            if error is None:
                result = future.result()
                if entry.place is None:
                    self._executor.worked()
                elapsed = result.seconds
                entry.take(result)
            elif executor_lost(error):
                elapsed = 0.0
                self._lose(entry, executor, error)
            else:
                entry.fail(error)
        finally:
            self._shares.end(entry, elapsed)

    def _lose(self, entry: Entry, executor: Executor, error: BaseException) -> None:
        self._executor.lose(executor)
        entry.lose(error)
        self._shares.leave(entry)

    def _cancel(self, job: Job) -> None:
        entry = self._jobs.get(job.id)
        if entry is None:  # not taken on yet, if it has not ended: and then the store leaves it as it is
            self._jobs[job.id] = unbegun(job, JobEvent.cancelled)
        else:
            entry.wish_to_cancel()
            self._shares.leave(entry)

    def _save_all(self, moment: float) -> None:
        """Save what is to be saved, but for what was refused and is to be tried after `moment`."""
        for entry in list(self._jobs.values()):
            if not entry.saved and entry.save_at <= moment:
                self._save(entry)
            patient = not self._storage_failed and entry.refused <= MAX_PATIENT_REFUSALS
            if entry.ended and not entry.saved and not patient and entry.job.id not in self.unsaved:
                error = " ".join(filter(None, (entry.job.error, UNSAVED)))
                self.unsaved[entry.job.id] = entry.job.model_copy(update={"error": error})
                self.watchers.wake(entry.job.id)

    def _save(self, entry: JobEntry) -> None:
        job = entry.job
        try:
            self._store.update_job(job, entry.points, entry.work and entry.work.checkpoint)
        except Exception as error:
            # A full disk, say: the jobs go on.
            entry.refused += 1
            entry.save_at = monotonic() + pause_after(entry.refused)
            self._storage_failed = isinstance(error, StorageFailed)
            if not self._storage_failed:  # of which the database tells
                self._alarm.warn(f"Job {short_id(job.id)} cannot be saved; this is tried again: {error!r}")
            return
        self._storage_failed = False
        entry.points, entry.saved, entry.refused, entry.save_at = [], True, 0, 0.0
        if entry.ended:
            del self._jobs[job.id]
            self._begun.discard(job.id)
            self.unsaved.pop(job.id, None)
            logger.info("Job %s %s at step %d", short_id(job.id), job.status, job.step)
        elif job.id not in self._begun:
            self._begun.add(job.id)
            logger.info("Job %s is under way", short_id(job.id))
        self.watchers.wake(job.id)


def _nothing() -> None:
    """A message that only has the scheduler look again."""
