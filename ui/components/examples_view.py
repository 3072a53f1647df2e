"""The examples that a model trains on, as a table and as drawings, with the tested vectors among them."""

from collections.abc import Sequence
from itertools import combinations
from math import atan2, degrees

from service import ExampleSet
from ui.components import svg
from ui.components.chart import Axis, Ticks, linear_axis, thin
from ui.components.numbers import plain
from ui.components.parts import items, legend, row, section, table
from ui.markup import Markup, tag

MAX_ROWS = 50
MAX_TESTED = 20
SIZE = 240
LEFT, TOP, RIGHT, BOTTOM = 44, 8, 8, 30
INPUTS = ("a", "b", "c")

KEY = legend(
    ("worded", "small dot: for training"),
    ("worded", "small ring: held out"),
    ("worded", "dashed frame: the range for training"),
    ("worded", "large dot: tested, inside it"),
    ("worded", "cross: tested, outside"),
    ("worded", "arrow on the edge: tested, beyond the drawing"),
)


def examples_table(examples: ExampleSet) -> Markup:
    """The first examples, one row each, and how many more there are."""
    examined = zip(examples.inputs[:MAX_ROWS], examples.targets, examples.held_out, strict=False)
    rows = [
        row(None, [number, *map(plain, (*inputs, *targets)), "held out" if held_out else "for training"])
        for number, (inputs, targets, held_out) in enumerate(examined, start=1)
    ]
    names = INPUTS if len(examples.inputs[0]) == len(INPUTS) else _names("x", examples.inputs[0])
    heads = ["number", *names, *_names("y", examples.targets[0]), "use"]
    hidden = len(examples.inputs) - MAX_ROWS
    return section(
        "examples",
        f"The examples: {examples.source}",
        tag("p", counted(examples)),
        table("The examples", heads, rows),
        hidden > 0 and tag("p", f"and {hidden:,} more, not shown."),
    )


def pairs_view(examples: ExampleSet, vectors: Sequence[Sequence[float]]) -> Markup:
    """The inputs a, b, c, two by two, and each of the tested `vectors` inside the trained range or outside.

    Empty for examples that do not have three inputs.
    """
    if len(examples.lows) != len(INPUTS):
        return Markup()
    drawn = vectors[:MAX_TESTED]
    words = summary(examples, vectors)
    hidden = len(vectors) - len(drawn)
    panels = (_panel(examples, drawn, pair) for pair in combinations(range(len(INPUTS)), 2))
    return tag(
        "figure.panel.pairs",
        tag("h3", "Seen, and never seen"),
        tag("div.pairs-panels", panels),
        KEY,
        tag("figcaption", words),
        drawn and tag("ol", items(described(vector, examples) for vector in drawn)),
        hidden > 0 and tag("p", f"and {hidden:,} more vectors, counted above but not drawn."),
        aria_label=words,
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
        return f"{shown}: outside, {name} is {times} times the largest in training"
    edge = (
        f"below the lowest in training, {plain(low)}"
        if value < low
        else f"above the highest in training, {plain(high)}"
    )
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


# The drawings


def _panel(examples: ExampleSet, vectors: Sequence[Sequence[float]], pair: tuple[int, int]) -> Markup:
    x, y = pair
    axes = [_axis(examples.lows[column], examples.highs[column]) for column in pair]
    spots = thin(
        [(row[x], row[y], held) for row, held in zip(examples.inputs, examples.held_out, strict=True)]
    )
    left, top = _place(axes, (examples.lows[x], examples.highs[y]))
    right, bottom = _place(axes, (examples.highs[x], examples.lows[y]))
    marks = (
        _mark(axes, (vector[x], vector[y]), number, _inside(vector, examples))
        for number, vector in enumerate(vectors, start=1)
    )
    return svg.drawing(
        SIZE,
        SIZE,
        f"{INPUTS[x]} to the right, {INPUTS[y]} up",
        svg.rect(LEFT, TOP, SIZE - LEFT - RIGHT, SIZE - TOP - BOTTOM, class_="pairs-frame"),
        _ticks(axes, pair),
        svg.rect(left, top, right - left, bottom - top, class_="pairs-range"),
        (svg.circle(_place(axes, (a, b)), 2, "held-out" if held else "trained") for a, b, held in spots),
        marks,
    )


def _axis(low: float, high: float) -> Axis:
    """An axis over the range and half as much again on either side."""
    margin = (high - low) / 2 or max(1.0, abs(low) / 2)
    return linear_axis(low - margin, high + margin)


def _place(axes: Sequence[Axis], point: tuple[float, float]) -> tuple[float, float]:
    """Where a point lies in the drawing; one beyond its edges, on the nearest of them."""
    x, y = (min(max(axis.position(value), 0.0), 1.0) for axis, value in zip(axes, point, strict=True))
    return LEFT + x * (SIZE - LEFT - RIGHT), TOP + (1 - y) * (SIZE - TOP - BOTTOM)


def _mark(axes: Sequence[Axis], point: tuple[float, float], number: int, inside: bool) -> Markup:
    x, y = _place(axes, point)
    beyond = [
        (position > 1) - (position < 0)
        for position in (axis.position(value) for axis, value in zip(axes, point, strict=True))
    ]
    if inside:
        kind, shape = "inside", tag("circle", r=5)
    elif any(beyond):
        turn = degrees(atan2(-beyond[1], beyond[0]))
        kind, shape = "beyond", tag("path", transform=f"rotate({turn:.0f})", d="M 4 0 L -6 -5 L -6 5 Z")
    else:
        kind, shape = "outside", tag("path", d="M -5 -5 L 5 5 M -5 5 L 5 -5")
    anchor, side = ("end", -8) if x > SIZE / 2 else ("start", 8)
    words = svg.text(side, 14 if y < SIZE / 2 else -6, number, text_anchor=anchor)
    return tag(f"g.tested.{kind}", shape, words, transform=f"translate({x:.1f} {y:.1f})")


def _ticks(axes: Sequence[Axis], pair: tuple[int, int]) -> Markup:
    width, height = SIZE - LEFT - RIGHT, SIZE - TOP - BOTTOM
    xs = (
        svg.text(LEFT + at * width, SIZE - BOTTOM + 14, label, text_anchor="middle")
        for at, label in _sparse(axes[0].ticks)
    )
    ys = (
        svg.text(LEFT - 5, SIZE - BOTTOM - at * height + 4, label, text_anchor="end")
        for at, label in axes[1].ticks
    )
    names = (
        svg.text(SIZE - RIGHT, SIZE - 3, INPUTS[pair[0]], text_anchor="end"),
        svg.text(4, TOP + 10, INPUTS[pair[1]]),
    )
    return tag("g.pairs-ticks", xs, ys, names)


def _sparse(ticks: Ticks) -> Ticks:
    """The ticks, or only the outermost of them where their labels would run into each other."""
    return ticks if max(len(label) for _, label in ticks) <= 4 else [ticks[0], *ticks[1:][-1:]]
