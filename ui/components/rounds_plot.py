"""The loss, round by round: what each Forward of the bench computed."""

from collections.abc import Sequence
from math import isfinite

from service import Moment
from ui.components.chart import Curve, linear_axis, panel
from ui.components.numbers import shown
from ui.components.text import counted
from ui.markup import Markup, tag

ROUNDS = 4
"""Rounds for which there is room before there are more."""


def rounds_plot(moments: Sequence[Moment]) -> Markup:
    """The losses by the updates they were computed after, as far as they are finite."""
    losses = {
        moment.updates: moment.nodes["loss"].value
        for moment in moments
        if moment.ran_forward or moment.press in ("", "F")
    }
    points = {updates: loss for updates, loss in losses.items() if isfinite(loss)} or {0: 0.0}
    xs, ys = list(points), list(points.values())
    x_axis = linear_axis(0, max(ROUNDS, *xs), whole=True)
    told = f"Loss, round by round: {shown(ys[0])} at first"
    if len(xs) > 1:
        told += f", {shown(ys[-1])} after {counted(xs[-1], 'update')}"
    if len(points) < len(losses):
        told += "; then it is no longer a finite number"
    return tag(
        "figure.rounds",
        panel([Curve(xs, ys)], x_axis, linear_axis(0, max(*ys, 1e-6)), "rounds-panel"),
        tag("figcaption", f"{told}."),
        aria_label=f"{told}.",
    )
