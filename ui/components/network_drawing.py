"""A network as a drawing: nodes, and every weight with its sign and number at the end of its line."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from ui.components.numbers import shown, sign, signed

MOST_NODES = 12
PORT = 18
BOX = 74
INPUT = 56
GAP = 56
PAD = 10


@dataclass(frozen=True)
class Column:
    """A layer as it is drawn: its weights (outputs x inputs), biases, and the values it gives."""

    name: str
    weight: Sequence[Sequence[float]]
    bias: Sequence[float]
    values: Sequence[float]


def network_drawing(inputs: Sequence[float], columns: Sequence[Column]) -> str:
    """The network with a vector going through it, or the reason why it is not drawn."""
    widest = max(len(inputs), *(len(column.bias) for column in columns))
    if widest > MOST_NODES:
        return (
            f'<p class="empty">A layer of {widest} is too wide to draw: at most {MOST_NODES} numbers side by '
            "side are drawn.</p>"
        )
    heights = [_box_height(column) for column in columns]
    tallest = max(
        len(inputs) * (PORT + 22),
        *(len(column.bias) * (height + PAD) for column, height in zip(columns, heights, strict=True)),
    )
    height, width = tallest + 44, INPUT + len(columns) * (GAP + BOX) + 4
    ends = [[(INPUT - 2.0, y) for y in _middles(len(inputs), PORT + 22, tallest)]]
    markup = _inputs(inputs, [y for _, y in ends[0]])
    largest = max((abs(w) for column in columns for row in column.weight for w in row), default=1) or 1
    for index, (column, box_height) in enumerate(zip(columns, heights, strict=True)):
        left = INPUT + GAP + index * (GAP + BOX)
        middles = _middles(len(column.bias), box_height + PAD, tallest)
        markup += _layer(column, left, middles, box_height, ends[-1], largest, height)
        ends.append([(left + BOX, y) for y in middles])
    return (
        f'<div class="scroll network" tabindex="0" role="region" aria-label="Drawing of the network">'
        f'<svg viewBox="0 0 {width} {height:.0f}" role="img" '
        f'aria-label="{escape(described(inputs, columns))}" '
        f'style="min-width:{width * 0.8:.0f}px;max-width:{width * 1.6:.0f}px;width:100%">{markup}</svg></div>'
    )


def described(inputs: Sequence[float], columns: Sequence[Column]) -> str:
    """The network in words, the same numbers."""
    parts = [f"Inputs {', '.join(map(shown, inputs))}"]
    for column in columns:
        for number, (row, bias, value) in enumerate(
            zip(column.weight, column.bias, column.values, strict=True), start=1
        ):
            weights = ", ".join(map(signed, row))
            parts.append(
                f"{column.name} neuron {number}: weights {weights}, bias {signed(bias)}, gives {shown(value)}"
            )
    return ". ".join(parts) + "."


def widths(inputs: Sequence[float], columns: Sequence[Column]) -> str:
    """The shape of the network, such as 3 -> 2 -> 5."""
    return " -> ".join(str(len(each)) for each in (inputs, *(column.bias for column in columns)))


def _box_height(column: Column) -> float:
    return PORT * (len(column.weight[0]) + 2) + 6


def _middles(count: int, each: float, tallest: float) -> list[float]:
    top = 24 + (tallest - count * each) / 2
    return [top + each * (index + 0.5) for index in range(count)]


def _inputs(values: Sequence[float], middles: Sequence[float]) -> str:
    return f'<text class="layer-name" x="{INPUT / 2}" y="14">input</text>' + "".join(
        f'<g class="neuron input"><rect x="2" y="{y - 14:.1f}" width="{INPUT - 4}" height="28" rx="14"/>'
        f'<text x="{INPUT / 2}" y="{y + 4:.1f}">{_fitting(value)}</text></g>'
        for value, y in zip(values, middles, strict=True)
    )


def _layer(
    column: Column,
    left: float,
    middles: Sequence[float],
    box_height: float,
    sources: Sequence[tuple[float, float]],
    largest: float,
    height: float,
) -> str:
    one = (left - GAP / 2, height - 14)
    boxes, edges = "", ""
    for row, bias, value, middle in zip(column.weight, column.bias, column.values, middles, strict=True):
        top = middle - box_height / 2
        ports = [(left, top + PORT * (index + 0.5) + 2) for index in range(len(row) + 1)]
        for weight, source, port in zip((*row, bias), (*sources, one), ports, strict=True):
            thickness = 0.6 + 3.4 * min(abs(weight) / largest, 1)
            edges += (
                f'<line class="{sign(weight)}" stroke-width="{thickness:.2f}" x1="{source[0]:.1f}" '
                f'y1="{source[1]:.1f}" x2="{port[0]:.1f}" y2="{port[1]:.1f}"/>'
            )
        texts = "".join(
            f'<text class="{sign(weight)}" x="{left + 6}" y="{y + 4:.1f}">{signed(weight)}</text>'
            for weight, (_, y) in zip((*row, bias), ports, strict=True)
        )
        boxes += (
            f'<g class="neuron"><rect x="{left}" y="{top:.1f}" width="{BOX}" height="{box_height:.1f}" '
            f'rx="6"/>{texts}<text class="gives" x="{left + BOX - 6}" '
            f'y="{top + box_height - 7:.1f}">{_fitting(value)}</text></g>'
        )
    return (
        f'<g class="edges">{edges}</g><g class="neuron bias"><circle cx="{one[0]}" cy="{one[1]}" r="9"/>'
        f'<text x="{one[0]}" y="{one[1] + 4}">1</text></g>{boxes}'
        f'<text class="layer-name" x="{left + BOX / 2}" y="14">{escape(column.name)}</text>'
    )


def _fitting(value: float) -> str:
    text = shown(value)
    return text if len(text) <= 8 else f"{value:.1e}"
