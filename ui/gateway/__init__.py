"""What stands before Gradio's app: which addresses there are, whose headers count, and words for all else."""

from collections.abc import Sequence
from typing import Any

from fastapi import Depends
from fastapi.exceptions import RequestValidationError
from gradio import mcp, routes
from starlette.middleware import Middleware
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import ClientDisconnect

from ui.gateway.calls import SessionLost, check_call, not_understood, session_lost
from ui.gateway.forwarded import Forwarded
from ui.gateway.openapi import OpenAPI
from ui.gateway.sentences import Sentences, gone, unexpected
from ui.gateway.served import Served
from ui.gateway.tools import Requests, Tools, ToolServer

__all__ = ["gateway"]


class AnyOrigin(CORSMiddleware):
    """Lets pages of every origin call, and names none of them: there is nothing that cookies protect.

    A sandboxed frame has no origin, and would be served no script from this machine otherwise.
    """

    def __init__(self, app: Any, **_gradio: Any) -> None:
        """Around `app`; what Gradio says of its own middleware is ignored."""
        super().__init__(app, allow_origins=["*"], allow_methods=["*"], allow_headers=["*"])


routes.__dict__["CustomCORSMiddleware"] = AnyOrigin  # where Gradio looks up the class of its own
mcp.GradioMCPServer.Server = ToolServer
mcp.__dict__["GradioMCPServer"] = Tools


def gateway(trusted_proxies: Sequence[str], request_megabytes: int) -> dict[str, Any]:
    """What the FastAPI application under the page is made with.

    `trusted_proxies` are the addresses, or networks, of the proxies whose X-Forwarded-* headers count;
    `request_megabytes` is what a request may hold.
    """
    return {
        "dependencies": [Depends(check_call)],
        "exception_handlers": {
            RequestValidationError: not_understood,
            ClientDisconnect: gone,
            SessionLost: session_lost,
            Exception: unexpected,
        },
        "middleware": [
            Middleware(Forwarded, trusted_hosts=[*trusted_proxies]),
            Middleware(Sentences, request_megabytes=request_megabytes),
            Middleware(RequestBodyLimitMiddleware, max_body_size=request_megabytes * 1_000_000),
            Middleware(Served),
            Middleware(Requests),
            Middleware(OpenAPI),
        ],
        "openapi_url": None,
        "redirect_slashes": False,
    }
