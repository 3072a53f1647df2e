"""The endpoints that train, one model or many at once, and those that follow a job."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import gradio as gr
from pydantic import Field

from service import Job, Model, TrainingService, with_momentum
from ui.endpoints.signatures import ID, Group, ModelId
from ui.visitors import owner_of

JobId = Annotated[str, "the id of a job, 32 hexadecimal digits", ID]
Training = Annotated[dict[str, Any], Group("training")]
PAUSE_SECONDS = 0.01
"""Between two updates of a watch, for each that is open: what they take together stays the same."""
PROGRESS_SECONDS = 0.5
"""Between two messages to who waits for a training, each of which reads the job; most are done before."""
Momentum = Annotated[
    float | None, 'short for the "momentum" of settings: a number from 0 to 1', Field(ge=0, le=1)
]


class _Open:
    """How many of something are open."""

    def __init__(self) -> None:
        self.count = 0

    @contextmanager
    def one_more(self) -> Iterator[None]:
        """Count one until the context is left."""
        self.count += 1
        try:
            yield
        finally:
            self.count -= 1


_watches = _Open()


async def submit(
    service: TrainingService, model_id: ModelId, training: Training, momentum: Momentum = 0.0
) -> dict[str, Any]:
    """Queue a training from where the model stands and return the job at once; see /watch."""
    return service.submit(model_id, **with_momentum(training, momentum)).model_dump(mode="json")


async def train(
    service: TrainingService, model_id: ModelId, training: Training, momentum: Momentum = 0.0
) -> dict[str, Any]:
    """Train, wait for the end, and return the finished job; takes what /submit takes."""
    job_id = (await submit(service, model_id, training, momentum))["id"]
    ending = asyncio.ensure_future(_ended(service, job_id))
    try:
        while not (await asyncio.wait([ending], timeout=PROGRESS_SECONDS))[0]:
            _tell(service.job(job_id))
        return await ending
    finally:
        ending.cancel()


async def sweep(
    service: TrainingService,
    grid: Annotated[dict[str, Any], Group("grid")],
    model: Annotated[dict[str, Any], Group("swept_model")],
    training: Annotated[dict[str, Any], Group("swept_training")],
    momentum: Momentum = 0.0,
    request: gr.Request | None = None,
) -> list[dict[str, Any]]:
    """Train a new model for every combination of learning rate, widths and seed, at most 200, and wait.

    All else is the same for all. Returns for each its model_id, job_id, learning_rate, hidden, seed, status,
    step and loss, and its certified radius (challenge).
    """
    task, owner = model.pop("task"), owner_of(request)
    config = with_momentum(training, momentum)
    jobs = await asyncio.to_thread(service.sweep, task, grid, model, config, owner=owner)
    ended: list[Job] = []
    for each in jobs:
        ended.append(await service.ended(each.id))
        gr.Progress()((len(ended), len(jobs)), f"{len(ended)} of {len(jobs)} runs", unit="runs")
    radii = await asyncio.to_thread(service.runs.radii, [each.model_id for each in ended], float("inf"))
    return [_outcome(service.model(each.model_id), each, radii.get(each.model_id)) for each in ended]


async def watch(
    service: TrainingService,
    job_id: JobId,
    after: Annotated[int, "an update's `after`, to go on from it", Field(ge=0)] = 0,
) -> AsyncIterator[dict[str, Any]]:
    """Stream the job's status, step and new points until it has ended."""
    with _watches.one_more():
        async for progress in service.watch(job_id, after):
            yield progress.model_dump(mode="json")
            if not progress.status.ended:
                await asyncio.sleep(PAUSE_SECONDS * _watches.count)


async def job(service: TrainingService, job_id: JobId) -> dict[str, Any]:
    """Return the job as it stands."""
    return service.job(job_id).model_dump(mode="json")


async def cancel(
    service: TrainingService,
    job_id: Annotated[str, "the id of a job, or of a model to mean its last job", ID],
) -> dict[str, Any]:
    """Stop the job and return it; what it has learned is kept."""
    return await _ended(service, service.request_cancel(job_id).id)


async def _ended(service: TrainingService, job_id: str) -> dict[str, Any]:
    return (await service.ended(job_id)).model_dump(mode="json")


def _tell(job: Job) -> None:
    """Tell whoever waits for the job how far it is. The rest is for who asks: see /watch."""
    done, steps = job.step - job.start_step, job.target_step - job.start_step
    loss = "" if job.loss is None else f", loss {job.loss:.4g}"
    gr.Progress()((done, steps), f"{done:,} of {steps:,} steps{loss}")


def _outcome(model: Model, job: Job, radius: int | None) -> dict[str, Any]:
    return {
        **job.model_dump(mode="json", include={"model_id", "status", "step", "loss"}),
        "job_id": job.id,
        "learning_rate": job.config.learning_rate,
        "hidden": model.options.get("hidden"),
        "seed": model.seed,
        "radius": radius,
    }
