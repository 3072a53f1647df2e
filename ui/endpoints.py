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

from service import TrainingService, export
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

    async def tasks(self) -> list[dict[str, Any]]:
        """List the tasks, each with its options, its defaults for training, and what is allowed."""
        return [task.model_dump(mode="json") for task in self._service.catalog.tasks()]

    async def add_dataset(self, csv: str, file_name: str | None = None) -> dict[str, Any]:
        """Add a data set for the challenge; return the `name` to give as `dataset`, and how many examples.

        csv: text whose first line names 8 columns, a, b, c and then 5 targets; below it 1 to 10,000 rows
        of numbers; in all at most 5,000,000 bytes. file_name: what the page calls the set. The same numbers,
        as float32 holds them, give the same name. Whoever knows the name can train on the set. `notes` say
        how the text was read, and what of it was left out.
        """
        added = await asyncio.to_thread(self._service.add_dataset, csv, file_name)
        return added.model_dump(mode="json")

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

    async def history(self, model_id: str) -> dict[str, Any]:
        """Return the losses of all the model's jobs: {"step": [...], "loss": [...]}.

        Where examples were held out, "held_out_loss" is there, too, null at the steps of jobs that held none.
        """
        return self._service.snapshot(model_id).history.columns()

    async def parameters(self, model_id: str) -> dict[str, Any]:
        """Return the model's parameters, name -> nested list, as in its state_dict."""
        return self._service.snapshot(model_id).parameters

    async def predict(self, model_id: str, vectors: list[list[float]]) -> dict[str, Any]:
        """Return the inputs, outputs, expected and rounded answers, and whether each is correct.

        `rounded`: to the nearest integer, of two as near to the even one. `correct`: true where every output
        rounds to what is expected, false where one does not or is not finite; null where the task expects
        nothing, or where a number that it expects is not an integer, or is 2**53 or more in size.
        """
        return self._service.snapshot(model_id).predict(vectors).model_dump(mode="json")

    async def certify(self, model_id: str) -> dict[str, Any]:
        """Return how far a challenge model is right for every integer vector, with the proof's numbers.

        `radius`: right for all integers from -radius to radius, alone and in any batch; null where not even
        [0, 0, 0] is sure to be right. `method`: "proved" without activations, else "checked" one by one.
        `counterexample`: a vector outside that the network, asked for it alone, gets wrong with `answer`.
        `limit`: what keeps the radius from being larger, "width", "weights", "float32" or "cap"; null
        without a radius or with activations.
        """
        return (await asyncio.to_thread(self._service.snapshot(model_id).certify)).model_dump(mode="json")

    async def export(self, model_id: str, format: str) -> gr.FileData:
        """Return the model as a file to download.

        format: "safetensors" for the weights; "onnx" for the network; "python" or "notebook" for its whole
        training in plain PyTorch; "csv" for its history.
        """
        file = await asyncio.to_thread(export, self._service.snapshot(model_id), format)
        # What lies in gradio's cache is served, and nothing else is.
        path = save_bytes_to_cache(file.content, file.name, get_upload_folder())
        return gr.FileData(path=path, size=len(file.content), orig_name=file.name, mime_type=file.media_type)

    async def rewind(self, model_id: str) -> dict[str, Any]:
        """Give the model its first weights back, clear its history, and return it."""
        return self._service.rewind(model_id).model_dump(mode="json")

    async def delete_model(self, model_id: str) -> None:
        """Forget the model, its jobs and its history."""
        self._service.delete_model(model_id)
