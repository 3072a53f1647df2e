"""What runs in a worker: one slice of a run, and what the scheduler wants to know of it."""

from dataclasses import dataclass
from time import thread_time
from typing import Any

from service.tasks import TASKS
from service.training.advance import Slice, Work, advance, advance_for
from service.training.outcomes import Advice, diverged
from service.training.stability import advise
from service.training.standstill import standstill

SLICE_SECONDS = 0.05
_warm: set[tuple[Any, ...]] = set()


@dataclass(frozen=True)
class Timed:
    """What comes back from a worker."""

    slice: Slice
    steps_per_second: float
    seconds: float
    """The processor's time that it took; what the process does once, such as compiling, is not counted."""
    error: str | None = None
    """If the run diverged: what happened, and what to do about it."""
    stable_learning_rate: float | None = None
    """If the run diverged: a learning rate that was tried and holds, with all else as it was."""
    note: str | None = None
    """If the run got to its end: what keeps the model from learning on, if anything does."""


def timed_slice(work: Work, steps_per_second: float | None) -> Timed:
    """A slice of the run, of about SLICE_SECONDS; where the run ends, with what there is to say about it."""
    _warm_up(work)
    begin = thread_time()
    result, rate = advance_for(work, SLICE_SECONDS, steps_per_second)
    seconds = thread_time() - begin
    if result.diverged_at is not None:
        found = advise(work)
        error = diverged(result.diverged_at, work.start_step, work.config.steps, found)
        return Timed(result, rate, seconds, error, found.offer if isinstance(found, Advice) else None)
    note = standstill(work, result) if result.step == work.target_step else None
    return Timed(result, rate, seconds, note=note)


def _warm_up(work: Work) -> None:
    """Have what the work needs imported and compiled in this process, before its time is taken."""
    config = work.config
    kind = (
        work.task,
        TASKS[work.task].widths(work.options),
        config.engine,
        config.optimizer,
        any(config.settings.values()),
        config.batch_size > 1,
        config.held_out > 0,
    )
    if kind not in _warm:
        advance(work, 1)
        _warm.add(kind)
