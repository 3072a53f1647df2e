"""How the service's errors reach people: the same sentence on the page, in gradio_client and in MCP."""

import html
import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, TypeVar

import gradio as gr

from service import LabError

Function = TypeVar("Function", bound=Callable[..., Any])


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except LabError as error:
        raise gr.Error(_message(error), print_exception=False) from error


def _message(error: LabError) -> str:
    # Gradio renders the message as HTML; quotes are harmless there and must stay as they are.
    return html.escape(str(error), quote=False)


def warn(error: LabError, title: str, before: str = "") -> None:
    """Say what was refused where the event goes on all the same."""
    gr.Warning(before + _message(error), title=title)


def shows_errors(function: Function) -> Function:
    """Decorate an async handler or async generator: its LabErrors become gr.Errors."""
    if inspect.isasyncgenfunction(function):

        @wraps(function)
        async def handler(*args: Any, **kwargs: Any) -> Any:
            with _translated():
                async for value in function(*args, **kwargs):
                    yield value
    else:

        @wraps(function)
        async def handler(*args: Any, **kwargs: Any) -> Any:
            with _translated():
                return await function(*args, **kwargs)

    return handler  # pyright: ignore[reportReturnType]
