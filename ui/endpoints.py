"""The public API: what gradio_client (and MCP) can call. The names and parameters are a contract.

Every endpoint takes and returns plain JSON, but for /export, which returns a file. What it may refuse is
said in one sentence.
"""

import asyncio
from typing import Any

import gradio as gr
from gradio.events import api
from gradio.processing_utils import save_bytes_to_cache
from gradio.utils import get_upload_folder

from service import TrainingService
from ui.errors import shows_errors
from ui.training_endpoints import TrainingEndpoints

ENDPOINTS = (
    "tasks",
    "add_dataset",
    "create_model",
    "train",
    "submit",
    "sweep",
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


class Endpoints(TrainingEndpoints):
    """One method an endpoint; the docstrings are what `view_api()` shows."""

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
    async def history(self, model_id: str) -> dict[str, Any]:
        """Return the losses of all the model's jobs: {"step": [...], "loss": [...]}.

        Where examples were held out, "held_out_loss" is there, too, null at the steps of jobs that held none.
        """
        return self._service.history(model_id).columns()

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
