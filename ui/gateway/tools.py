"""The tools of the MCP server: what they change, how far they are, and in our words what they refuse."""

import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from gradio.mcp import GradioMCPServer
from gradio.processing_utils import add_root_url
from mcp.server import Server
from mcp.types import PARSE_ERROR, ImageContent, ListToolsRequest, ListToolsResult, ServerResult, TextContent
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service import InvalidInput
from ui.endpoints import ENDPOINTS
from ui.errors import check_names
from ui.gateway.calls import MAX_DEPTH, depth_of
from ui.gateway.results import told
from ui.gateway.served import MCP
from ui.gateway.tutor import offer_exercises

INSTRUCTIONS = (
    "A laboratory for what Backprop, Optimize and Reset do, on PyTorch. create_model gives a model's id, "
    "which train, certify and others take; tasks has the defaults and limits; run_program runs a program. "
    "lab://exercises lists what there is to learn: learners are helped, and not given the solutions."
)
"""What an agent is told at first."""
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


class Tools(GradioMCPServer):
    """Gradio's MCP server, which says what each tool changes, how far a call is, and answers in JSON."""

    def create_mcp_server(self) -> Server[Any, Any]:
        """The server with the tools, and with the exercises as resources and prompts."""
        server = super().create_mcp_server()
        list_tools = server.request_handlers[ListToolsRequest]

        async def with_effects(request: ListToolsRequest) -> ServerResult:
            listed: Any = await list_tools(request)
            result: ListToolsResult = listed.root
            for tool in result.tools:
                name = self.tool_to_endpoint[tool.name].removeprefix("/")
                tool.annotations = ENDPOINTS[name].effects
            return listed

        server.request_handlers[ListToolsRequest] = with_effects
        server.instructions = INSTRUCTIONS
        offer_exercises(server)
        return server

    def postprocess_output_data(self, data: Any, root_url: str) -> list[TextContent | ImageContent]:
        """What an endpoint returned, as JSON; Gradio would write it as Python does."""
        # An endpoint that returns nothing gives no values, or as Gradio's client has it, one that is ().
        value = add_root_url(data[0], root_url, None) if data and data[0] != () else None
        return [*told(value)]

    async def _execute_tool_with_progress(self, job: Any, progress_token: str | int) -> Any:
        """Wait for a call, and tell how far it is; Gradio would count its own messages instead."""
        context, last = self.mcp_server.request_context, 0.0
        async for update in job:
            for unit in (update.type == "status" and update.progress_data) or ():
                if unit.index > last:
                    last = unit.index
                    await context.session.send_progress_notification(
                        progress_token,
                        last,
                        unit.length,
                        unit.desc,
                        related_request_id=str(context.request_id),
                    )
        return await self._execute_tool_without_progress(job)
