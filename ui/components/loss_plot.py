"""The loss curve: the markup that the page's scripts draw it in, and the numbers that they draw it from."""

import json
from collections.abc import Mapping
from typing import Any

import gradio as gr

from service import History
from ui.components.chart import scale_head, stretched
from ui.components.numbers import at_least
from ui.components.panels import page_status
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
KEY_OF_BEFORE = legend(("before", "faint: before"))
SCRIPT = script("training_plot")


def loss_plot(
    name: str,
    log: bool = False,
    hand: Mapping[str, Any] | None = None,
    sliders: Mapping[str, str] | None = None,
) -> gr.HTML:
    """The figure of a model's curve, whose value is what `plotted` gives; it tells of none at first.

    `name` is unique on the page, `log` the axis shown at first. Two radio buttons choose between the axes
    without asking the server. `hand` is what the first move of a slider would train (`ui.dragging`), and
    `sliders` names the fields that move by the ids of their sliders.
    """
    return gr.HTML(
        plotted(hand=hand),
        html_template=markup(name, log, sliders or {}),
        js_on_load=SCRIPT,
        apply_default_css=False,
        elem_id=f"{name}-plot",
        elem_classes="figure",
    )


def plotted(
    drawn: dict[str, Any] | None = None,
    *,
    hand: Mapping[str, Any] | None = None,
    working: bool = False,
    result: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """The figure's value, `Shown` in static/work.d.ts: a `curve`, and what a slider's move would train.

    `working` says whether the training is still under way; `result` has the weights in base64 and their
    fingerprint, if it has ended by itself.
    """
    return {"curve": drawn, "hand": hand, "working": working, "result": result}


def curve(history: History | None, floor: float | None = None) -> dict[str, Any] | None:
    """What static/loss_plot.js draws: all recorded points, as columns; None without a history.

    `floor` is a loss that no weights of this network get below in exact arithmetic.
    """
    if history is None:
        return None
    return {
        "step": history.step,
        "loss": history.loss,
        "held_out_loss": history.held_out_loss or [None] * len(history.step),
        "floor": lowest(floor),
    }


def lowest(floor: float | None) -> dict[str, Any] | None:
    """The line of a loss that no weights get below, and its words."""
    if floor is None:
        return None
    return {"at": floor, "label": f"no weights get below {at_least(floor)} in exact arithmetic"}


def markup(name: str, log: bool, sliders: Mapping[str, str]) -> Markup:
    """What stays while curves come and go. The script fills it in, and shows one of its two parts."""
    where = tag(
        "p.plot-where", role="status", data_sliders=json.dumps(sliders), data_answers=f"{name}-predictions"
    )
    return join(plot_frame(name, log), where, page_status())


def plot_frame(name: str, log: bool = False) -> Markup:
    """What static/loss_plot.js draws a curve in, and what stands there without one; `name` is unique."""
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
