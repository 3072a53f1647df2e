"""The loss curve, on a linear and on a log axis, as SVG with a text alternative."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import TypeVar

from service import History

MOST_POINTS = 400
TINY = 1e-300  # below this an axis has no ticks that a float can hold
Scale = Callable[[float], float]
T = TypeVar("T")


@dataclass(frozen=True)
class Axis:
    """Maps values to 0..1 along an axis, with (position, label) ticks."""

    position: Scale
    ticks: list[tuple[float, str]]


def loss_plot(history: History | None, name: str, log: bool = False) -> str:
    """The figure of a model's history; `name` is unique on the page, `log` the axis shown at first.

    Both axes are drawn, and two radio buttons choose between them without asking the server.
    """
    if history is None or not history.step:
        return '<div class="empty">The loss curve will appear here. Press <b>Train</b> to start.</div>'
    steps, losses = thin(history.step), thin(history.loss)
    x_axis = linear_axis(steps[0], max(steps[-1], steps[0] + 1), whole=True)
    highest = max(losses)
    panels = [
        _panel("linear", steps, losses, x_axis, linear_axis(0, highest if highest > TINY else 1)),
        _panel("log", steps, losses, x_axis, log_axis(losses)),
    ]
    return (
        f'<figure class="loss-plot" aria-label="{escape(summary(history))}">'
        '<div class="plot-head"><span class="plot-title">Loss against step</span>'
        f"{_radio(name, 'linear', not log)}{_radio(name, 'log', log)}</div>"
        f"{''.join(panels)}<figcaption>{escape(summary(history))}</figcaption></figure>"
    )


def summary(history: History) -> str:
    """The curve in words."""
    first = f"Loss {history.loss[0]:.4g} at step {history.step[0]:,}"
    if len(history.step) == 1:
        return first + "."
    lowest = min(history.loss)
    last = f"{first}, {history.loss[-1]:.4g} at step {history.step[-1]:,}"
    if lowest < history.loss[-1]:
        return f"{last}; lowest {lowest:.4g} at step {history.step[history.loss.index(lowest)]:,}."
    return last + "."


def thin(values: Sequence[T], most: int = MOST_POINTS) -> list[T]:
    """At most `most` of the values, evenly chosen, the first and the last always among them."""
    if len(values) <= most:
        return list(values)
    return [values[round(index * (len(values) - 1) / (most - 1))] for index in range(most)]


def linear_axis(low: float, high: float, whole: bool = False) -> Axis:
    """An axis from `low` to `high` with round ticks at 1, 2 or 5 times a power of ten."""
    span = high - low
    power = 10 ** math.floor(math.log10(span / 4))
    step = next(power * factor for factor in (1, 2, 5, 10) if span / (power * factor) <= 5)
    if whole:
        step = max(1, round(step))
    ticks = [step * k for k in range(math.ceil(low / step), math.floor(high / step) + 1)]
    labels = [(f"{tick:,.0f}" if whole else f"{tick:.4g}") for tick in ticks]
    return Axis(
        lambda value: (value - low) / span,
        [((tick - low) / span, label) for tick, label in zip(ticks, labels, strict=True)],
    )


def log_axis(values: Sequence[float]) -> Axis:
    """An axis over the decades of the positive values; 0 has no logarithm and lies on the lower edge."""
    positive = [value for value in values if value > 0] or [1.0]
    low = math.floor(math.log10(min(positive)))
    high = max(math.ceil(math.log10(max(positive))), low + 1)
    stride = -(-(high - low) // 6)
    decades = range(low, high + 1, stride)
    return Axis(
        lambda value: (math.log10(value) - low) / (high - low) if value > 0 else 0.0,
        [((decade - low) / (high - low), f"1e{decade}" if decade else "1") for decade in decades],
    )


def _radio(name: str, scale: str, checked: bool) -> str:
    return (
        f'<label class="plot-scale"><input type="radio" name="{name}-scale" value="{scale}"'
        f"{' checked' if checked else ''}>{scale}</label>"
    )


def _panel(scale: str, steps: list[int], losses: list[float], x_axis: Axis, y_axis: Axis) -> str:
    xs = [1000 * x_axis.position(step) for step in steps]
    ys = [1000 * (1 - y_axis.position(loss)) for loss in losses]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(xs, ys, strict=True))
    grid = "".join(
        f'<line x1="0" x2="1000" y1="{1000 * (1 - at):.1f}" y2="{1000 * (1 - at):.1f}"/>'
        for at, _ in y_axis.ticks
    )
    y_labels = "".join(f'<span style="bottom:{100 * at:.2f}%">{label}</span>' for at, label in y_axis.ticks)
    x_labels = "".join(f'<span style="left:{100 * at:.2f}%">{label}</span>' for at, label in x_axis.ticks)
    return (
        f'<div class="plot-panel plot-{scale}" aria-hidden="true"><div class="plot-y">{y_labels}</div>'
        '<svg class="plot-area" viewBox="0 0 1000 1000" preserveAspectRatio="none">'
        f'<g class="plot-grid">{grid}</g><polyline points="{line}"/></svg>'
        f'<span class="plot-last" style="left:{xs[-1] / 10:.2f}%;top:{ys[-1] / 10:.2f}%"></span>'
        f'<div class="plot-x">{x_labels}</div></div>'
    )
