"""Calls and events that Gradio refuses without a sentence before they run, refused here with one.

These are what names an endpoint, an argument, an event or a session that there is not, and what is no JSON of
the right shape.
"""

import json
import re
from typing import Any, NoReturn

import gradio as gr
from fastapi import HTTPException, Request
from fastapi.exceptions import RequestValidationError
from starlette.responses import JSONResponse, Response

from service import InvalidInput
from ui.errors import check_names, parameters

FORM = (
    'The body of the request must be JSON of the form {"data": [...]}, or {"name": value, ...} for /call/v2.'
)
SESSION = re.compile(r"[A-Za-z0-9_-]{1,128}")
MAX_DEPTH = 100
"""How deep lists and dicts may be nested. pydantic, which Gradio has copy them, fails at 255."""


class SessionLost(Exception):
    """Nobody waits for answers under this session_hash."""


async def check_call(request: Request) -> None:
    """Refuse a request that Gradio would answer with a traceback, or in pydantic's words."""
    path, at = request.url.path, request.path_params
    if "api_name" in at:
        await _check_endpoint(request, at["api_name"])
    elif path.endswith("/queue/join"):
        body = await _checked_body(request)
        if isinstance(body, dict):
            _check_event(request.app.get_blocks(), body)
    elif path.endswith("/queue/data"):
        if request.query_params.get("session_hash") not in _queue(request).pending_messages_per_session:
            raise SessionLost
    elif "session_hash" in at:
        _check_session(at["session_hash"])


async def _check_endpoint(request: Request, name: str) -> None:
    functions = {
        each.api_name: each
        for each in request.app.get_blocks().fns.values()
        if each.api_visibility == "public"
    }
    if name not in functions:
        known = ", ".join(each for each in functions if each)
        raise HTTPException(404, str(InvalidInput("The name of the endpoint", name, f"one of {known}")))
    if request.method != "POST":
        _check_waited_for(request)
        return
    body = await _checked_body(request)
    by_name = "/call/v2/" in request.url.path
    if not isinstance(body, dict) or not (by_name or isinstance(body.get("data"), list)):
        raise HTTPException(400, FORM)
    if by_name:
        try:
            check_names(f"/{name}", parameters(functions[name].fn), body)
        except InvalidInput as error:
            raise HTTPException(400, str(error)) from error
    elif body.get("session_hash") is not None:
        _check_session(body["session_hash"])


async def _checked_body(request: Request) -> Any:
    try:
        body = await request.json()
    except (ValueError, RecursionError):
        raise HTTPException(400, FORM) from None
    if depth_of(body) > MAX_DEPTH:
        raise HTTPException(400, f"Lists and objects in a request may be nested at most {MAX_DEPTH} deep.")
    return body


def depth_of(value: Any) -> int:
    """How deep lists and dicts are nested in the value; beyond MAX_DEPTH, MAX_DEPTH + 1."""
    depth, level = 0, [value]
    while depth <= MAX_DEPTH:
        inner = [each for each in level if isinstance(each, list | dict)]
        if not inner:
            break
        depth += 1
        level = [each for one in inner for each in (one.values() if isinstance(one, dict) else one)]
    return depth


def _check_event(page: gr.Blocks, body: dict[str, Any]) -> None:
    """Refuse what the page's own script would not send. Its types are for pydantic to check."""
    _check_session(body.get("session_hash"))
    number, data = body.get("fn_index"), body.get("data")
    function = page.fns.get(number) if type(number) is int else None
    if function is None or function.fn is None:
        _refuse("fn_index", number, "the number of an event of the page as it is now")
    if function.api_visibility != "public" and (
        not isinstance(data, list) or len(data) != len(function.inputs)
    ):
        _refuse("data", data, f"a list of {len(function.inputs)} values")
    if body.get("batched"):
        _refuse("batched", body["batched"], "left out")
    try:
        json.dumps(body, ensure_ascii=False).encode()
    except ValueError:
        _refuse("A text in the request", body, "Unicode: it has half of a surrogate pair")


def _check_session(session: object) -> None:
    if not isinstance(session, str) or not SESSION.fullmatch(session):
        _refuse("session_hash", session, "1 to 128 letters, digits, - and _")


def _refuse(field: str, value: object, allowed: str) -> NoReturn:
    raise HTTPException(400, str(InvalidInput(field, value, allowed)))


def _queue(request: Request) -> Any:
    return request.app.get_blocks()._queue


def _check_waited_for(request: Request) -> None:
    queue, event = _queue(request), request.path_params.get("event_id")
    waiting = queue.pending_event_ids_session
    if (
        event in queue.event_ids_to_events
        or event in waiting
        or any(event in each for each in waiting.values())
    ):
        return
    allowed = "the event_id of a call whose result has not been read yet"
    raise HTTPException(404, str(InvalidInput("The event's id", event, allowed)))


async def session_lost(_request: Request, _error: Exception) -> Response:
    """What Gradio's clients know as the end of a session, in words, and without a traceback in the log."""
    told = {
        "msg": "unexpected_error",
        "message": "This session is not known here, or has ended; load the page again.",
        "session_not_found": True,
        "success": False,
        "event_id": None,
    }
    return Response(f"data: {json.dumps(told)}\n\n", media_type="text/event-stream")


async def not_understood(request: Request, error: Exception) -> JSONResponse:
    """What is answered to a request of the wrong form: which part of it is wrong."""
    assert isinstance(error, RequestValidationError)
    if "/call/" in request.url.path:
        return JSONResponse({"detail": FORM}, 400)
    wrong = error.errors()[0]
    place = ".".join(str(each) for each in wrong["loc"][1:]) or "the body"
    return JSONResponse({"detail": f"The request is not as it must be: {place}: {wrong['msg']}."}, 400)
