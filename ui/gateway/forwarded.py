"""Whose word counts about where the page is shown and who asks: a trusted proxy's, and nobody else's.

What a client says of it (Host, X-Forwarded-*) would come back to it and, since Gradio keeps what it has told
the first one, to others. So each request is taken as one to the address of the socket it came in by. The page
itself need not be told where it is: static/root.js.
"""

import re
from collections.abc import Sequence
from hmac import compare_digest
from secrets import token_hex

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from ui.gateway.served import MCP

TOLD = ("x-forwarded-host", "x-forwarded-proto", "x-forwarded-for", "x-gradio-server")
"""Headers in which Gradio believes everybody."""
TOOLS_ASKER = "x-lab-asker"
"""The header in which the call that Gradio makes to itself for a tool says who asked for that."""
TOKEN = token_hex(16)
"""What it has to say, too, so that nobody else can."""
HOST = re.compile(r"([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?")
RANGE = re.compile(r"bytes=(\d{1,18}-\d{0,18}|-\d{1,18})", re.ASCII)


class Forwarded:
    """Takes what trusted proxies say, drops what others say, and ranges of bytes that are none."""

    def __init__(self, app: ASGIApp, trusted_hosts: Sequence[str]) -> None:
        """Around `app`. A proxy is trusted by its address, or by a network that it is in."""
        self._app = app
        # It reads X-Forwarded-For and -Proto where the client is trusted.
        self._proxied = ProxyHeadersMiddleware(self._settled, [*trusted_hosts])  # pyright: ignore[reportArgumentType]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        headers = MutableHeaders(scope=scope)
        host = headers.get("x-forwarded-host", "").split(",")[0].strip()
        is_trusted = (scope["client"] or ("",))[0] in self._proxied.trusted_hosts
        if not is_trusted or not HOST.fullmatch(host):
            host = _own(scope)
        scope["lab_host"] = host
        await self._proxied(scope, receive, send)  # pyright: ignore[reportArgumentType]

    async def _settled(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = MutableHeaders(scope=scope)
        for name in TOLD:
            del headers[name]
        headers["host"] = scope["lab_host"]
        token, _, asker = headers.get(TOOLS_ASKER, "").partition(" ")
        if compare_digest(token.encode(), TOKEN.encode()):
            scope["client"] = (asker, 0)
        del headers[TOOLS_ASKER]
        if scope["path"].startswith(MCP) and scope["client"]:
            headers[TOOLS_ASKER] = f"{TOKEN} {scope['client'][0]}"
        # What is no range is as if there were none (RFC 9110, 14.2), but for Gradio.
        if not is_range(headers.get("range", "")):
            del headers["range"]
        await self._app(scope, receive, send)


def _own(scope: Scope) -> str:
    """The address of the socket, as a Host header has it."""
    name, port = scope["server"] or ("127.0.0.1", None)
    name = f"[{name}]" if ":" in name else name
    return name if port is None else f"{name}:{port}"


def is_range(text: str) -> bool:
    """Whether it asks for one range of bytes."""
    if not RANGE.fullmatch(text):
        return False
    first, last = text.removeprefix("bytes=").split("-")
    return not (first and last) or int(first) <= int(last)
