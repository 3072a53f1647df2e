"""The examples that a model trains on, as a table and as drawings, with the tested vectors among them."""

from collections.abc import Iterable, Sequence
from html import escape
from itertools import combinations
from math import atan2, degrees

import pandas as pd

from service import ExampleSet
from ui.components.chart import Axis, linear_axis, thin
from ui.components.numbers import plain

MOST_ROWS = 50
MOST_TESTED = 20
SIZE = 240
LEFT, TOP, RIGHT, BOTTOM = 44, 8, 8, 30
INPUTS = ("a", "b", "c")

KEY = (
    "<ul class='pairs-key'><li>small dot: for training</li><li>small ring: held out</li>"
    "<li>dashed frame: the range for training</li><li>large dot: tested, inside it</li>"
    "<li>cross: tested, outside</li><li>arrow on the edge: tested, beyond the drawing</li></ul>"
)


def examples_table(examples: ExampleSet) -> str:
    """The first examples, one row each, and how many more there are."""
    rows = [
        {
            "number": str(number),
            **_named(inputs, INPUTS if len(inputs) == len(INPUTS) else _names("x", inputs)),
            **_named(targets, _names("y", targets)),
            "use": "held out" if held_out else "for training",
        }
        for number, (inputs, targets, held_out) in enumerate(
            zip(examples.inputs[:MOST_ROWS], examples.targets, examples.held_out, strict=False), start=1
        )
    ]
    table = pd.DataFrame(rows).to_html(index=False, border=0, classes="predictions")
    hidden = len(examples.inputs) - MOST_ROWS
    more = f"<p>and {hidden:,} more, not shown.</p>" if hidden > 0 else ""
    return (
        f'<section class="panel examples"><h3>The examples: {escape(examples.source)}</h3>'
        f"<p>{escape(counted(examples))}</p>"
        f'<div class="scroll" tabindex="0" role="region" aria-label="The examples">{table}</div>{more}'
        "</section>"
    )


def pairs_view(examples: ExampleSet, vectors: Sequence[Sequence[float]]) -> str:
    """The inputs a, b, c, two by two, and each of the tested `vectors` inside the trained range or outside.

    Empty for examples that do not have three inputs.
    """
    if len(examples.lows) != len(INPUTS):
        return ""
    drawn = vectors[:MOST_TESTED]
    words = escape(summary(examples, vectors))
    told = "".join(f"<li>{escape(described(vector, examples))}</li>" for vector in drawn)
    hidden = len(vectors) - len(drawn)
    more = f"<p>and {hidden:,} more vectors, counted above but not drawn.</p>" if hidden > 0 else ""
    panels = "".join(_panel(examples, drawn, pair) for pair in combinations(range(len(INPUTS)), 2))
    return (
        f'<figure class="panel pairs" aria-label="{words}"><h3>Seen, and never seen</h3>'
        f'<div class="pairs-panels">{panels}</div>{KEY}<figcaption>{words}</figcaption>'
        f"{f'<ol>{told}</ol>' if told else ''}{more}</figure>"
    )


def counted(examples: ExampleSet) -> str:
    """How many examples there are, for what, and the range of those trained on."""
    held_out, count = sum(examples.held_out), len(examples.inputs)
    use = f"{count - held_out:,} for training, {held_out:,} held out" if held_out else "all for training"
    told = f"{count:,} examples: {use}." if count > 1 else "1 example."
    if len(examples.lows) != len(INPUTS):
        return told
    ranges = ", ".join(
        f"{name} from {plain(low)} to {plain(high)}"
        for name, low, high in zip(INPUTS, examples.lows, examples.highs, strict=True)
    )
    return f"{told} For training: {ranges}."


def summary(examples: ExampleSet, vectors: Sequence[Sequence[float]]) -> str:
    """The drawings in words."""
    if not vectors:
        return f"{counted(examples)} No vectors tested yet."
    inside = sum(_inside(vector, examples) for vector in vectors)
    tested = "1 vector" if len(vectors) == 1 else f"{len(vectors):,} vectors"
    return (
        f"{counted(examples)} {tested} tested: {inside:,} inside the range for training, "
        f"{len(vectors) - inside:,} outside."
    )


def described(vector: Sequence[float], examples: ExampleSet) -> str:
    """Whether the vector lies in the range trained on, and if not, which number is furthest out of it."""
    shown = f"[{', '.join(map(plain, vector))}]"
    if _inside(vector, examples):
        return f"{shown}: inside"
    columns = zip(INPUTS, vector, examples.lows, examples.highs, strict=True)
    outside = [column for column in columns if not column[2] <= column[1] <= column[3]]
    name, value, low, high = max(outside, key=lambda column: _times(*column[1:]))
    times = f"{_times(value, low, high):.3g}"
    if abs(value) > max(abs(low), abs(high)) > 0 and times != "1":
        return f"{shown}: outside, {name} is {times} times the largest trained"
    edge = f"below the lowest trained, {plain(low)}" if value < low else f"above the highest, {plain(high)}"
    return f"{shown}: outside, {name} is {edge}"


def _inside(vector: Sequence[float], examples: ExampleSet) -> bool:
    columns = zip(vector, examples.lows, examples.highs, strict=True)
    return all(low <= value <= high for value, low, high in columns)


def _times(value: float, low: float, high: float) -> float:
    """How large the value is beside the largest trained, by size."""
    largest = max(abs(low), abs(high))
    return abs(value) / largest if largest else float("inf")


def _names(letter: str, numbers: Sequence[float]) -> list[str]:
    return [f"{letter}{number}" for number in range(1, len(numbers) + 1)]


def _named(numbers: Sequence[float], names: Iterable[str]) -> dict[str, str]:
    return dict(zip(names, map(plain, numbers), strict=True))


# The drawings


def _panel(examples: ExampleSet, vectors: Sequence[Sequence[float]], pair: tuple[int, int]) -> str:
    x, y = pair
    axes = [_axis(examples.lows[column], examples.highs[column]) for column in pair]
    spots = thin(
        [(row[x], row[y], held) for row, held in zip(examples.inputs, examples.held_out, strict=True)]
    )
    dots = "".join(_dot(*_place(axes, (a, b)), held) for a, b, held in spots)
    left, top = _place(axes, (examples.lows[x], examples.highs[y]))
    right, bottom = _place(axes, (examples.highs[x], examples.lows[y]))
    marks = "".join(
        _mark(axes, (vector[x], vector[y]), number, _inside(vector, examples))
        for number, vector in enumerate(vectors, start=1)
    )
    return (
        f'<svg role="img" viewBox="0 0 {SIZE} {SIZE}" aria-label="{INPUTS[x]} to the right, {INPUTS[y]} up">'
        f'<rect class="pairs-frame" x="{LEFT}" y="{TOP}" width="{SIZE - LEFT - RIGHT}" '
        f'height="{SIZE - TOP - BOTTOM}"/>{_ticks(axes, pair)}'
        f'<rect class="pairs-range" x="{left:.1f}" y="{top:.1f}" width="{right - left:.1f}" '
        f'height="{bottom - top:.1f}"/>{dots}{marks}</svg>'
    )


def _axis(low: float, high: float) -> Axis:
    """An axis over the range and half as much again on either side."""
    margin = (high - low) / 2 or max(1.0, abs(low) / 2)
    return linear_axis(low - margin, high + margin)


def _place(axes: Sequence[Axis], point: tuple[float, float]) -> tuple[float, float]:
    """Where a point lies in the drawing; one beyond its edges, on the nearest of them."""
    x, y = (min(max(axis.position(value), 0.0), 1.0) for axis, value in zip(axes, point, strict=True))
    return LEFT + x * (SIZE - LEFT - RIGHT), TOP + (1 - y) * (SIZE - TOP - BOTTOM)


def _dot(x: float, y: float, held_out: bool) -> str:
    return f'<circle class="{"held-out" if held_out else "trained"}" cx="{x:.1f}" cy="{y:.1f}" r="2"/>'


def _mark(axes: Sequence[Axis], point: tuple[float, float], number: int, inside: bool) -> str:
    x, y = _place(axes, point)
    beyond = [
        (position > 1) - (position < 0)
        for position in (axis.position(value) for axis, value in zip(axes, point, strict=True))
    ]
    if inside:
        kind, shape = "inside", '<circle r="5"/>'
    elif any(beyond):
        turn = degrees(atan2(-beyond[1], beyond[0]))
        kind, shape = "beyond", f'<path transform="rotate({turn:.0f})" d="M 4 0 L -6 -5 L -6 5 Z"/>'
    else:
        kind, shape = "outside", '<path d="M -5 -5 L 5 5 M -5 5 L 5 -5"/>'
    side = ("end", -8) if x > SIZE / 2 else ("start", 8)
    return (
        f'<g class="tested {kind}" transform="translate({x:.1f} {y:.1f})">{shape}'
        f'<text x="{side[1]}" y="{14 if y < SIZE / 2 else -6}" text-anchor="{side[0]}">{number}</text></g>'
    )


def _ticks(axes: Sequence[Axis], pair: tuple[int, int]) -> str:
    width, height = SIZE - LEFT - RIGHT, SIZE - TOP - BOTTOM
    xs = "".join(
        f'<text text-anchor="middle" x="{LEFT + at * width:.1f}" y="{SIZE - BOTTOM + 14}">{label}</text>'
        for at, label in _sparse(axes[0].ticks)
    )
    ys = "".join(
        f'<text text-anchor="end" x="{LEFT - 5}" y="{SIZE - BOTTOM - at * height + 4:.1f}">{label}</text>'
        for at, label in axes[1].ticks
    )
    return (
        f'<g class="pairs-ticks">{xs}{ys}'
        f'<text x="{SIZE - RIGHT}" y="{SIZE - 3}" text-anchor="end">{INPUTS[pair[0]]}</text>'
        f'<text x="4" y="{TOP + 10}">{INPUTS[pair[1]]}</text></g>'
    )


def _sparse(ticks: list[tuple[float, str]]) -> list[tuple[float, str]]:
    """The ticks, or only the outermost of them where their labels would run into each other."""
    return ticks if max(len(label) for _, label in ticks) <= 4 else [ticks[0], *ticks[1:][-1:]]
