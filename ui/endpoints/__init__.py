"""The public API: what gradio_client (and MCP) can call. The names and parameters are a contract.

Every endpoint is a plain function of the service and of what its callers give by name. It takes and returns
plain JSON, but for /export, which returns a file. What it may refuse is said in one sentence.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from gradio.events import api
from mcp.types import ToolAnnotations

from service import TrainingService
from ui.endpoints import data, models, programs, trainings
from ui.endpoints.signatures import published

_READS = ToolAnnotations(readOnlyHint=True, idempotentHint=True, openWorldHint=False)
_ADDS = ToolAnnotations(readOnlyHint=False, destructiveHint=False, idempotentHint=False, openWorldHint=False)
_SETTLES = ToolAnnotations(
    readOnlyHint=False, destructiveHint=False, idempotentHint=True, openWorldHint=False
)
"""Of what changes something once, and takes nothing away."""
_TAKES_AWAY = ToolAnnotations(
    readOnlyHint=False, destructiveHint=True, idempotentHint=True, openWorldHint=False
)


class Endpoint(NamedTuple):
    """A function to publish, and what its signature does not say."""

    function: Callable[..., Any]
    returned: str
    """What that which it returns is called."""
    effects: ToolAnnotations


_ALL = (
    Endpoint(data.tasks, "tasks", _READS),
    Endpoint(data.add_dataset, "dataset", _SETTLES),
    Endpoint(models.create_model, "model", _ADDS),
    Endpoint(trainings.train, "job", _ADDS),
    Endpoint(trainings.submit, "job", _ADDS),
    Endpoint(trainings.sweep, "runs", _ADDS),
    Endpoint(trainings.watch, "progress", _READS),
    Endpoint(trainings.job, "job", _READS),
    Endpoint(trainings.cancel, "job", _SETTLES),
    Endpoint(models.history, "history", _READS),
    Endpoint(models.parameters, "parameters", _READS),
    Endpoint(models.predict, "predictions", _READS),
    Endpoint(models.certify, "certificate", _READS),
    Endpoint(models.export, "file", _READS),
    Endpoint(models.rewind, "model", _TAKES_AWAY),
    Endpoint(models.delete_model, "nothing", _TAKES_AWAY),
    Endpoint(programs.run_program, "report", _ADDS),
    Endpoint(programs.check_program, "verdict", _ADDS),
)
ENDPOINTS = {each.function.__name__: each for each in _ALL}
"""By name, in the order in which they are listed."""


def publish(service: TrainingService) -> None:
    """Publish every endpoint of ENDPOINTS in the gr.Blocks under construction."""
    for name, each in ENDPOINTS.items():
        api(published(each.function, service, each.returned), api_name=name, concurrency_limit=None)
