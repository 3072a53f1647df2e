"""The same endpoints as tools of an MCP server."""

import json
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client
from mcp.types import CallToolResult, TextContent, Tool

from tests.conftest import RunningApp, run_async, running_app
from ui.endpoints import ENDPOINTS


@asynccontextmanager
async def session_with(address: str) -> AsyncIterator[ClientSession]:
    """A session of a client of the MCP server."""
    async with (
        streamable_http_client(f"{address}gradio_api/mcp/") as (read, write, _),
        ClientSession(read, write) as session,
    ):
        await session.initialize()
        yield session


def texts(result: CallToolResult) -> list[str]:
    """The contents of a result, all of which are texts."""
    return [each.text for each in result.content if isinstance(each, TextContent)]


async def use(address: str) -> tuple[list[Tool], Any, Any, Any, Any]:
    """The tools there are, and the results of a good call, of one for a file, of a bad one, and of an end."""
    async with session_with(address) as session:
        tools = (await session.list_tools()).tools
        good = await session.call_tool("create_model", {"task": "product"})
        model = {"model_id": json.loads(texts(good)[0])["id"]}
        file = await session.call_tool("export", {**model, "format": "csv"})
        bad = await session.call_tool("create_model", {"task": "nope"})
        return tools, good, file, bad, await session.call_tool("delete_model", model)


def test_every_endpoint_is_a_tool_that_answers_in_json_or_refuses_in_a_sentence(app: RunningApp) -> None:
    tools, good, file, bad, end = run_async(use(app.address))
    assert [tool.name for tool in tools] == list(ENDPOINTS)
    assert [tool.annotations for tool in tools] == [each.effects for each in ENDPOINTS.values()]
    assert not good.isError
    assert json.loads(good.content[0].text)["task"] == "product"
    told = json.loads(file.content[0].text)
    with urllib.request.urlopen(told["url"]) as response:
        assert response.read() == b"step,loss\n"
    assert told["bytes"] == len(b"step,loss\n")
    assert bad.isError
    assert bad.content[0].text == "task must be one of product, memorize, challenge; got 'nope'."
    assert not end.isError
    assert texts(end) == ["null"]


def test_only_what_takes_something_away_is_called_destructive() -> None:
    takes_away = {name for name, each in ENDPOINTS.items() if each.effects.destructiveHint}
    assert takes_away == {"rewind", "delete_model"}
    reads = {name for name, each in ENDPOINTS.items() if each.effects.readOnlyHint}
    assert reads == {
        "tasks", "watch", "job", "history", "parameters", "predict", "certify", "export",
    }  # fmt: skip


STEPS = 30_000_000
"""Some seconds, for progress is told every half second."""


async def trained(address: str) -> tuple[list[tuple[float, float | None, str | None]], Any, Any, Any]:
    """How far a training was, the results of it and of its history, and of one more that is refused."""
    far: list[tuple[float, float | None, str | None]] = []

    async def tell(progress: float, total: float | None, message: str | None) -> None:
        far.append((progress, total, message))

    async with session_with(address) as session:
        model = json.loads(texts(await session.call_tool("create_model", {"task": "challenge"}))[0])
        given = {"model_id": model["id"], "steps": STEPS, "learning_rate": 1e-3}
        job = await session.call_tool("train", given, progress_callback=tell)
        history = await session.call_tool("history", {"model_id": model["id"]})
        refused = await session.call_tool("train", {**given, "steps": 0}, progress_callback=tell)
        return far, job, history, refused


def test_a_training_tells_its_steps_while_it_runs(app: RunningApp) -> None:
    far, job, history, refused = run_async(trained(app.address))
    assert json.loads(texts(job)[0])["status"] == "succeeded"
    steps = [done for done, _, _ in far]
    assert steps
    assert steps == sorted(set(steps))
    assert {total for _, total, _ in far} == {STEPS}
    assert all(
        (message or "").startswith(f"{int(done):,} of {STEPS:,} steps, loss ") for done, _, message in far
    )
    short, long = texts(history)
    assert len(short) < 500
    columns = json.loads(long)
    assert f"step: {len(columns['step']):,} values, the first 0, the last {STEPS}" in short
    # Gradio would begin with "Error: " where somebody wants to know how far it is.
    assert texts(refused)[0].startswith("steps must be a whole number from 1 to ")


async def refusals(address: str, calls: int, headers: dict[str, str]) -> list[bool]:
    """Which of so many calls of a tool are refused."""
    async with (
        httpx.AsyncClient(headers=headers, timeout=60) as http,
        streamable_http_client(f"{address}gradio_api/mcp/", http_client=http) as (read, write, _),
        ClientSession(read, write) as session,
    ):
        await session.initialize()
        return [(await session.call_tool("tasks", {})).isError for _ in range(calls)]


def test_whoever_calls_a_tool_is_told_from_others_by_the_address(tmp_path: Path) -> None:
    with running_app(tmp_path, LAB_MAX_CALLS_PER_MINUTE="3", LAB_TRUSTED_PROXIES="127.0.0.1") as app:
        one, other = {"X-Forwarded-For": "10.0.0.1"}, {"X-Forwarded-For": "10.0.0.2"}
        assert run_async(refusals(app.address, 4, one)) == [False, False, False, True]
        assert run_async(refusals(app.address, 1, other)) == [False]
        made_up = one | {"X-Lab-Asker": "0 10.0.0.3"}
        assert run_async(refusals(app.address, 1, made_up)) == [True]
