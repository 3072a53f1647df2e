"""The OpenAPI document, which says of which version it is."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

PATH = "/gradio_api/openapi.json"
SAID, MEANT = b'"openapi":"3.0.2"', b'"openapi":"3.1.0"'
"""Gradio says 3.0; but JSON Schema, which says what is allowed, is of 3.1. Both texts have one length."""


class OpenAPI:
    """Has the document name the version that its schemas are of."""

    def __init__(self, app: ASGIApp) -> None:
        """Around `app`, which writes the document."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and its answer back."""

        async def told(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": message.get("body", b"").replace(SAID, MEANT, 1)}
            await send(message)

        await self._app(scope, receive, told if scope.get("path") == PATH else send)
