"""Which addresses there are: those that the page, gradio_client and MCP ask for, and no other of Gradio's."""

import re
from contextlib import suppress
from urllib.parse import unquote_to_bytes

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

NOTHING_HERE = "There is nothing at this address; see “Use via API” on the lab's page for what there is."

SERVED = re.compile(
    r"""
    / | /config/? | /theme\.css | /favicon\.ico | /robots\.txt | /manifest\.json | /health
  | /(assets|static|parcel|lab)/.+
  | /gradio_api/(
        (app_id|info|openapi\.json|theme\.css|startup-events|upload|upload_progress|reset|cancel)/?
      | queue/(join|data|status)
      | heartbeat/[^/]+
      | call/(v2/)?[^/]+/?
      | call/(v2/)?[^/]+/[^/]+
      | file=.+
      | mcp(/|/http/?|/schema)?
    )
    """,
    re.VERBOSE,
)
"""Not served are what shows figures of the server (/monitoring), opens others' addresses (/proxy=), runs
ffmpeg (/process_recording), writes to disk or hub (/deep_link, /run-history), logs in, or edits an app."""

NO_SUCH_QUERIES = (b"page", b"deep_link")
"""What Gradio would take for another page, and fail where there is none; the lab has only one."""
MCP = "/gradio_api/mcp"
MAX_PATH_CHARACTERS = 2000
MAX_NAME_BYTES = 255
"""Of a part of a path: no file's name can be longer."""


class Served:
    """Answers 404 where nothing is served."""

    def __init__(self, app: ASGIApp) -> None:
        """Around `app`, which sees the other requests."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or pass it on."""
        if scope["type"] == "websocket":
            # Nothing here talks that way; Starlette would close it without a word.
            if "websocket.http.response" in scope.get("extensions", {}):
                await JSONResponse({"detail": NOTHING_HERE}, 404)(scope, receive, send)
            else:
                await send({"type": "websocket.close"})
        elif scope["type"] == "http" and not is_served(scope["path"]):
            # Read to its end, so that a client that is still sending hears the answer.
            with suppress(ClientDisconnect):
                async for _ in Request(scope, receive).stream():
                    pass
                await JSONResponse({"detail": NOTHING_HERE}, 404)(scope, receive, send)
        else:
            if scope.get("path") == MCP:
                scope["path"] += "/"  # a redirect would have to know where the lab is shown
            if scope.get("query_string"):
                scope["query_string"] = _understood(scope["query_string"])
            await self._app(scope, receive, send)


def is_served(path: str) -> bool:
    """Whether there is anything at such an address."""
    return (
        len(path) <= MAX_PATH_CHARACTERS
        and path.isprintable()
        and SERVED.fullmatch(path) is not None
        and all(len(part.encode()) <= MAX_NAME_BYTES for part in path.split("/"))
    )


def _understood(query: bytes) -> bytes:
    parts = query.split(b"&")
    return b"&".join(part for part in parts if unquote_to_bytes(part.split(b"=")[0]) not in NO_SUCH_QUERIES)
