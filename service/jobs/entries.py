"""What takes turns: jobs, which the store keeps, and errands and programs, which it does not.

A job's states, and what leads from one to the next:

    from             event                                                    to
    queued, running  a slice was done                                         running
    queued, running  ... and the target is reached                            succeeded
    queued, running  ... and the loss is no longer a finite number            diverged
    queued, running  a cancel, as soon as no slice of it is in flight         cancelled
    queued, running  an error of its own, or too many slices lost in a row    failed

An error of its own may also be that it killed its workers, or cannot be read. The last four states are
final; the database refuses to change them. A job that reaches its target, or diverges,
in the slice after which it was to be cancelled has ended so. One that fails in it is cancelled.

An errand ends when its future does: with a result, with an error, or cancelled by whoever asked for it. So
does a program that somebody wrote. That has a process of its own, on this machine, which runs while its
slices do.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future, InvalidStateError
from contextlib import suppress
from dataclasses import dataclass, field, replace
from enum import StrEnum
from time import monotonic
from typing import Any

from service.errors import ServiceClosed
from service.records import Job, JobStatus, Point
from service.sandbox.process import ProgramProcess
from service.training import outcomes
from service.training.advance import Work
from service.training.slices import Errand, Piece, Timed, timed_piece, timed_slice

MAX_LOST_SLICES = 6
"""Slices of an entry that executors may lose or refuse in a row, for whatever reason."""


class JobEvent(StrEnum):
    """What leads a job from one state to another, as it is called above."""

    advanced = "a slice was done"
    arrived = "... and the target is reached"
    diverged = "... and the loss is no longer a finite number"
    cancelled = "a cancel, as soon as no slice of it is in flight"
    failed = "an error of its own, or too many slices lost in a row"


TRANSITIONS = {
    (status, event): to
    for status in (JobStatus.queued, JobStatus.running)
    for event, to in {
        JobEvent.advanced: JobStatus.running,
        JobEvent.arrived: JobStatus.succeeded,
        JobEvent.diverged: JobStatus.diverged,
        JobEvent.cancelled: JobStatus.cancelled,
        JobEvent.failed: JobStatus.failed,
    }.items()
}
"""The drawing above, as a table: no other change of a job's state is made."""


@dataclass(kw_only=True, eq=False)
class Entry(ABC):
    """Something that is computed slice by slice, and what became of its slices."""

    owner: str = ""
    """Who is charged for it."""
    place: Executor | None = None
    """Where its slices run; None for the workers."""
    running: bool = False
    """Whether a slice is in flight."""
    reserved_seconds: float = 0.0
    """What the owner is charged in advance for the slice in flight."""
    begun: bool = False
    """Whether a slice of it has been done."""
    lost: int = 0
    """How many times in a row its slice was lost."""

    @property
    @abstractmethod
    def ended(self) -> bool:
        """Whether it takes no more slices."""

    @property
    def waiting(self) -> bool:
        """Whether its next slice may begin."""
        return not self.running and not self.ended

    @abstractmethod
    def call(self, seconds: float) -> tuple[Callable[..., Any], *tuple[Any, ...]]:
        """The function to be called in a worker for about so many seconds, and its arguments."""

    def take(self, result: Any) -> None:
        """Take up what the call gave."""
        self.begun = True
        self.lost = 0

    def lose(self, error: BaseException) -> None:
        """An executor has lost or refused the slice: it is called again, unless that was tried too often."""
        self.lost += 1
        if self.lost >= MAX_LOST_SLICES:
            self.fail(error)

    @abstractmethod
    def fail(self, error: BaseException) -> None:
        """End it with an error."""

    @abstractmethod
    def leave(self) -> None:
        """Get no more slices, for the service closes."""


@dataclass(eq=False)
class JobEntry(Entry):
    """A job's last state, what its next slice starts from, and what is not saved yet."""

    job: Job
    work: Work | None = None
    """None for a job that ended before it began."""
    first_loss: float | None = None
    """Where the job began, and below, the step of the last recorded point; if there are any."""
    recorded: int | None = None
    points: list[Point] = field(default_factory=list)
    """Those not saved yet."""
    held_out_loss: float | None = None
    """Where the job stands now."""
    saved: bool = True
    refused: int = 0
    """How many times in a row the store has refused to save it, and below, when to try again."""
    save_at: float = 0.0

    @property
    def ended(self) -> bool:
        """Whether the job's status is final."""
        return self.job.status.ended

    def call(self, seconds: float) -> tuple[Callable[..., Timed], *tuple[Any, ...]]:
        """The next slice of the job."""
        return timed_slice, self.work, self.job.steps_per_second, seconds

    def take(self, result: Timed) -> None:
        """Move the job on, maybe to its end."""
        super().take(result)
        self._advance(result)
        if result.slice.diverged_at is not None:
            self.end(JobEvent.diverged, result.error)
        elif self.job.step == self.job.target_step:
            note = result.note or outcomes.rose(self.first_loss, self.job.loss)
            self.job = self.job.model_copy(update={"note": note})
            self.end(JobEvent.arrived)
        elif self.job.cancel_requested:
            self.end(JobEvent.cancelled)

    def _advance(self, timed: Timed) -> None:
        assert self.work is not None
        result = timed.slice
        reached = {
            "status": TRANSITIONS[self.job.status, JobEvent.advanced],
            "step": result.step,
            "loss": result.loss,
            "steps_per_second": timed.steps_per_second or self.job.steps_per_second,
            "stable_learning_rate": timed.stable_learning_rate,
        }
        self.job = self.job.model_copy(update=reached)
        self.work = replace(self.work, step=result.step, checkpoint=result.checkpoint)
        self.know(result.points)
        self.points += result.points
        self.held_out_loss = result.held_out_loss
        self.saved = False

    def know(self, points: Sequence[Point]) -> None:
        """Remember of recorded points what is needed of them."""
        if points and points[0].step == self.job.start_step:
            self.first_loss = points[0].loss
        self.recorded = points[-1].step if points else self.recorded

    def lose(self, error: BaseException) -> None:
        """As any entry, but a job that is to be cancelled is."""
        if self.job.cancel_requested:
            self.end(JobEvent.cancelled)
        else:
            super().lose(error)

    def fail(self, error: BaseException) -> None:
        """End the job as failed, or as cancelled if it was to be."""
        if self.job.cancel_requested:
            self.end(JobEvent.cancelled)
        else:
            self.end(JobEvent.failed, outcomes.failed(self.job.step, error))

    def leave(self) -> None:
        """Stay as it is: the next process goes on with the job."""

    def wish_to_cancel(self) -> None:
        """End the job, or have it end after the slice in flight; one that has ended stays as it is."""
        if self.ended:
            return
        self.job = self.job.model_copy(update={"cancel_requested": True})
        self.saved = False
        if not self.running:
            self.end(JobEvent.cancelled)

    def end(self, event: JobEvent, error: str | None = None) -> None:
        """End the job by an event, with a point where it stands if it has recorded any."""
        status = TRANSITIONS[self.job.status, event]
        self.job = self.job.model_copy(update={"status": status, "error": error})
        if self.recorded not in (None, self.job.step) and self.job.loss is not None:
            last = Point(step=self.job.step, loss=self.job.loss, held_out_loss=self.held_out_loss)
            self.points.append(last)
            self.recorded = last.step
        self.saved = False


def unbegun(job: Job, event: JobEvent, error: str | None = None) -> JobEntry:
    """The entry of a job that ends before it begins."""
    entry = JobEntry(job)
    entry.end(event, error)
    return entry


@dataclass(kw_only=True, eq=False)
class FutureEntry(Entry):
    """What ends with a future, and changes nothing that is kept."""

    state: Any = None
    """None before its first slice."""
    future: Future[Any] = field(default_factory=Future)

    @property
    def ended(self) -> bool:
        """Whether the future has its result, or nobody wants it any more."""
        return self.future.done()

    def take(self, result: Piece[Any]) -> None:
        """Keep the state, which is the result once it is done."""
        super().take(result)
        self.state = result.state
        if result.done:
            with suppress(InvalidStateError):  # cancelled meanwhile
                self.future.set_result(self.state)

    def fail(self, error: BaseException) -> None:
        """Raise the error where the result is waited for."""
        with suppress(InvalidStateError):  # cancelled meanwhile
            self.future.set_exception(error)

    def leave(self) -> None:
        """Tell whoever waits, for no other process goes on with it."""
        self.fail(ServiceClosed())


@dataclass(eq=False)
class ErrandEntry(FutureEntry):
    """An errand, where it stands, and who is told of its end."""

    errand: Errand[Any]

    def call(self, seconds: float) -> tuple[Callable[..., Piece[Any]], *tuple[Any, ...]]:
        """The next piece of the errand."""
        return timed_piece, self.errand, self.state, seconds


@dataclass(eq=False)
class ProgramEntry(FutureEntry):
    """A program's process, which runs while its slices do; its result is the process, once that has ended."""

    process: ProgramProcess

    def call(self, seconds: float) -> tuple[Callable[..., Piece[Any]], *tuple[Any, ...]]:
        """Let the process run for a while."""
        return _run_on, self.process, seconds


def _run_on(process: ProgramProcess, seconds: float) -> Piece[ProgramProcess]:
    begin = monotonic()
    done = process.advance(seconds)
    return Piece(process, monotonic() - begin, done)
