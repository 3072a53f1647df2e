"""What happens when somebody opens the page: one request, in which every part has its say."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import gradio as gr
from gradio.components import Component

from service import LabError
from ui.errors import warn
from ui.fields import Data, initially

Opener = Callable[[Data, gr.Request], Awaitable[dict[Any, Any]]]


class Opening:
    """Collects the parts, for a request of its own for each would keep the page from appearing."""

    def __init__(self) -> None:
        self._openers: list[Opener] = []
        self._kept: set[Any] = set()
        self._controls: set[Component] = set()
        self._outputs: list[Any] = []

    def add(
        self,
        opener: Opener,
        outputs: Iterable[Any],
        *,
        kept: Iterable[Component] = (),
        controls: Iterable[Component] = (),
    ) -> None:
        """`opener` is told what is `kept` and what the controls hold, and returns which outputs change.

        The controls of a page that has just been opened hold what they were made with, so the browser is
        asked only for what it, or the session, has kept.
        """
        self._openers.append(opener)
        self._kept |= set(kept)
        self._controls |= set(controls)
        self._outputs += [output for output in outputs if output not in self._outputs]

    def wire(self, page: gr.Blocks, **event: Any) -> None:
        """Have all of them called when the page is opened."""
        made_with = initially(self._controls)

        async def open_page(kept: Data, request: gr.Request) -> dict[Any, Any]:
            data = {**made_with, **kept}
            updates: dict[Any, Any] = {}
            for opener in self._openers:
                try:
                    updates |= await opener(data, request)
                except LabError as error:
                    warn(error, "Link", "In the address of this page, ")
            return updates

        page.load(open_page, self._kept, self._outputs, **event)
