"""What happens when somebody opens the page: one request, in which every part has its say.

Until it is answered, the chapters cannot be used (static/opening.js): what somebody presses before would be
done with other settings than those that are about to appear.
"""

import logging
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import gradio as gr
from gradio.components import Component

from service import LabError
from ui.errors import warn
from ui.fields import Data, Fields, initially
from ui.links import unknown
from ui.static import script

logger = logging.getLogger(__name__)

WAIT = script("opening")
Opener = Callable[[Data, gr.Request], Awaitable[dict[Any, Any]]]


class Opening:
    """Collects the parts, for a request of its own for each would keep the page from appearing."""

    def __init__(self, chapters: Iterable[str]) -> None:
        """`chapters` are the names of the page's chapters."""
        self.chapters: dict[str, dict[str, str]] = {name: {} for name in chapters}
        """The controls of each chapter: their labels by the names that an address uses."""
        self.controls: dict[Component, str] = {}
        """The controls of all chapters that errors are about, and the arguments that they hold."""
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

    def know(self, chapter: str, linked: Fields, controls: Fields | None = None) -> None:
        """Have the fields named in addresses as in `linked`, and in errors as in `controls` if given."""
        self.chapters[chapter] |= {name: str(field.component.label) for name, field in linked.items()}  # pyright: ignore[reportAttributeAccessIssue]
        named = linked if controls is None else controls
        for name, field in named.items():
            self.hold(chapter, name, field.component)

    def hold(self, chapter: str, name: str, component: Component) -> None:
        """Have errors about the argument `name` mark the component."""
        self.controls[component] = name
        component.elem_id = component.elem_id or f"{chapter}-field-{name.replace('.', '-')}"

    def wire(self, page: gr.Blocks, **event: Any) -> None:
        """Have all of them called when the page is opened."""
        made_with = initially(self._controls)

        async def open_page(kept: Data, request: gr.Request) -> dict[Any, Any]:
            data = {**made_with, **kept}
            updates: dict[Any, Any] = {}
            if refused := unknown(self.chapters, request):
                warn(refused, "Link", "In the address of this page, ")
            for opener in self._openers:
                try:
                    settled = await opener(data, request)
                    updates |= settled
                    # What one has set in a control that they share, the next one reads.
                    data |= {
                        control: update["value"]
                        for control, update in settled.items()
                        if control in self._controls and isinstance(update, dict) and "value" in update
                    }
                except LabError as error:
                    warn([error], "Link", "In the address of this page, ")
                except Exception:
                    # The other parts open all the same, and the page must not stay locked.
                    logger.exception("A part of the page could not be restored")
                    gr.Warning(
                        "A part of this page could not be restored; it is as on a first visit.", title="Page"
                    )
            return updates

        page.load(None, js=WAIT, **event)
        opened = page.load(open_page, self._kept, self._outputs, **event)
        # `then` does not run after a failure. There, pressing a button says what the matter is.
        for after in (opened.then, opened.failure):
            after(None, js="() => window.labOpened()", **event)
