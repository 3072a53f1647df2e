"""What runs in a worker: one slice of a job or of an errand, and what it took.

Seconds are the processor's, of what the engine and its checkpoints take. What a process does once for a
kind of training, such as importing and compiling, is done before they are counted.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from time import thread_time
from typing import Any, Generic, Protocol, TypeVar

from service.tasks import TASKS
from service.training.advance import Slice, Work, advance, advance_for, first_checkpoint
from service.training.outcomes import Advice, diverged
from service.training.stability import advise
from service.training.standstill import standstill

State = TypeVar("State")
_warm: set[tuple[Any, ...]] = set()


@dataclass(frozen=True)
class Timed:
    """A slice of a job, as it comes back from a worker."""

    slice: Slice
    steps_per_second: float
    seconds: float
    error: str | None = None
    """If the run diverged: what happened, and what to do about it."""
    stable_learning_rate: float | None = None
    """If the run diverged: a learning rate that was tried and holds, with all else as it was."""
    note: str | None = None
    """If the run got to its end: what keeps the model from learning on, if anything does."""


def timed_slice(work: Work, steps_per_second: float | None, seconds: float) -> Timed:
    """A slice of the run, of about so many seconds; at the run's end, with what there is to say about it."""
    _warm_up(work)
    begin = thread_time()
    result, rate = advance_for(work, seconds, steps_per_second)
    taken = thread_time() - begin
    if result.diverged_at is not None:
        found = advise(work)
        error = diverged(result.diverged_at, work.start_step, work.config.steps, found)
        return Timed(result, rate, taken, error, found.offer if isinstance(found, Advice) else None)
    note = standstill(work, result) if result.step == work.target_step else None
    return Timed(result, rate, taken, note=note)


class Errand(Protocol[State]):
    """Trainings that change no model, in slices that are each a function of the last one's state.

    Errands and their states travel to the workers and back.
    """

    def works(self) -> Iterable[Work]:
        """One of each kind of training that it runs, at any step and of any weights."""
        ...

    def begin(self) -> State:
        """The state before the first step."""
        ...

    def go_on(self, state: State, seconds: float) -> State:
        """A later state, at least a step on and at most about so many seconds."""
        ...

    def done(self, state: State) -> bool:
        """Whether the state is the last, and so the errand's result."""
        ...


@dataclass(frozen=True)
class Piece(Generic[State]):
    """A slice of an errand, as it comes back from a worker."""

    state: State
    seconds: float
    done: bool


def timed_piece(errand: Errand[State], state: State | None, seconds: float) -> Piece[State]:
    """A slice of the errand, of about so many seconds; from its beginning if the state is None."""
    for work in errand.works():
        _warm_up(work)
    begin, left = thread_time(), seconds
    state = errand.begin() if state is None else state
    while not errand.done(state) and left > 0:
        state = errand.go_on(state, left)
        left = begin + seconds - thread_time()
    return Piece(state, thread_time() - begin, errand.done(state))


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
        checkpoint = first_checkpoint(work.task, work.options, seed=0)
        advance(replace(work, step=work.start_step, checkpoint=checkpoint), 1)
        _warm.add(kind)
