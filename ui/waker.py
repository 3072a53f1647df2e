"""Has an answer that was lost come after all.

Gradio's client closes the stream of the answer before even while the next event is on its way; the answer to
that event then waits until something else is asked. Where a control has been moved and nothing comes, the
page asks for nothing, again and again (static/address.js), and once after a button (static/waker.js): the
answer comes along.
"""

from ui.components.figure import figure
from ui.events import QUIET
from ui.static import script

SCRIPT = script("waker")


def wake_by_hand() -> None:
    """Lay out what `window.labWake()` works through."""
    waker = figure("", "waker", SCRIPT)
    waker.submit(_nothing, None, None, trigger_mode="multiple", **QUIET)  # pyright: ignore[reportAttributeAccessIssue]


async def _nothing() -> None:
    """The answer."""
