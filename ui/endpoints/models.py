"""The endpoints of a model: to make it, to ask it, and to take it home."""

import asyncio
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated, Any

import gradio as gr
from gradio.processing_utils import save_bytes_to_cache
from gradio.utils import get_upload_folder
from pydantic import Field

from service import FORMATS, LimitReached, TrainingService
from service import export as export_as
from ui.endpoints.signatures import Group, ModelId
from ui.visitors import owner_of

FEW_VECTORS = 1000
"""More are answered for one caller at a time, for that takes the interpreter for long."""
MAX_LONG_ANSWERS = 8
"""Of one address, that wait or are under way."""
_waiting: Counter[str] = Counter()
_LONG_ANSWERS = ThreadPoolExecutor(1, thread_name_prefix="long answers")


async def create_model(
    service: TrainingService,
    model: Annotated[dict[str, Any], Group("model")],
    request: gr.Request | None = None,
) -> dict[str, Any]:
    """Create a model and return it with its `id`; whoever knows the id can use the model."""
    return service.create_model(**model, owner=owner_of(request)).model_dump(mode="json")


async def history(service: TrainingService, model_id: ModelId) -> dict[str, Any]:
    """Return the losses of all the model's jobs: {"step": [...], "loss": [...]}.

    Where examples were held out, "held_out_loss" is there, too, null at the steps of jobs that held none.
    """
    return service.snapshot(model_id).history.columns()


async def parameters(service: TrainingService, model_id: ModelId) -> dict[str, Any]:
    """Return the model's parameters, name -> nested list, as in its state_dict."""
    return service.network(model_id).parameters


async def predict(
    service: TrainingService,
    model_id: ModelId,
    vectors: Annotated[
        list[list[float]],
        "1 to 10,000 vectors of as many numbers as the task has inputs",
        Field(min_length=1, max_length=10_000, examples=[[[1, 2, 3]]]),
    ],
    request: gr.Request | None = None,
) -> dict[str, Any]:
    """Return the inputs, outputs, expected and rounded answers, and whether each is correct.

    `rounded`: to the nearest integer, of two as near to the even one. `correct`: true where every output
    rounds to what is expected, false where one does not or is not finite; null where the task expects
    nothing, or where a number that it expects is not an integer, or is 2**53 or more in size.
    """
    if not isinstance(vectors, list) or len(vectors) <= FEW_VECTORS:
        return await asyncio.to_thread(_predict, service, model_id, vectors)
    address = owner_of(request).partition("/")[0]
    if _waiting[address] >= MAX_LONG_ANSWERS:
        reached = (
            f"{MAX_LONG_ANSWERS} requests from your address with over {FEW_VECTORS:,} vectors are waiting"
        )
        raise LimitReached(f"{reached}, as many as may be", 5)
    _waiting[address] += 1
    try:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(_LONG_ANSWERS, _predict, service, model_id, vectors)
    finally:
        _waiting[address] -= 1
        if not _waiting[address]:
            del _waiting[address]


def _predict(service: TrainingService, model_id: str, vectors: list[list[float]]) -> dict[str, Any]:
    return dict(service.network(model_id).predict(vectors))  # lists of numbers, as JSON has them


async def certify(service: TrainingService, model_id: ModelId) -> dict[str, Any]:
    """Return how far a challenge model is right for every integer vector, with the proof's numbers.

    `radius`: right for all integers from -radius to radius, alone and in any batch; null where not even
    [0, 0, 0] is sure to be right. `method`: "proved" without activations, else "checked" one by one.
    `counterexample`: a vector outside that the network, asked for it alone, gets wrong: it gives `answer` in
    place of what is `expected`.
    `limit`: what keeps the radius from being larger, "width", "weights", "float32" or "cap"; null
    without a radius or with activations.
    """
    return (await asyncio.to_thread(service.network(model_id).certify)).model_dump(mode="json")


async def export(
    service: TrainingService,
    model_id: ModelId,
    format: Annotated[
        str,
        '"safetensors" for the weights; "onnx" for the network; "python" or "notebook" for its whole '
        'training in plain PyTorch; "csv" for its history',
        Field(json_schema_extra={"enum": [*FORMATS]}),
    ],
) -> gr.FileData:
    """Return the model as a file to download."""
    made = await asyncio.to_thread(export_as, service.snapshot(model_id), format)
    # What lies in gradio's cache is served, and nothing else is.
    path = save_bytes_to_cache(made.content, made.name, get_upload_folder())
    return gr.FileData(path=path, size=len(made.content), orig_name=made.name, mime_type=made.media_type)


async def rewind(service: TrainingService, model_id: ModelId) -> dict[str, Any]:
    """Give the model its first weights back, clear its history, and return it."""
    return service.rewind(model_id).model_dump(mode="json")


async def delete_model(service: TrainingService, model_id: ModelId) -> None:
    """Forget the model, its jobs and its history."""
    service.delete_model(model_id)
