"""Has every answer that refuses something say what, in a sentence."""

import json
from collections.abc import Mapping
from typing import Any

from fastapi import Request
from starlette.datastructures import MutableHeaders
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.errors import UNEXPECTED
from ui.gateway.served import NOTHING_HERE

MEANINGS = {
    404: NOTHING_HERE,
    405: "This address does not take requests of this method.",
    416: "The file has no such range of bytes.",
}
REFUSED = "The request is not of the form that this address takes."
UPLOAD, UPLOAD_FORM = (
    "/gradio_api/upload",
    'An upload must be multipart/form-data with a boundary, and files, with names, in the field "files".',
)
MIN_WORDS = 4
"""Fewer do not say what the matter is: "Not Found"."""


async def gone(_request: Request, _error: Exception) -> Response:
    """What is answered where nobody is there to hear it any more."""
    return Response(status_code=400)


async def unexpected(_request: Request, _error: Exception) -> JSONResponse:
    """What is answered to a fault of ours; the server logs its traceback."""
    return JSONResponse({"detail": UNEXPECTED}, 500)


class Sentences:
    """Gives a sentence to answers that refuse a request without one."""

    def __init__(self, app: ASGIApp, request_megabytes: int) -> None:
        """Around `app`, which takes requests of at most so many megabytes."""
        self._app = app
        self._meanings = {
            **MEANINGS,
            413: f"The request must hold at most {request_megabytes} MB; what was sent is larger.",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        start: Message | None = None
        body = b""

        async def speak(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start" and message["status"] >= 400:
                start = message
            elif start is None or message["type"] != "http.response.body":
                await send(message)
            else:
                body += message.get("body", b"")
                if not message.get("more_body"):
                    await _send_with_words(start, body, send, self._meanings)

        try:
            await self._app(scope, receive, speak)
        except (TypeError, ValueError, AttributeError, LookupError):
            # Gradio reads an upload with code that takes for granted what a client sends.
            if scope["path"].rstrip("/") != UPLOAD:
                raise
            await JSONResponse({"detail": UPLOAD_FORM}, 400)(scope, receive, send)


async def _send_with_words(start: Message, body: bytes, send: Send, meanings: Mapping[int, str]) -> None:
    if not has_words(body):
        status = start["status"]
        body = json.dumps({"detail": meanings.get(status, REFUSED if status < 500 else UNEXPECTED)}).encode()
        headers = MutableHeaders(scope=start)
        headers["content-type"] = "application/json"
        headers["content-length"] = str(len(body))
        del headers["content-encoding"]
    await send(start)
    await send({"type": "http.response.body", "body": body})


def has_words(body: bytes) -> bool:
    """Whether there is a sentence in the body, which may be JSON."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        told = body.decode(errors="replace")
    return any(len(text.split()) >= MIN_WORDS for text in _texts(told))


def _texts(told: Any) -> list[str]:
    if isinstance(told, dict):
        return [text for each in told.values() for text in _texts(each)]
    return [told] if isinstance(told, str) else []
