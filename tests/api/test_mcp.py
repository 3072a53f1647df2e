"""The same endpoints as tools of an MCP server."""

from typing import Any

from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client

from tests.conftest import RunningApp, run_async
from ui.endpoints import ENDPOINTS


async def use(address: str) -> tuple[list[str], Any, Any]:
    """The tools there are, and the results of a good and of a bad call."""
    async with (
        streamable_http_client(f"{address}gradio_api/mcp/") as (read, write, _),
        ClientSession(read, write) as session,
    ):
        await session.initialize()
        tools = [tool.name for tool in (await session.list_tools()).tools]
        good = await session.call_tool("create_model", {"task": "product"})
        return tools, good, await session.call_tool("create_model", {"task": "nope"})


def test_every_endpoint_is_a_tool_and_says_the_same_sentence(app: RunningApp) -> None:
    tools, good, bad = run_async(use(app.address))
    assert tools == list(ENDPOINTS)
    assert not good.isError
    assert "'task': 'product'" in good.content[0].text
    assert bad.isError
    assert bad.content[0].text == "task must be one of product, memorize, challenge; got 'nope'."
