"""How the page and its parcel are served."""

import asyncio
from collections.abc import Callable
from functools import cache
from gzip import compress, decompress
from logging import getLogger
from pathlib import Path
from typing import Any

import gradio as gr
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.parcel.chunks import Unfamiliar, chunks
from ui.parcel.parcel import FOLDER, Parcel, packed

logger = getLogger(__name__)

FRONT_END = Path(gr.__file__).parent / "templates" / "frontend"
FOREVER = "public, max-age=31536000, immutable"
"""For files whose names change with what they hold."""
DRAWN_BY = {"api": "state"}
"""Kinds of components that the front end draws as if they were of another kind."""


@cache
def parcel_for(kinds: frozenset[str]) -> Parcel:
    """The parcel for a page with components of these kinds; none if Gradio's front end is unfamiliar."""
    try:
        html = (FRONT_END / "index.html").read_text(encoding="utf-8")
        return packed(FRONT_END / "assets", chunks(html, FRONT_END / "assets", kinds))
    except (Unfamiliar, LookupError, OSError):
        logger.exception("The page opens more slowly: Gradio's front end is not built as expected")
        return Parcel({})


def kinds_of(page: gr.Blocks) -> frozenset[str]:
    """The kinds of the page's components, as the front end calls them."""
    names = {block.get_block_name() for block in page.blocks.values()}
    return frozenset(DRAWN_BY.get(name, name) for name in names)


async def _parcel_of(app: Any) -> Parcel:
    return await asyncio.to_thread(parcel_for, kinds_of(app.get_blocks()))


async def _file(request: Request) -> Response:
    data = (await _parcel_of(request.app)).files.get(name := request.path_params["name"])
    if data is None:
        return Response(status_code=404)
    kind = "text/css" if name.endswith(".css") else "text/javascript"
    return _answer(data, kind, request.headers, {"Cache-Control": FOREVER})


def _answer(zipped: bytes, kind: str, asked: Headers, headers: dict[str, str]) -> Response:
    headers |= {"Vary": "Accept-Encoding"}
    if "gzip" not in asked.get("accept-encoding", ""):
        return Response(decompress(zipped), headers=headers, media_type=kind)
    return Response(zipped, headers={**headers, "Content-Encoding": "gzip"}, media_type=kind)


class Delivery:
    """Sends pages compressed, with the parcel; and lets browsers keep the rest of the front end."""

    def __init__(self, app: ASGIApp, told: Callable[[str, Scope], str]) -> None:
        """Around `app`, Gradio's; `told` gives the page, of its HTML and the request, that is to be sent."""
        self._app = app
        self._told = told

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        pieces: list[bytes] = []
        is_page = False

        async def deliver(message: Message) -> None:
            nonlocal is_page
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                is_page = scope["path"] == "/" and message["status"] == 200
                if scope["path"].startswith("/assets/") and message["status"] == 200:
                    headers["Cache-Control"] = FOREVER
            if not is_page:
                await send(message)
                return
            pieces.append(message.get("body", b""))
            if message["type"] == "http.response.body" and not message.get("more_body"):
                html = (await _parcel_of(scope["app"])).into(b"".join(pieces).decode())
                html = self._told(html, scope)
                answer = _answer(compress(html.encode(), 6), "text/html", Headers(scope=scope), {})
                await answer(scope, receive, send)

        await self._app(scope, receive, deliver)


ROUTES = [Route(f"/{FOLDER}/{{name}}", _file)]
"""Of the FastAPI application under the page, which `Delivery` is a middleware of."""
