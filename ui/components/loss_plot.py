"""The loss curve, on a linear and on a log axis, as SVG with a text alternative."""

from collections.abc import Sequence
from html import escape
from itertools import chain, groupby

from service import History
from ui.components.chart import TINY, Curve, Mark, linear_axis, log_axis, panel, thin
from ui.components.numbers import at_least

KEY = (
    '<ul class="key"><li>solid: the examples trained on</li>'
    '<li class="held-out">dashed: the examples held out</li></ul>'
)


def loss_plot(history: History | None, name: str, log: bool = False, floor: float | None = None) -> str:
    """The figure of a model's history; `name` is unique on the page, `log` the axis shown at first.
    `floor` is a loss that no weights of this network get below in exact arithmetic.

    Both axes are drawn, and two radio buttons choose between them without asking the server.
    """
    if history is None or not history.step:
        return '<div class="empty">The loss curve will appear here. Press <b>Train</b> to start.</div>'
    held_out = _held_out(history)
    curves = [
        Curve(thin(history.step), thin(history.loss)),
        *(Curve(thin(steps), thin(losses), "held-out") for steps, losses in held_out),
    ]
    losses = [loss for curve in curves for loss in curve.ys]
    x_axis = linear_axis(history.step[0], max(history.step[-1], history.step[0] + 1), whole=True)
    lowest = [] if floor is None else [floor]
    highest = max([*losses, *lowest])
    marks = [
        Mark(each, f"no weights get below {at_least(each)} in exact arithmetic", horizontal=True, below=True)
        for each in lowest
    ]
    panels = [
        panel(curves, x_axis, linear_axis(0, highest if highest > TINY else 1), "plot-linear", marks),
        panel(curves, x_axis, log_axis([*losses, *lowest]), "plot-log", marks),
    ]
    return (
        f'<figure class="loss-plot" aria-label="{escape(summary(history))}">'
        '<div class="plot-head"><span class="plot-title">Loss against step</span>'
        f"{_radio(name, 'linear', not log)}{_radio(name, 'log', log)}</div>{KEY if held_out else ''}"
        f"{''.join(panels)}<figcaption>{escape(summary(history))}</figcaption></figure>"
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


def _radio(name: str, scale: str, checked: bool) -> str:
    return (
        f'<label class="plot-scale"><input type="radio" name="{name}-scale" value="{scale}"'
        f"{' checked' if checked else ''}>{scale}</label>"
    )
