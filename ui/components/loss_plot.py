"""The loss curve: the markup that the page's scripts draw it in, and the numbers that they draw it from."""

from typing import Any

import gradio as gr

from service import History
from ui.components.chart import scale_head, stretched
from ui.components.numbers import at_least
from ui.components.parts import empty, legend
from ui.components.terms import term
from ui.markup import Markup, join, tag
from ui.static import script

LAST_STEP = ("dot", "dot: the last step")
KEY = legend(("", "line: the mean loss over the examples trained on"), LAST_STEP)
KEY_WITH_HELD_OUT = legend(
    ("", "solid: the examples trained on"),
    ("held-out", join("dashed: the examples ", term("held out"))),
    LAST_STEP,
)
KEY_OF_BEFORE = legend(("before", "faint: before the change"))
SCRIPT = script("training_plot")


def loss_plot(name: str, log: bool = False) -> gr.HTML:
    """The figure of a model's curve, whose value is `{"curve": curve(...)}`; it tells of none at first.

    `name` is unique on the page, `log` the axis shown at first. Two radio buttons choose between the axes
    without asking the server.
    """
    return gr.HTML(
        {"curve": None},
        html_template=markup(name, log),
        js_on_load=SCRIPT,
        apply_default_css=False,
        elem_id=f"{name}-plot",
        elem_classes="figure",
    )


def curve(history: History | None, floor: float | None = None) -> dict[str, Any] | None:
    """What static/loss_plot.js draws: all recorded points, as columns; None without a history.

    `floor` is a loss that no weights of this network get below in exact arithmetic.
    """
    if history is None:
        return None
    told = floor is not None and f"no weights get below {at_least(floor)} in exact arithmetic"
    return {
        "step": history.step,
        "loss": history.loss,
        "held_out_loss": history.held_out_loss or [None] * len(history.step),
        "floor": {"at": floor, "label": told} if told else None,
    }


def markup(name: str, log: bool) -> Markup:
    """What stays while curves come and go. The script fills it in, and shows one of its two parts."""
    drawn = tag(
        "div.plot-drawn",
        tag("div.plot-y"),
        stretched(tag("g.plot-grid"), tag("g"), tag("g")),
        tag("div.plot-floors"),
        tag("div.plot-ends"),
        tag("div.plot-reading", tag("span.plot-cross"), tag("div.plot-read"), tag("span.plot-readout")),
        tag("div.plot-x"),
        aria_hidden="true",
    )
    reader = tag("input.plot-reader", type="range", min=0, max=0, aria_label="Read the curve")
    figure = tag(
        "figure.loss-plot",
        scale_head(name, "log" if log else "linear", KEY_OF_BEFORE),
        KEY,
        KEY_WITH_HELD_OUT,
        tag("div.plot-panel", reader, drawn),
        tag("figcaption"),
    )
    return join(empty("Press ", tag("b", "Train"), " to start."), figure)
