"""The loss curve, on a linear and on a log axis, as SVG with a text alternative."""

from collections.abc import Sequence
from itertools import chain, groupby

from service import History
from ui.components.chart import Curve, Mark, linear_axis, scale_head, thin, two_scales
from ui.components.numbers import at_least
from ui.components.parts import empty, legend
from ui.components.terms import term
from ui.markup import Markup, join, tag

LAST_STEP = ("dot", "dot: the last step")
KEY = legend(("", "line: the mean loss over the examples trained on"), LAST_STEP)
KEY_WITH_HELD_OUT = legend(
    ("", "solid: the examples trained on"),
    ("held-out", join("dashed: the examples ", term("held out"))),
    LAST_STEP,
)


def loss_plot(history: History | None, name: str, log: bool = False, floor: float | None = None) -> Markup:
    """The figure of a model's history; `name` is unique on the page, `log` the axis shown at first.
    `floor` is a loss that no weights of this network get below in exact arithmetic.

    Both axes are drawn, and two radio buttons choose between them without asking the server.
    """
    if history is None or not history.step:
        return empty("Press ", tag("b", "Train"), " to start.")
    held_out = _held_out(history)
    curves = [
        Curve(thin(history.step), thin(history.loss)),
        *(Curve(thin(steps), thin(losses), "held-out") for steps, losses in held_out),
    ]
    x_axis = linear_axis(history.step[0], max(history.step[-1], history.step[0] + 1), whole=True)
    lowest = [] if floor is None else [floor]
    marks = [
        Mark(each, f"no weights get below {at_least(each)} in exact arithmetic", horizontal=True, below=True)
        for each in lowest
    ]
    told = summary(history)
    return tag(
        "figure.loss-plot",
        scale_head(name, "log" if log else "linear"),
        KEY_WITH_HELD_OUT if held_out else KEY,
        two_scales(curves, x_axis, lowest, marks),
        tag("figcaption", told),
        aria_label=told,
    )


def summary(history: History) -> str:
    """The curves in words."""
    told = _course("Loss", history.step, history.loss)
    held_out = _held_out(history)
    if held_out:
        steps, losses = (list(chain.from_iterable(parts)) for parts in zip(*held_out, strict=True))
        told += f" {_course('On the examples held out', steps, losses)}"
    return told


def _course(name: str, steps: Sequence[int], losses: Sequence[float]) -> str:
    first = f"{name} {losses[0]:.4g} at step {steps[0]:,}"
    if len(steps) == 1:
        return first + "."
    lowest = min(losses)
    last = f"{first}, {losses[-1]:.4g} at step {steps[-1]:,}"
    if lowest < losses[-1]:
        return f"{last}; lowest {lowest:.4g} at step {steps[losses.index(lowest)]:,}."
    return last + "."


def _held_out(history: History) -> list[tuple[list[int], list[float]]]:
    """The steps and losses of the examples held out, in parts: not every job need have held some out."""
    points = zip(history.step, history.held_out_loss or [None] * len(history.step), strict=True)
    parts: list[tuple[list[int], list[float]]] = []
    for measured, part in groupby(points, key=lambda point: point[1] is not None):
        if measured:
            steps, losses = zip(*part, strict=True)
            parts.append((list(steps), list(losses)))
    return parts
