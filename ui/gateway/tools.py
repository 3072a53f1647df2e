"""Calls of MCP's tools that Gradio would refuse in others' words: arguments of the wrong name or type."""

import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from mcp.server import Server
from mcp.types import PARSE_ERROR, ListToolsRequest
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service import InvalidInput
from ui.errors import check_names
from ui.gateway.calls import MAX_DEPTH, depth_of
from ui.gateway.served import MCP

MALFORMED = f"A request must be JSON in UTF-8, nested at most {MAX_DEPTH} deep."


class Requests:
    """Refuses requests to the MCP server that are no JSON, in JSON-RPC's form; it would log tracebacks."""

    def __init__(self, app: ASGIApp) -> None:
        """Around `app`."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or pass it on."""
        if scope["type"] != "http" or scope["method"] != "POST" or not scope["path"].startswith(MCP):
            await self._app(scope, receive, send)
            return
        with suppress(ClientDisconnect):
            body = await Request(scope, receive).body()
            try:
                told = json.loads(body)
                is_known = depth_of(told) <= MAX_DEPTH
            except (ValueError, RecursionError):
                is_known = False
            if is_known:
                await self._app(scope, _again(body, receive), send)
                return
            error = {"jsonrpc": "2.0", "id": None, "error": {"code": PARSE_ERROR, "message": MALFORMED}}
            await JSONResponse(error, 400)(scope, receive, send)


def _again(body: bytes, receive: Receive) -> Receive:
    """`receive`, after the body that has been read from it."""
    waiting = [body]

    async def receive_again() -> Message:
        return (
            {"type": "http.request", "body": waiting.pop(), "more_body": False}
            if waiting
            else await receive()
        )

    return receive_again


class ToolServer(Server[Any, Any]):
    """An MCP server that leaves it to the endpoints to say which types they take: they name the argument."""

    def call_tool(self, *, validate_input: bool = False) -> Any:
        """Register the function that calls a tool, as `Server.call_tool` does."""
        register = super().call_tool(validate_input=validate_input)

        def decorate(call: Callable[[str, dict[str, Any]], Awaitable[Any]]) -> Any:
            async def checked(name: str, arguments: dict[str, Any]) -> Any:
                await self._check(name, arguments)
                return await call(name, arguments)

            return register(checked)

        return decorate

    async def _check(self, name: str, arguments: dict[str, Any]) -> None:
        listed: Any = await self.request_handlers[ListToolsRequest](None)
        schemas = {tool.name: tool.inputSchema for tool in listed.root.tools}
        if name not in schemas:
            raise InvalidInput("The name of the tool", name, f"one of {', '.join(schemas)}")
        required = schemas[name].get("required", ())
        check_names(name, {each: each in required for each in schemas[name]["properties"]}, arguments)
        try:
            json.dumps(arguments, allow_nan=False, ensure_ascii=False).encode()
        except ValueError:
            allowed = "numbers and texts that JSON has: no NaN, no Infinity, no half of a surrogate pair"
            raise InvalidInput("Arguments", arguments, allowed) from None
