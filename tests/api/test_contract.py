"""One description of a training for all: service, client, tools, limits and refusals."""

from typing import Any

import pytest
from gradio_client.exceptions import AppError
from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client

from service import InvalidInput, TrainingConfig, TrainingService
from service.jobs.sweeps import Grid
from tests.api.conftest import create
from tests.api.test_refusals import refused
from tests.conftest import RunningApp, message_of, run_async

WRONG = "<b>"
"""What no field of a training takes."""


async def listed(address: str) -> dict[str, Any]:
    """The parameters of every tool that an MCP client is told of."""
    async with (
        streamable_http_client(f"{address}gradio_api/mcp/") as (read, write, _),
        ClientSession(read, write) as session,
    ):
        await session.initialize()
        return {tool.name: tool.inputSchema["properties"] for tool in (await session.list_tools()).tools}


@pytest.fixture(scope="module")
def tools(app: RunningApp) -> dict[str, Any]:
    """The parameters of every tool."""
    return run_async(listed(app.address))


def test_every_parameter_of_every_tool_is_described(tools: dict[str, Any]) -> None:
    short = [
        (tool, name)
        for tool, parameters in tools.items()
        for name, each in parameters.items()
        if len(each["description"]) < 20
    ]
    assert short == []


def test_clients_are_told_the_same_of_a_parameter_as_tools(client: Any, tools: dict[str, Any]) -> None:
    endpoints = client.view_api(return_format="dict", print_info=False)["named_endpoints"]
    told = {
        path.removeprefix("/"): {
            each["parameter_name"]: each["python_type"]["description"] for each in endpoint["parameters"]
        }
        for path, endpoint in endpoints.items()
    }
    assert told == {
        tool: {name: each["description"] for name, each in parameters.items()}
        for tool, parameters in tools.items()
    }


@pytest.mark.parametrize("field", TrainingConfig.model_fields)
def test_a_field_of_a_training_is_a_parameter_with_its_limit(
    client: Any, tools: dict[str, Any], field: str
) -> None:
    (limit,) = {task["limits"][field] for task in client.predict(api_name="/tasks")}
    takers = {tool for tool in ("submit", "train", "sweep") if field in tools[tool]}
    assert takers == {"submit", "train"} | ({"sweep"} if field not in Grid.varied() else set())
    for tool in takers:
        assert tools[tool][field]["description"].endswith(f": {limit}.")


@pytest.mark.parametrize(
    ("endpoint", "field"),
    [
        (endpoint, field)
        for field in TrainingConfig.model_fields
        for endpoint in ("submit", "train", "sweep")
        if endpoint != "sweep" or field not in Grid.varied()
    ],
)
def test_a_field_of_a_training_is_refused_in_one_sentence(
    lab: TrainingService, app: RunningApp, client: Any, endpoint: str, field: str
) -> None:
    model = lab.create_model("challenge")
    sentence = message_of(lambda: lab.submit(model.id, **{field: WRONG}), InvalidInput)
    assert sentence.startswith(f"{field} must be ")
    assert sentence.endswith(f"; got '{WRONG}'.")
    required = (
        {"task": "challenge", "learning_rates": [0.1]}
        if endpoint == "sweep"
        else {"model_id": create(client, "challenge")}
    )
    given = required | {field: WRONG}
    assert message_of(lambda: client.predict(api_name=f"/{endpoint}", **given), AppError) == sentence
    assert run_async(refused(app.address, endpoint, given)) == sentence
