"""What happens when somebody opens the page: one request, in which every part has its say."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import gradio as gr

from service import LabError
from ui.fields import Data
from ui.links import warn

Opener = Callable[[Data, gr.Request], Awaitable[dict[Any, Any]]]


class Opening:
    """Collects the parts, for a request of its own for each would keep the page from appearing."""

    def __init__(self) -> None:
        self._openers: list[Opener] = []
        self._inputs: set[Any] = set()
        self._outputs: list[Any] = []

    def add(self, opener: Opener, inputs: Iterable[Any], outputs: Iterable[Any]) -> None:
        """`opener` is told the inputs, and returns what of the outputs changes."""
        self._openers.append(opener)
        self._inputs |= set(inputs)
        self._outputs += [output for output in outputs if output not in self._outputs]

    def wire(self, page: gr.Blocks, **event: Any) -> None:
        """Have all of them called when the page is opened."""

        async def open_page(data: Data, request: gr.Request) -> dict[Any, Any]:
            updates: dict[Any, Any] = {}
            for opener in self._openers:
                try:
                    updates |= await opener(data, request)
                except LabError as error:
                    warn(error)
            return updates

        page.load(open_page, self._inputs, self._outputs, **event)
