"""Looking again and again at what is at work, whatever becomes of a single look."""

import time
from collections.abc import Callable
from typing import Any

import gradio as gr

from ui.events import QUIET

CLOCK_SECONDS = 3.0
"""Seconds between two looks of the clock's."""


class Looking:
    """Has the page look again as long as something is at work.

    Each look has the next one follow at once. A clock looks, too, for an answer may never come: gradio's
    client closes the stream of the answer before even while the next event is on its way, and the answer to
    that event then waits until something else is asked.

    To be made outside the tabs if it is to look before its tab has been opened.
    """

    def __init__(self) -> None:
        self._looked = gr.State(0)
        self._clock = gr.Timer(CLOCK_SECONDS, active=False)
        self.outputs: list[Any] = [self._looked, self._clock]
        """What the updates of `again` are for."""

    def again(self, at_work: bool) -> dict[Any, Any]:
        """The updates that have the page look again, or be still."""
        clock = {self._clock: gr.update(active=at_work)}
        return {self._looked: time.monotonic_ns(), **clock} if at_work else clock

    def wire(self, look: Callable[..., Any], inputs: Any, outputs: list[Any]) -> None:
        """Look with this event, whose updates hold those of `again`."""
        self._looked.change(look, inputs, outputs, trigger_mode="always_last", **QUIET)
        # Not held back by a look that nobody has answered.
        self._clock.tick(look, inputs, outputs, trigger_mode="multiple", **QUIET)
