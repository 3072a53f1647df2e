"""Whether the lab is well, for a load balancer."""

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from service import TrainingService


def health(service: TrainingService) -> Route:
    """GET /health: 200 {"status": "ok"}, or 503 {"status": "failing", "wrong": [sentences]}."""

    # A coroutine, so that it waits for no thread: those may all be at work.
    async def answer(_request: Request) -> JSONResponse:
        wrong = service.health().problems
        return (
            JSONResponse({"status": "failing", "wrong": wrong}, 503)
            if wrong
            else JSONResponse({"status": "ok"})
        )

    return Route("/health", answer)
