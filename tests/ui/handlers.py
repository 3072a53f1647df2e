"""The page's own event handlers, called as gradio calls them, without a browser."""

from collections.abc import Callable, Coroutine
from typing import Any

import gradio as gr

from ui.fields import initially

Handler = Callable[[], Coroutine[Any, Any, Any]]


def handlers(page: gr.Blocks, name: str, *given: Any) -> list[Handler]:
    """All handlers of that name, to be called with what is `given`, or else with what the controls hold."""

    def call(fn: Any) -> Handler:
        return lambda: fn.fn(*given) if given else fn.fn(initially(fn.inputs))

    return [call(fn) for fn in page.fns.values() if getattr(fn.fn, "__name__", None) == name]
