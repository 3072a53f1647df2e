"""A model's jobs, run once more: to look at it on the way, or to give other first weights a chance.

Both are errands (see `slices`): they change no model, and take turns with all that trains.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from time import thread_time
from typing import TypeVar

import torch

from service.records import DataConfig, Job, JobStatus, Record
from service.tasks import TASKS
from service.training.advance import Slice, Work, advance_for, first_checkpoint, load_module
from service.training.examples import Uploads

MAX_FRAMES = 60


@dataclass(frozen=True)
class FrameLayer:
    """One nn.Linear at a step, and what it gives for the first example, after the activation if any."""

    name: str
    weight: list[list[float]]
    bias: list[float]
    values: list[float]


@dataclass(frozen=True)
class Frame:
    """A model in the middle of its training."""

    step: int
    loss: float | None
    layers: tuple[FrameLayer, ...]
    """None where the task has no layers."""
    outputs: tuple[float, ...]
    """What it answers to the first example."""


@dataclass(frozen=True)
class Position:
    """Where jobs that are run once more stand: at a step of the job of that number."""

    checkpoint: bytes
    step: int
    job: int = 0


At = TypeVar("At", bound=Position)


@dataclass(frozen=True)
class Rerun:
    """What it takes to run the jobs of a model once more, one after another."""

    task: str
    options: Record
    jobs: tuple[Job, ...]
    uploads: Uploads

    def works(self) -> Iterator[Work]:
        """Each job at its beginning, without weights."""
        return (self._work(job, Position(b"", job.start_step)) for job in self.jobs)

    def _first_checkpoint(self, seed: int) -> bytes:
        return first_checkpoint(self.task, self.options, seed)

    def _work(self, job: Job, at: Position) -> Work:
        return Work(
            task=self.task,
            options=self.options,
            config=job.config,
            start_step=job.start_step,
            target_step=job.target_step,
            step=at.step,
            checkpoint=at.checkpoint,
            upload=self.uploads.get(job.config.dataset),
        )

    def _advance(self, at: At, stop: int, seconds: float) -> tuple[At, Slice]:
        """Go on with the job for about so many seconds, at most to the step `stop`; and what that gave."""
        job = self.jobs[at.job]
        result, _ = advance_for(self._work(job, at), seconds, job.steps_per_second, stop)
        return replace(at, step=result.step, checkpoint=result.checkpoint), result

    def _next_job(self, at: At) -> At:
        following = at.job + 1
        step = self.jobs[following].start_step if following < len(self.jobs) else at.step
        return replace(at, job=following, step=step)


@dataclass(frozen=True)
class Replayed(Position):
    """A replay in the middle: the frames so far."""

    frames: tuple[Frame, ...] = ()


@dataclass(frozen=True)
class Replay(Rerun):
    """The errand of finding the model at each of the `steps` (ascending), to the bit."""

    seed: int
    steps: tuple[int, ...]

    def begin(self) -> Replayed:
        """At the first weights."""
        begin = Replayed(self._first_checkpoint(self.seed), step=0)
        return self._showing(begin, None) if 0 in self.steps else begin

    def go_on(self, state: Replayed, seconds: float) -> Replayed:
        """Up to the next of the steps at most."""
        job = self.jobs[state.job]
        stop = next((step for step in self.steps if state.step < step <= job.step), job.step)
        state, result = self._advance(state, stop, seconds)
        if state.step in self.steps:
            state = self._showing(state, result.loss)
        # On another kind of processor than the job ran on, the last bits may differ, and so it may diverge.
        ended = state.step == job.step or result.diverged_at is not None
        return self._next_job(state) if ended else state

    def done(self, state: Replayed) -> bool:
        """Whether the last job has been run."""
        return state.job == len(self.jobs)

    def _showing(self, state: Replayed, loss: float | None) -> Replayed:
        module = load_module(self.task, self.options, state.checkpoint)
        x = TASKS[self.task].examples(self.options, DataConfig()).inputs[0]
        with torch.no_grad():
            layers = tuple(
                FrameLayer(
                    each.name, each.layer.weight.tolist(), each.layer.bias.tolist(), each.outputs.tolist()
                )
                for each in TASKS[self.task].layers(module, x)
            )
            outputs = module(x).reshape(-1).tolist()
        frame = Frame(state.step, loss, layers, tuple(outputs))
        return replace(state, frames=(*state.frames, frame))


def replay(
    task: str, options: Record, seed: int, jobs: Iterable[Job], steps: Sequence[int], uploads: Uploads
) -> Replay:
    """The replay of a model's jobs: of the steps, at most MAX_FRAMES, evenly, the first and the last too."""
    # A job that ended before its first step has changed nothing.
    trained = tuple(job for job in jobs if job.step > job.start_step)
    return Replay(task, options, trained, uploads, seed, tuple(_thin(steps)))


@dataclass(frozen=True)
class Seeds(Position):
    """A comparison of seeds in the middle: the losses so far, and the processor's seconds spent."""

    losses: tuple[float | None, ...] = ()
    seconds: float = 0.0


@dataclass(frozen=True)
class SeedLosses(Rerun):
    """The errand of finding the loss at the end of the jobs from the first weights of the seeds 0, 1, 2, ...

    There are `count` of them, or as many as fit into `budget` seconds of the processor, but at least one.
    A loss is None where the training diverges.
    """

    count: int
    budget: float

    def begin(self) -> Seeds:
        """At the first weights of seed 0."""
        return Seeds(self._first_checkpoint(0), step=0)

    def go_on(self, state: Seeds, seconds: float) -> Seeds:
        """Up to the end of a job at most."""
        begin = thread_time()
        job = self.jobs[state.job]
        # One that diverged has stopped short; another seed may get to its end.
        stop = job.target_step if job.status is JobStatus.diverged else job.step
        state, result = self._advance(state, stop, seconds)
        if result.diverged_at is not None:
            state = self._next_seed(state, None)
        elif state.step == stop:
            state = self._next_job(state)
            if state.job == len(self.jobs):
                state = self._next_seed(state, result.loss)
        return replace(state, seconds=state.seconds + thread_time() - begin)

    def done(self, state: Seeds) -> bool:
        """Whether there are losses enough, or no time for another."""
        found = len(state.losses)
        return not self.jobs or found == self.count or (found > 0 and state.seconds >= self.budget)

    def _next_seed(self, state: Seeds, loss: float | None) -> Seeds:
        losses = (*state.losses, loss)
        return replace(state, losses=losses, job=0, step=0, checkpoint=self._first_checkpoint(len(losses)))


def estimated_seconds(jobs: Iterable[Job]) -> float:
    """About how long the jobs take to run once more."""
    return sum((job.step - job.start_step) / (job.steps_per_second or 1) for job in jobs)


def _thin(steps: Sequence[int]) -> Sequence[int]:
    if len(steps) <= MAX_FRAMES:
        return steps
    return [steps[round(index * (len(steps) - 1) / (MAX_FRAMES - 1))] for index in range(MAX_FRAMES)]
