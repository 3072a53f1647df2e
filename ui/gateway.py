"""Calls that Gradio refuses without a sentence before any endpoint runs, refused here with one.

Over HTTP these are what names an endpoint, an argument or an event that there is not, and what is no
JSON of the right shape. Over MCP they are arguments of the wrong name or type.
"""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import Depends, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from gradio.mcp import GradioMCPServer
from mcp.server import Server
from mcp.types import ListToolsRequest

from service import InvalidInput
from ui.errors import UNEXPECTED, check_names, parameters

FORM = (
    'The body of the request must be JSON of the form {"data": [...]}, or {"name": value, ...} for /call/v2.'
)


async def _check_call(request: Request) -> None:
    """Refuse a call that Gradio would answer with a traceback, or in pydantic's words."""
    name = request.path_params.get("api_name")
    if name is None:
        return
    functions = {
        each.api_name: each
        for each in request.app.get_blocks().fns.values()
        if each.api_visibility == "public"
    }
    if name not in functions:
        known = ", ".join(each for each in functions if each)
        raise HTTPException(404, str(InvalidInput("The name of the endpoint", name, f"one of {known}")))
    if request.method != "POST":
        _check_event(request)
        return
    try:
        body = await request.json()
    except ValueError:
        raise HTTPException(400, FORM) from None
    by_name = "/call/v2/" in request.url.path
    if not isinstance(body, dict) or not (by_name or isinstance(body.get("data"), list)):
        raise HTTPException(400, FORM)
    if by_name:
        try:
            check_names(f"/{name}", parameters(functions[name].fn), body)
        except InvalidInput as error:
            raise HTTPException(400, str(error)) from error


def _check_event(request: Request) -> None:
    queue, event = request.app.get_blocks()._queue, request.path_params.get("event_id")
    waiting = queue.pending_event_ids_session
    if (
        event in queue.event_ids_to_events
        or event in waiting
        or any(event in each for each in waiting.values())
    ):
        return
    allowed = "the event_id of a call whose result has not been read yet"
    raise HTTPException(404, str(InvalidInput("The event's id", event, allowed)))


async def _not_understood(_request: Request, _error: Exception) -> JSONResponse:
    return JSONResponse({"detail": FORM}, 400)


async def _unexpected(_request: Request, _error: Exception) -> JSONResponse:
    return JSONResponse({"detail": UNEXPECTED}, 500)  # the server logs the traceback


APP: dict[str, Any] = {
    "dependencies": [Depends(_check_call)],
    "exception_handlers": {RequestValidationError: _not_understood, Exception: _unexpected},
}
"""What the FastAPI application under the page is made with."""


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


GradioMCPServer.Server = ToolServer  # where Gradio looks up the class of its server
