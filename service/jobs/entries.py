"""A job on its way through the scheduler, in memory: its states, and what is not saved yet.

    from             event                                                    to
    queued, running  a slice was done                                         running
    queued, running  ... and the target is reached                            succeeded
    queued, running  ... and the loss is no longer a finite number            diverged
    queued, running  a cancel, as soon as no slice of it is in flight         cancelled
    queued, running  an error of its own; or it killed MOST_CRASHES workers,
                     or executors lost MOST_LOST slices of it, in a row       failed

The last four are final; the database refuses to change them. A job that reaches its target, or diverges,
in the slice after which it was to be cancelled has ended so. One that fails in it is cancelled.
"""

from dataclasses import dataclass, field, replace

from service.records import Job, JobStatus, Point
from service.training.advance import Work
from service.training.slices import Timed

MOST_CRASHES = 3
"""Workers that a job may kill in a row, without a slice of it done in between."""
MOST_LOST = 6
"""Slices of a job that executors may lose or refuse in a row, for whatever reason."""


@dataclass
class Entry:
    """A job's last state, what its next slice starts from, and what is not saved yet."""

    job: Job
    work: Work | None = None
    """None for a job that ended before it began."""
    owner: str = ""
    recorded: int | None = None
    """The step of the last recorded point, if there is one."""
    points: list[Point] = field(default_factory=list)
    """Those not saved yet."""
    held_out_loss: float | None = None
    """Where the job stands now."""
    running: bool = False
    """Whether a slice is in flight, and below, whether no other was in flight beside it at any time."""
    alone: bool = True
    suspect: bool = False
    """Whether a slice of it was in flight when a worker died, and none has been done since."""
    crashes: int = 0
    lost: int = 0
    saved: bool = True
    refused: int = 0
    """How many times in a row the store has refused to save it, and below, when to try again."""
    save_at: float = 0.0

    @property
    def waiting(self) -> bool:
        """Whether its next slice may begin."""
        return not self.running and not self.job.status.ended

    def advance(self, timed: Timed) -> None:
        """Take up what a slice gave."""
        assert self.work is not None
        result = timed.slice
        reached = {
            "status": JobStatus.running,
            "step": result.step,
            "loss": result.loss,
            "steps_per_second": timed.steps_per_second or self.job.steps_per_second,
            "stable_learning_rate": timed.stable_learning_rate,
        }
        self.job = self.job.model_copy(update=reached)
        self.work = replace(self.work, step=result.step, checkpoint=result.checkpoint)
        self.points += result.points
        self.recorded = result.points[-1].step if result.points else self.recorded
        self.held_out_loss = result.held_out_loss
        self.crashes, self.lost, self.suspect = 0, 0, False
        self.saved = False

    def wish_to_cancel(self) -> None:
        """End the job, or have it end after the slice in flight; one that has ended stays as it is."""
        if self.job.status.ended:
            return
        self.job = self.job.model_copy(update={"cancel_requested": True})
        self.saved = False
        if not self.running:
            self.end(JobStatus.cancelled)

    def end(self, status: JobStatus, error: str | None = None) -> None:
        """End the job, with a point where it stands if it has recorded any."""
        self.job = self.job.model_copy(update={"status": status, "error": error})
        if self.recorded not in (None, self.job.step) and self.job.loss is not None:
            last = Point(step=self.job.step, loss=self.job.loss, held_out_loss=self.held_out_loss)
            self.points.append(last)
            self.recorded = last.step
        self.saved = False


def unbegun(job: Job, status: JobStatus, error: str | None = None) -> Entry:
    """The entry of a job that ends before it begins."""
    entry = Entry(job)
    entry.end(status, error)
    return entry
