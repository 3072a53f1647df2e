"""The endpoints that train: one model, or many at once."""

import asyncio
from collections.abc import AsyncIterator
from functools import wraps
from typing import Any

import gradio as gr

from service import InvalidInput, Job, TrainingService


class TrainingEndpoints:
    """A method an endpoint; `ui.endpoints` has the others, and publishes them all."""

    def __init__(self, service: TrainingService) -> None:
        self._service = service

    async def submit(
        self,
        model_id: str,
        learning_rate: float | None = None,
        steps: int | None = None,
        optimizer: str = "sgd",
        momentum: float | None = 0.0,
        engine: str = "compiled",
        batch_size: int = 1,
        order: str = "sequential",
        dataset: str | None = None,
        examples: int = 1000,
        low: int = -10,
        high: int = 10,
        data_seed: int = 0,
        key: str | None = None,
        settings: dict[str, Any] | None = None,
        held_out: float = 0.0,
    ) -> dict[str, Any]:
        """Queue a training from where the model stands and return the job at once; see /watch.

        learning_rate, steps: the task's defaults if left out. engine: "compiled", or "autograd" for
        the lab's loop on torch itself, which also runs the optimizers that "compiled" does not know.
        order: "sequential" or "shuffled". dataset: a named or an added set, or else `examples` integer
        vectors in low..high drawn with data_seed (challenge). settings: the optimizer's own further
        settings, such as {"nesterov": true}. held_out: the share of the examples, up to 0.9, to keep out
        of training and only measure the loss on. key: the same key again gives the same job; with another
        configuration it is refused.
        """
        job = self._service.submit(
            model_id,
            key=key,
            learning_rate=learning_rate,
            steps=steps,
            optimizer=optimizer,
            settings=_with_momentum(momentum, settings),
            engine=engine,
            batch_size=batch_size,
            order=order,
            dataset=dataset,
            examples=examples,
            low=low,
            high=high,
            data_seed=data_seed,
            held_out=held_out,
        )
        return job.model_dump(mode="json")

    @wraps(submit, assigned=["__annotations__"])
    async def train(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Train, wait for the end, and return the finished job; takes what /submit takes."""
        job = await self.submit(*args, **kwargs)
        async for _ in self._service.watch(job["id"]):
            pass
        return await self.job(job["id"])

    async def sweep(
        self,
        task: str,
        learning_rates: list[float],
        hidden: list[list[int]] | None = None,
        seeds: list[int] | None = None,
        activation: str | None = None,
        start: list[float] | None = None,
        target: Any = None,
        steps: int | None = None,
        optimizer: str = "sgd",
        momentum: float | None = 0.0,
        engine: str = "compiled",
        batch_size: int = 1,
        order: str = "sequential",
        dataset: str | None = None,
        examples: int = 1000,
        low: int = -10,
        high: int = 10,
        data_seed: int = 0,
        settings: dict[str, Any] | None = None,
        held_out: float = 0.0,
        request: gr.Request | None = None,
    ) -> list[dict[str, Any]]:
        """Train a new model for every combination of learning rate, widths and seed, at most 200, and wait.

        hidden: a list of lists of layer widths, such as [[3], [8, 8]]. The rest is as in /create_model and
        /train. Returns for each its model_id, job_id, learning_rate, hidden, seed, status, step and loss,
        and its certified radius (challenge).
        """
        jobs = await asyncio.to_thread(
            self._service.sweep,
            task,
            {"learning_rates": learning_rates, "hidden": hidden, "seeds": [0] if seeds is None else seeds},
            {"activation": activation, "start": start, "target": target},
            {
                "steps": steps,
                "optimizer": optimizer,
                "settings": _with_momentum(momentum, settings),
                "engine": engine,
                "batch_size": batch_size,
                "order": order,
                "dataset": dataset,
                "examples": examples,
                "low": low,
                "high": high,
                "data_seed": data_seed,
                "held_out": held_out,
            },
            owner=(request and request.session_hash) or "",
        )
        for job in jobs:
            async for _ in self._service.watch(job.id):
                pass
        return await asyncio.to_thread(self._swept, jobs)

    def _swept(self, jobs: list[Job]) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        radii = self._service.runs.radii([job.model_id for job in jobs], float("inf"))
        for job in [self._service.job(each.id) for each in jobs]:
            model = self._service.model(job.model_id)
            found.append(
                {
                    "model_id": model.id,
                    "job_id": job.id,
                    "learning_rate": job.config.learning_rate,
                    "hidden": model.options.get("hidden"),
                    "seed": model.seed,
                    "status": job.status.value,
                    "step": job.step,
                    "loss": job.loss,
                    "radius": radii.get(model.id),
                }
            )
        return found

    async def watch(self, job_id: str, after: int = 0) -> AsyncIterator[dict[str, Any]]:
        """Stream the job's status, step and new points until it has ended.

        Each update's `after` is the cursor that leads on from it.
        """
        async for progress in self._service.watch(job_id, after):
            yield progress.model_dump(mode="json")

    async def job(self, job_id: str) -> dict[str, Any]:
        """Return the job as it stands."""
        return self._service.job(job_id).model_dump(mode="json")

    async def cancel(self, job_id: str) -> dict[str, Any]:
        """Stop the job and return it; what it has learned is kept.

        job_id: the id of a job, or that of a model, whose last job is meant.
        """
        job = self._service.request_cancel(job_id)
        async for _ in self._service.watch(job.id):
            pass
        return await self.job(job.id)


def _with_momentum(momentum: float | None, settings: dict[str, Any] | None) -> dict[str, Any] | None:
    """The settings with the momentum among them, if any. Raises InvalidInput where it is said twice."""
    if momentum is None or (momentum == 0 and not isinstance(momentum, bool)):
        return settings
    if isinstance(settings, dict) and "momentum" in settings:
        raise InvalidInput("momentum", momentum, "left out where settings has it too")
    if settings is not None and not isinstance(settings, dict):
        return settings  # refused as it is
    return {"momentum": momentum, **(settings or {})}
