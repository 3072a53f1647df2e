"""The end of a chapter: what one can do now, and the way to the next."""

import gradio as gr

from ui.components.figure import figure
from ui.markup import Child, Markup, tag
from ui.static import script

SCRIPT = script("closing")


def closing(name: str, learned: Child, following: tuple[str, str] | None) -> gr.HTML:
    """The figure; `following` is the next chapter's name and what its tab is called."""
    return figure(markup(learned, following), f"{name}-closing", SCRIPT)


def markup(learned: Child, following: tuple[str, str] | None) -> Markup:
    """What was learned, and a link, if there is a next chapter."""
    onward = following and tag(
        "a", f"Next: {following[1]} →", href=f"?chapter={following[0]}", data_chapter=following[0]
    )
    return tag("div.closing", tag("p", tag("b", "You can now "), learned), onward)
