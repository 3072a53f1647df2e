"""Axes, and a panel of curves over them: SVG that stretches, with labels in HTML that do not."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

MOST_POINTS = 400
TINY = 1e-300  # below this an axis has no ticks that a float can hold
Scale = Callable[[float], float]
T = TypeVar("T")


@dataclass(frozen=True)
class Axis:
    """Maps values to 0..1 along an axis, with (position, label) ticks."""

    position: Scale
    ticks: list[tuple[float, str]]


@dataclass(frozen=True)
class Curve:
    """Points to be joined; `style` is a class of the line and of its last point."""

    xs: Sequence[float]
    ys: Sequence[float]
    style: str = ""


@dataclass(frozen=True)
class Mark:
    """A vertical or horizontal line at `at`, with a few words beside it."""

    at: float
    label: str
    horizontal: bool = False
    below: bool = False
    """Of a horizontal line: whether the words stand below it."""


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


def thin(values: Sequence[T], most: int = MOST_POINTS) -> list[T]:
    """At most `most` of the values, evenly chosen, the first and the last always among them."""
    if len(values) <= most:
        return list(values)
    return [values[round(index * (len(values) - 1) / (most - 1))] for index in range(most)]


def panel(
    curves: Sequence[Curve], x_axis: Axis, y_axis: Axis, kind: str = "", marks: Sequence[Mark] = ()
) -> str:
    """The curves, each ending in a dot. What they show has to be said in words beside it."""
    lines, dots = "", ""
    for curve in curves:
        xs = [1000 * x_axis.position(x) for x in curve.xs]
        ys = [1000 * (1 - y_axis.position(y)) for y in curve.ys]
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(xs, ys, strict=True))
        lines += f'<polyline class="{curve.style}" points="{points}"/>'
        last = f"plot-last {curve.style}".strip()
        dots += f'<span class="{last}" style="left:{xs[-1] / 10:.2f}%;top:{ys[-1] / 10:.2f}%"></span>'
    grid = "".join(
        f'<line x1="0" x2="1000" y1="{1000 * (1 - at):.1f}" y2="{1000 * (1 - at):.1f}"/>'
        for at, _ in y_axis.ticks
    )
    y_labels = "".join(f'<span style="bottom:{100 * at:.2f}%">{label}</span>' for at, label in y_axis.ticks)
    x_labels = "".join(f'<span style="left:{100 * at:.2f}%">{label}</span>' for at, label in x_axis.ticks)
    return (
        f'<div class="plot-panel {kind}" aria-hidden="true"><div class="plot-y">{y_labels}</div>'
        '<svg class="plot-area" viewBox="0 0 1000 1000" preserveAspectRatio="none">'
        f'<g class="plot-grid">{grid}</g>'
        f"{''.join(_line(mark, x_axis, y_axis) for mark in marks)}{lines}</svg>"
        f"{''.join(_words(mark, x_axis, y_axis) for mark in marks)}{dots}"
        f'<div class="plot-x">{x_labels}</div></div>'
    )


def _line(mark: Mark, x_axis: Axis, y_axis: Axis) -> str:
    if mark.horizontal:
        y = 1000 * (1 - y_axis.position(mark.at))
        return f'<line class="plot-mark" x1="0" x2="1000" y1="{y:.1f}" y2="{y:.1f}"/>'
    x = 1000 * x_axis.position(mark.at)
    return f'<line class="plot-mark" x1="{x:.1f}" x2="{x:.1f}" y1="0" y2="1000"/>'


def _words(mark: Mark, x_axis: Axis, y_axis: Axis) -> str:
    if mark.horizontal:
        at = 100 * y_axis.position(mark.at)
        place = f"top:{100 - at:.2f}%" if mark.below else f"bottom:{at:.2f}%"
        return f'<span class="plot-words" style="right:0.25rem;{place}">{mark.label}</span>'
    at = 100 * x_axis.position(mark.at)
    side = f"right:{100 - at:.2f}%" if at > 50 else f"left:{at:.2f}%"
    return f'<span class="plot-words" style="{side};top:0">{mark.label}</span>'
