"""A model's training, run once more: to look at it on the way, or to give other first weights a chance."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from time import perf_counter

import torch

from service.records import DataConfig, Job, JobStatus, Record
from service.tasks import TASKS
from service.training.advance import Slice, Work, advance, first_checkpoint, load_module
from service.training.examples import Uploads

MOST_FRAMES = 60


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


def frames(
    task: str, options: Record, seed: int, jobs: Sequence[Job], steps: Sequence[int], uploads: Uploads
) -> list[Frame]:
    """The model at each of the `steps` (ascending), trained as the jobs did, to the bit.

    At most MOST_FRAMES of the steps are taken, evenly, the first and the last among them.
    """
    chosen = _thin(steps)
    checkpoint = first_checkpoint(task, options, seed)
    found = [_frame(task, options, 0, None, checkpoint)] if 0 in chosen else []
    for job in jobs:
        work = _work(task, options, job, checkpoint, uploads)
        for step in [step for step in chosen if job.start_step < step <= job.step]:
            result = advance(work, step - work.step)
            found.append(_frame(task, options, step, result.loss, result.checkpoint))
            work = replace(work, step=result.step, checkpoint=result.checkpoint)
        checkpoint = advance(work, job.step - work.step).checkpoint
    return found


def final_loss(task: str, options: Record, seed: int, jobs: Sequence[Job], uploads: Uploads) -> float | None:
    """The loss at the end of the jobs from the first weights of `seed`; None if it diverges."""
    checkpoint = first_checkpoint(task, options, seed)
    result: Slice | None = None
    for job in jobs:
        # One that diverged has stopped short; another seed may get to its end.
        end = job.target_step if job.status is JobStatus.diverged else job.step
        result = advance(_work(task, options, job, checkpoint, uploads), end - job.start_step)
        if result.diverged_at is not None:
            return None
        checkpoint = result.checkpoint
    return result.loss if result else None


def seed_losses(
    task: str, options: Record, jobs: Sequence[Job], uploads: Uploads, count: int, budget: float
) -> list[float | None]:
    """`final_loss` for the seeds from 0 on: `count` of them, or as many as fit into `budget` seconds.

    The first is not charged: it may be what loads or compiles the kernel.
    """
    losses = [final_loss(task, options, 0, jobs, uploads)]
    end = perf_counter() + budget
    while len(losses) < count and perf_counter() < end:
        losses.append(final_loss(task, options, len(losses), jobs, uploads))
    return losses


def seconds(jobs: Sequence[Job]) -> float:
    """About how long the jobs take to run once more."""
    return sum((job.step - job.start_step) / (job.steps_per_second or 1) for job in jobs)


def _work(task: str, options: Record, job: Job, checkpoint: bytes, uploads: Uploads) -> Work:
    return Work(
        task,
        options,
        job.config,
        job.start_step,
        job.target_step,
        job.start_step,
        checkpoint,
        upload=uploads.get(job.config.dataset),
    )


def _frame(task: str, options: Record, step: int, loss: float | None, checkpoint: bytes) -> Frame:
    module = load_module(task, options, checkpoint)
    x = TASKS[task].examples(options, DataConfig()).inputs[0]
    with torch.no_grad():
        layers = tuple(
            FrameLayer(each.name, each.layer.weight.tolist(), each.layer.bias.tolist(), each.outputs.tolist())
            for each in TASKS[task].layers(module, x)
        )
        outputs = module(x).reshape(-1).tolist()
    return Frame(step, loss, layers, tuple(outputs))


def _thin(steps: Sequence[int]) -> list[int]:
    if len(steps) <= MOST_FRAMES:
        return list(steps)
    return [steps[round(index * (len(steps) - 1) / (MOST_FRAMES - 1))] for index in range(MOST_FRAMES)]
