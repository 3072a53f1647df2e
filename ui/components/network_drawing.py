"""A network as a drawing: nodes, and every weight with its sign and number at the end of its line."""

from collections.abc import Sequence
from dataclasses import dataclass

from ui.components import svg
from ui.components.numbers import shown, sign, signed
from ui.components.parts import empty, legend, scroll
from ui.markup import Markup, join, tag

MAX_NODES = 12
PORT = 18
BOX = 74
INPUT = 56
GAP = 56
PAD = 10
MAX_HEIGHT = 620
"""Pixels that a drawing is enlarged to at most."""
KEY = legend(
    ("positive", "blue, +: positive weight"),
    ("negative", "orange, -: negative weight"),
    ("worded", "wide: large"),
    ("worded", "bold: what the neuron gives"),
)


@dataclass(frozen=True)
class Column:
    """A layer as it is drawn: its weights (outputs x inputs), biases, and the values it gives."""

    name: str
    weight: Sequence[Sequence[float]]
    bias: Sequence[float]
    values: Sequence[float]


def network_drawing(inputs: Sequence[float], columns: Sequence[Column]) -> Markup:
    """The network with a vector going through it, or the reason why it is not drawn."""
    widest = max(len(inputs), *(len(column.bias) for column in columns))
    if widest > MAX_NODES:
        return empty(f"A layer of {widest} numbers is too wide to draw; the limit is {MAX_NODES}.")
    heights = [_box_height(column) for column in columns]
    tallest = max(
        len(inputs) * (PORT + 22),
        *(len(column.bias) * (height + PAD) for column, height in zip(columns, heights, strict=True)),
    )
    height, width = tallest + 44, INPUT + len(columns) * (GAP + BOX) + 4
    ends = [[(INPUT - 2.0, y) for y in _middles(len(inputs), PORT + 22, tallest)]]
    parts = [_inputs(inputs, [y for _, y in ends[0]])]
    largest = max((abs(w) for column in columns for row in column.weight for w in row), default=1) or 1
    for index, (column, box_height) in enumerate(zip(columns, heights, strict=True)):
        left = INPUT + GAP + index * (GAP + BOX)
        middles = _middles(len(column.bias), box_height + PAD, tallest)
        parts.append(_layer(column, left, middles, box_height, ends[-1], largest, height))
        ends.append([(left + BOX, y) for y in middles])
    scale = max(1.0, min(1.6, MAX_HEIGHT / height))
    style = f"min-width:{width * 0.8:.0f}px;max-width:{width * scale:.0f}px;width:100%"
    drawn = svg.drawing(width, height, described(inputs, columns), parts, style=style)
    return join(scroll("Drawing of the network", drawn, kind="network"), KEY)


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


def _inputs(values: Sequence[float], middles: Sequence[float]) -> Markup:
    boxes = (
        tag(
            "g.neuron.input",
            svg.rect(2, y - 14, INPUT - 4, 28, rx=14),
            svg.text(INPUT / 2, y + 4, _fitting(value)),
        )
        for value, y in zip(values, middles, strict=True)
    )
    return join(_title("input", INPUT / 2), boxes)


def _title(name: str, x: float) -> Markup:
    return svg.text(x, 14, name, class_="layer-name")


def _layer(
    column: Column,
    left: float,
    middles: Sequence[float],
    box_height: float,
    sources: Sequence[tuple[float, float]],
    largest: float,
    height: float,
) -> Markup:
    one = (left - GAP / 2, height - 14)
    boxes: list[Markup] = []
    edges: list[Markup] = []
    for row, bias, value, middle in zip(column.weight, column.bias, column.values, middles, strict=True):
        top = middle - box_height / 2
        ports = [(left, top + PORT * (index + 0.5) + 2) for index in range(len(row) + 1)]
        weights: list[Markup] = []
        for weight, source, port in zip((*row, bias), (*sources, one), ports, strict=True):
            thickness = 0.6 + 3.4 * min(abs(weight) / largest, 1)
            edges.append(svg.line(source, port, class_=sign(weight), stroke_width=f"{thickness:.2f}"))
            weights.append(svg.text(left + 6, port[1] + 4, signed(weight), class_=sign(weight)))
        box = svg.rect(left, top, BOX, box_height, rx=6)
        gives = svg.text(left + BOX - 6, top + box_height - 7, _fitting(value), class_="gives")
        boxes.append(tag("g.neuron", box, weights, gives))
    return join(
        tag("g.edges", edges),
        tag("g.neuron.bias", svg.circle(one, 9), svg.text(one[0], one[1] + 4, 1)),
        boxes,
        _title(column.name, left + BOX / 2),
    )


def _fitting(value: float) -> str:
    text = shown(value)
    return text if len(text) <= 8 else f"{value:.1e}"
