"""How the page's scripts have programs run: what they ask for, and the events that answer."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from service import InvalidInput, LabError, ProgramEnd, ProgramProgress, TrainingService
from ui.components.panels import predictions_panel
from ui.components.written import curve_frame, outcome_panel
from ui.errors import UNEXPECTED
from ui.parsing import parse_vectors
from ui.visitors import address_of

logger = logging.getLogger(__name__)

MAX_BODY_BYTES = 200_000
AT_ONCE = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
"""Asks proxies to pass each event on as it comes."""

Told = AsyncIterator[ProgramProgress | ProgramEnd]


def written(service: TrainingService) -> list[Route]:
    """POST run, check and predict. Each takes JSON; what is refused is answered with {"refused": sentence}.

    run and check answer with events (https://html.spec.whatwg.org/multipage/server-sent-events.html): many
    {"progress": ...}, and in the end {"end": ..., "curve": markup, "outcome": markup}. Whoever goes away ends
    the program.
    """

    def run(asked: dict[str, Any], owner: str) -> Told:
        return service.programs.run(asked.get("program"), owner=owner)

    def check(asked: dict[str, Any], owner: str) -> Told:
        return service.programs.check(asked.get("exercise"), asked.get("program"), owner=owner)

    async def predict(request: Request) -> Response:
        try:
            asked = await _asked(request)
            vectors = parse_vectors(str(asked.get("vectors", "")))
            network = service.network(str(asked.get("model_id")))
            predictions = await asyncio.to_thread(network.predict, vectors)
        except LabError as error:
            return _refused(error)
        return JSONResponse({"html": predictions_panel(predictions, trained=False)})

    def answering(ask: Callable[[dict[str, Any], str], Told]) -> Callable[..., Any]:
        async def answer(request: Request) -> Response:
            try:
                asked = await _asked(request)
                told = ask(asked, _owner(request, asked))
                first = await anext(told)
            except LabError as error:
                return _refused(error)
            return StreamingResponse(
                events(service, first, told), media_type="text/event-stream", headers=AT_ONCE
            )

        return answer

    return [
        Route("/run", answering(run), methods=["POST"]),
        Route("/check", answering(check), methods=["POST"]),
        Route("/predict", predict, methods=["POST"]),
    ]


async def _asked(request: Request) -> dict[str, Any]:
    """The JSON of a request. Raises InvalidInput."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise InvalidInput("The request", f"{len(body):,} bytes", f"at most {MAX_BODY_BYTES:,} bytes")
    try:
        asked = json.loads(body)
    except (ValueError, RecursionError):
        asked = None
    if not isinstance(asked, dict):
        raise InvalidInput("The request", body[:200].decode(errors="replace"), "JSON with names and values")
    return asked


def _owner(request: Request, asked: dict[str, Any]) -> str:
    return f"{address_of(request.client)}/page {str(asked.get('owner', ''))[:64]}"


def _refused(error: LabError) -> JSONResponse:
    return JSONResponse({"refused": str(error)}, 400)


async def events(
    service: TrainingService, first: ProgramProgress | ProgramEnd, told: Any
) -> AsyncIterator[str]:
    """What an answer consists of: what was told first, all else, and a sentence where that fails."""
    async with aclosing(told):
        yield _event(_message(first))
        try:
            async for each in told:
                message = _message(each)
                if isinstance(each, ProgramEnd):
                    message["curve"] = curve_frame(each)
                    message["outcome"] = await asyncio.to_thread(_outcome, service, each)
                yield _event(message)
        except LabError as error:  # the service closes
            yield _event({"refused": str(error)})
        except Exception:  # the answer has begun, so nobody else can put it into words
            logger.exception("A program could not be told to its end")
            yield _event({"refused": UNEXPECTED})


def _message(told: ProgramProgress | ProgramEnd) -> dict[str, Any]:
    return {"end" if isinstance(told, ProgramEnd) else "progress": told.model_dump(mode="json")}


def _event(message: dict[str, Any]) -> str:
    return f"data: {json.dumps(message)}\n\n"


def _outcome(service: TrainingService, end: ProgramEnd) -> str:
    """What is shown of the network that came out; nothing if none did."""
    certificate = service.snapshot(end.model_id).certify() if end.model_id is not None else None
    return outcome_panel(end, certificate)
