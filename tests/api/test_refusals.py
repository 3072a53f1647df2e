"""Bad calls, by every way in: each is answered with one sentence, and none with a 500, a repr or no words."""

import json
import urllib.error
import urllib.request
from typing import Any

import pytest
from gradio_client.exceptions import AppError
from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client

from tests.api.conftest import create
from tests.conftest import RunningApp, message_of, run_async


def post(app: RunningApp, path: str, body: str) -> tuple[int, str]:
    """The status and the sentence with which a call is answered, as curl sees them."""
    address = f"{app.address}gradio_api/call/"
    request = urllib.request.Request(address + path, body.encode(), {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request) as response:
            event = json.load(response)["event_id"]
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)["detail"]
    with urllib.request.urlopen(f"{address}{path}/{event}") as response:
        stream = response.read().decode()
    kind, data = stream.strip().split("\n")[-2:]
    return (200, "") if kind == "event: complete" else (200, json.loads(data.removeprefix("data: "))["error"])


@pytest.mark.parametrize("path", ["predict", "v2/predict"])
@pytest.mark.parametrize(
    "body", ["", "{", "[]", "null", "3", '"x"', "[" * 5000 + "]" * 5000, '{"a":' + "9" * 5000 + "}"]
)
def test_a_body_that_is_no_call(app: RunningApp, path: str, body: str) -> None:
    status, sentence = post(app, path, body)
    assert status == 400
    assert "body" in sentence


@pytest.mark.parametrize(
    ("path", "body", "status", "sentence"),
    [
        ("nope", '{"data": []}', 404, "The name of the endpoint must be one of tasks, "),
        ("v2/nope", "{}", 404, "The name of the endpoint must be one of tasks, "),
        ("predict", '{"data": null}', 400, "The body of the request must be JSON of the form"),
        ("predict", '{"data": []}', 200, "data must be a list of 2 values, one for each of model_id, vectors; got []."),
        ("predict", '{"data": [1, 2, 3]}', 200, "data must be a list of 2 values"),
        ("tasks", '{"data": [1]}', 200, "data must be []; got [1]."),
        ("v2/predict", '{"model_id": "x", "lr": 1}', 400, "The name of an argument of /predict must be one of model_id, vectors; got 'lr'."),
        ("v2/predict", '{"model_id": "x"}', 400, "vectors must be given to /predict; got ['model_id']."),
        ("v2/create_model", '{"task": null}', 200, "task must be one of product, memorize, challenge; got null."),
        ("v2/create_model", '{"task": "\\ud800<&"}', 200, "task must be one of product, memorize, challenge; got '\\ud800<&'."),
        ("v2/create_model", '{"task": "product", "start": [1, 1e400]}', 200, "start must be a list of 2 finite numbers of at most 3.4e+38; got [1, Infinity]."),
        ("v2/add_dataset", '{"csv": {"a": true}}', 200, "The CSV must be text; got {'a': true}."),
    ],
)  # fmt: skip
def test_over_http(app: RunningApp, path: str, body: str, status: int, sentence: str) -> None:
    answered, said = post(app, path, body)
    assert said.startswith(sentence)
    assert answered == status


def test_an_event_that_nobody_waits_for(app: RunningApp) -> None:
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(f"{app.address}gradio_api/call/predict/abc")
    assert caught.value.code == 404
    assert json.load(caught.value)["detail"].startswith("The event's id must be the event_id of a call")


def test_one_vector_is_taken_as_one(client: Any) -> None:
    model_id = create(client, "challenge")
    single = client.predict(model_id, [1, 2, 3], api_name="/predict")
    assert single == client.predict(model_id, [[1, 2, 3]], api_name="/predict")
    product = create(client, "product")
    assert client.predict(product, [], api_name="/predict") == client.predict(
        product, [[]], api_name="/predict"
    )


def test_an_id_of_another_kind(client: Any) -> None:
    model_id = create(client, "product")
    job = client.predict(model_id, steps=1, api_name="/train")
    assert message_of(lambda: client.predict(job["id"], api_name="/history"), AppError) == (
        f"model_id '{job['id']}' is not known here; it is the id of a job."
    )
    assert message_of(lambda: client.predict(model_id, api_name="/job"), AppError) == (
        f"job_id '{model_id}' is not known here; it is the id of a model."
    )


async def refused(address: str, tool: str, arguments: dict[str, Any]) -> str:
    async with (
        streamable_http_client(f"{address}gradio_api/mcp/") as (read, write, _),
        ClientSession(read, write) as session,
    ):
        await session.initialize()
        answer: Any = await session.call_tool(tool, arguments)
        assert answer.isError
        return answer.content[0].text


@pytest.mark.parametrize(
    ("tool", "arguments", "sentence"),
    [
        ("nope", {}, "The name of the tool must be one of tasks, "),
        ("create_model", {}, "task must be given to create_model; got []."),
        ("create_model", {"task": 3}, "task must be one of product, memorize, challenge; got 3."),
        (
            "create_model",
            {"task": "product", "lr": 1},
            "The name of an argument of create_model must be one of",
        ),
        ("create_model", {"task": "<b>"}, "task must be one of product, memorize, challenge; got '<b>'."),
    ],
)
def test_over_mcp(app: RunningApp, tool: str, arguments: dict[str, Any], sentence: str) -> None:
    assert run_async(refused(app.address, tool, arguments)).startswith(sentence)
