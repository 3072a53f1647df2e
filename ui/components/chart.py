"""Axes, and a panel of curves over them: SVG that stretches, with labels in HTML that do not."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from ui.components import svg
from ui.markup import Child, Markup, join, tag

MAX_CURVE_POINTS = 400
SMALLEST_DRAWN = 1e-300  # below this an axis has no ticks that a float can hold
Scale = Callable[[float], float]
Ticks = Sequence[tuple[float, str]]
T = TypeVar("T")


@dataclass(frozen=True)
class Axis:
    """Maps values to 0..1 along an axis, with (position, label) ticks."""

    position: Scale
    ticks: Ticks


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


def thin(values: Sequence[T], most: int = MAX_CURVE_POINTS) -> list[T]:
    """At most `most` of the values, evenly chosen, the first and the last always among them."""
    if len(values) <= most:
        return list(values)
    return [values[round(index * (len(values) - 1) / (most - 1))] for index in range(most)]


def panel(
    curves: Sequence[Curve], x_axis: Axis, y_axis: Axis, kind: str = "", marks: Sequence[Mark] = ()
) -> Markup:
    """The curves, each ending in a dot. What they show has to be said in words beside it."""
    lines: list[Markup] = []
    dots: list[Markup] = []
    for curve in curves:
        xs = [1000 * x_axis.position(x) for x in curve.xs]
        ys = [1000 * (1 - y_axis.position(y)) for y in curve.ys]
        lines.append(svg.polyline(zip(xs, ys, strict=True), curve.style))
        place = f"left:{xs[-1] / 10:.2f}%;top:{ys[-1] / 10:.2f}%"
        dots.append(tag(f"span.plot-last.{curve.style}", style=place))
    grid = [svg.line((0, y), (1000, y)) for at, _ in y_axis.ticks for y in [1000 * (1 - at)]]
    area = stretched(tag("g.plot-grid", grid), (_line(mark, x_axis, y_axis) for mark in marks), lines)
    y_labels = tag("div.plot-y", _labels(y_axis.ticks, "bottom"))
    words = [_words(mark, x_axis, y_axis) for mark in marks]
    return framed(y_labels, area, words, dots, ticks=x_axis.ticks, kind=kind)


def two_scales(curves: Sequence[Curve], x_axis: Axis) -> tuple[Markup, Markup]:
    """The curves on a linear axis and on a log axis."""
    heights = [y for curve in curves for y in curve.ys]
    highest = max(heights)
    linear = linear_axis(0, highest if highest > SMALLEST_DRAWN else 1)
    return (
        panel(curves, x_axis, linear, "plot-linear"),
        panel(curves, x_axis, log_axis(heights), "plot-log"),
    )


def plot_head(title: Markup, name: str, options: Mapping[str, str], chosen: str) -> Markup:
    """The title of a plot, and radio buttons that switch it without asking the server."""
    radios = [
        tag(
            "label.plot-scale",
            tag("input", type="radio", name=name, value=value, checked=value == chosen),
            words,
        )
        for value, words in options.items()
    ]
    return tag("div.plot-head", title, radios)


def scale_head(name: str, chosen: str, *beside: Child) -> Markup:
    """The head of a plot of losses on a linear or a log scale; `beside` stands by its title."""
    title = join(tag("span.plot-title", "Loss against step"), *beside)
    return plot_head(title, f"{name}-scale", {"linear": "linear", "log": "log"}, chosen)


def stretched(*shapes: Child) -> Markup:
    """Shapes in a square of 1000 that fills the panel."""
    return tag("svg.plot-area", *shapes, viewBox="0 0 1000 1000", preserveAspectRatio="none")


def framed(*parts: Child, ticks: Ticks, kind: str) -> Markup:
    """The panel itself, with the ticks of its x axis."""
    x_labels = tag("div.plot-x", _labels(ticks, "left"))
    return tag(f"div.plot-panel.{kind}", *parts, x_labels, aria_hidden="true")


def words_at(place: str, words: str) -> Markup:
    """Words somewhere in a panel; `place` is their style."""
    return tag("span.plot-words", words, style=place)


def _labels(ticks: Ticks, side: str) -> list[Markup]:
    return [tag("span", label, style=f"{side}:{100 * at:.2f}%") for at, label in ticks]


def _line(mark: Mark, x_axis: Axis, y_axis: Axis) -> Markup:
    if mark.horizontal:
        y = 1000 * (1 - y_axis.position(mark.at))
        return svg.line((0, y), (1000, y), class_="plot-mark")
    x = 1000 * x_axis.position(mark.at)
    return svg.line((x, 0), (x, 1000), class_="plot-mark")


def _words(mark: Mark, x_axis: Axis, y_axis: Axis) -> Markup:
    if mark.horizontal:
        return words_at(f"right:0.25rem;bottom:{100 * y_axis.position(mark.at):.2f}%", mark.label)
    at = 100 * x_axis.position(mark.at)
    side = f"right:{100 - at:.2f}%" if at > 50 else f"left:{at:.2f}%"
    return words_at(f"{side};top:0", mark.label)
