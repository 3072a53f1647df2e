"""The public API: what gradio_client (and MCP) can call. The names and parameters are a contract.

Every endpoint takes and returns plain JSON, but for /export, which returns a file. What it may refuse is
said in one sentence.
"""

import asyncio
from collections.abc import AsyncIterator
from functools import wraps
from typing import Any

import gradio as gr
from gradio.events import api
from gradio.processing_utils import save_bytes_to_cache
from gradio.utils import get_upload_folder

from service import InvalidInput, TrainingService
from ui.errors import shows_errors

ENDPOINTS = (
    "tasks",
    "add_dataset",
    "create_model",
    "train",
    "submit",
    "watch",
    "job",
    "cancel",
    "history",
    "parameters",
    "predict",
    "certify",
    "export",
    "rewind",
    "delete_model",
)


def publish(service: TrainingService) -> None:
    """Publish every endpoint of ENDPOINTS in the gr.Blocks under construction."""
    endpoints = Endpoints(service)
    for name in ENDPOINTS:
        api(getattr(endpoints, name), api_name=name, concurrency_limit=None)


class Endpoints:
    """One method an endpoint; the docstrings are what `view_api()` shows."""

    def __init__(self, service: TrainingService) -> None:
        self._service = service

    @shows_errors
    async def tasks(self) -> list[dict[str, Any]]:
        """List the tasks, each with its options, its defaults for training, and what is allowed."""
        return [task.model_dump(mode="json") for task in self._service.tasks()]

    @shows_errors
    async def add_dataset(self, csv: str) -> dict[str, Any]:
        """Add a data set for the challenge; return the `name` to give as `dataset`, and how many examples.

        csv: text whose first line names 8 columns, a, b, c and then 5 targets; below it 1 to 10,000 rows
        of numbers. The same numbers give the same name. Whoever knows the name can train on the set.
        """
        return (await asyncio.to_thread(self._service.add_dataset, csv)).model_dump(mode="json")

    @shows_errors
    async def create_model(
        self,
        task: str,
        hidden: list[int] | None = None,
        activation: str | None = None,
        seed: int = 0,
        start: list[float] | None = None,
        target: Any = None,
        request: gr.Request | None = None,
    ) -> dict[str, Any]:
        """Create a model and return it with its `id`; whoever knows the id can use the model.

        task: "product", "memorize" or "challenge". hidden: layer widths, [] for a single nn.Linear
        (memorize, challenge). activation: "none", "relu" or "tanh". seed: of the first weights.
        start: the two first numbers (product). target: a number (product) or 5 numbers (memorize).
        """
        model = self._service.create_model(
            task,
            seed=seed,
            owner=(request and request.session_hash) or "",
            hidden=hidden,
            activation=activation,
            start=start,
            target=target,
        )
        return model.model_dump(mode="json")

    @shows_errors
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
        of training and only measure the loss on. The same key again gives the same job.
        """
        if momentum is not None and (isinstance(momentum, bool) or momentum != 0):
            if isinstance(settings, dict) and "momentum" in settings:
                raise InvalidInput("momentum", momentum, "left out where settings has it too")
            if settings is None or isinstance(settings, dict):
                settings = {"momentum": momentum, **(settings or {})}
        job = self._service.submit(
            model_id,
            key=key,
            learning_rate=learning_rate,
            steps=steps,
            optimizer=optimizer,
            settings=settings,
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

    @shows_errors
    @wraps(submit, assigned=["__annotations__"])
    async def train(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Train, wait for the end, and return the finished job; takes what /submit takes."""
        job = await self.submit(*args, **kwargs)
        async for _ in self._service.watch(job["id"]):
            pass
        return await self.job(job["id"])

    @shows_errors
    async def watch(self, job_id: str, after: int = 0) -> AsyncIterator[dict[str, Any]]:
        """Stream the job's status, step and new points until it has ended.

        Each update's `after` is the cursor that leads on from it.
        """
        async for progress in self._service.watch(job_id, after):
            yield progress.model_dump(mode="json")

    @shows_errors
    async def job(self, job_id: str) -> dict[str, Any]:
        """Return the job as it stands."""
        return self._service.job(job_id).model_dump(mode="json")

    @shows_errors
    async def cancel(self, job_id: str) -> dict[str, Any]:
        """Stop the job and return it; what it has learned is kept."""
        self._service.request_cancel(job_id)
        async for _ in self._service.watch(job_id):
            pass
        return await self.job(job_id)

    @shows_errors
    async def history(self, model_id: str) -> dict[str, Any]:
        """Return the losses of all the model's jobs: {"step": [...], "loss": [...], "held_out_loss": ...}.

        held_out_loss: that on the examples held out, step by step; null if there never were any.
        """
        return self._service.history(model_id).model_dump(mode="json")

    @shows_errors
    async def parameters(self, model_id: str) -> dict[str, Any]:
        """Return the model's parameters, name -> nested list, as in its state_dict."""
        return self._service.parameters(model_id)

    @shows_errors
    async def predict(self, model_id: str, vectors: list[list[float]]) -> dict[str, Any]:
        """Return the inputs, outputs, expected and rounded answers, and whether each is correct."""
        return self._service.predict(model_id, vectors).model_dump(mode="json")

    @shows_errors
    async def certify(self, model_id: str) -> dict[str, Any]:
        """Return how far a challenge model is right for every integer vector, with the proof's numbers.

        `radius`: right for all integers from -radius to radius. `method`: "proved" without activations, or
        "checked". `counterexample`: a vector outside that the network gets wrong, and its `answer`.
        `limit`: what keeps the radius from being larger, "weights", "float32" or "cap".
        """
        return (await asyncio.to_thread(self._service.certify, model_id)).model_dump(mode="json")

    @shows_errors
    async def export(self, model_id: str, format: str) -> gr.FileData:
        """Return the model as a file to download.

        format: "safetensors" for the weights; "onnx" for the network; "python" or "notebook" for its whole
        training in plain PyTorch; "csv" for its history.
        """
        export = await asyncio.to_thread(self._service.export, model_id, format)
        # What lies in gradio's cache is served, and nothing else is.
        path = save_bytes_to_cache(export.content, export.name, get_upload_folder())
        return gr.FileData(
            path=path, size=len(export.content), orig_name=export.name, mime_type=export.media_type
        )

    @shows_errors
    async def rewind(self, model_id: str) -> dict[str, Any]:
        """Give the model its first weights back, clear its history, and return it."""
        return self._service.rewind(model_id).model_dump(mode="json")

    @shows_errors
    async def delete_model(self, model_id: str) -> None:
        """Forget the model, its jobs and its history."""
        self._service.delete_model(model_id)
