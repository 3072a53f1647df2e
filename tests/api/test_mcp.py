"""The same endpoints as tools of an MCP server."""

import ast
import urllib.request
from pathlib import Path
from typing import Any

import httpx
from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client

from tests.conftest import RunningApp, run_async, running_app
from ui.endpoints import ENDPOINTS


async def use(address: str) -> tuple[list[str], Any, Any, Any]:
    """The tools there are, and the results of a good call, of one for a file, and of a bad one."""
    async with (
        streamable_http_client(f"{address}gradio_api/mcp/") as (read, write, _),
        ClientSession(read, write) as session,
    ):
        await session.initialize()
        tools = [tool.name for tool in (await session.list_tools()).tools]
        good: Any = await session.call_tool("create_model", {"task": "product"})
        model_id = ast.literal_eval(good.content[0].text)["id"]
        file: Any = await session.call_tool("export", {"model_id": model_id, "format": "csv"})
        return tools, good, file, await session.call_tool("create_model", {"task": "nope"})


def test_every_endpoint_is_a_tool_and_says_the_same_sentence(app: RunningApp) -> None:
    tools, good, file, bad = run_async(use(app.address))
    assert tools == list(ENDPOINTS)
    assert not good.isError
    assert "'task': 'product'" in good.content[0].text
    assert not file.isError
    with urllib.request.urlopen(file.content[0].text) as response:
        assert response.read() == b"step,loss\n"
    assert bad.isError
    assert bad.content[0].text == "task must be one of product, memorize, challenge; got 'nope'."


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
