"""Two tensors and what an operator makes of them: as grids in reading order, and as sums in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from service import Calculation, WrittenTensor
from ui.components import svg
from ui.components.parts import items, legend, printed, raised
from ui.components.terms import term
from ui.components.text import code_marked, counted
from ui.markup import Markup, join, tag

CELL = (40, 32)
MAX_WIDTH = 336
"""Of a grid, in pixels; its entries are squeezed into that."""
EDGE = 2
DIGIT = 8
MAX_SUMS = 8


@dataclass(frozen=True)
class Operand:
    """A tensor as it is drawn: its entries, row by row, and which of them broadcasting repeats."""

    name: str
    tensor: WrittenTensor
    rows: Sequence[Sequence[str]]
    repeated: frozenset[int] = frozenset()
    framed: frozenset[int] = frozenset()
    """The entries that the first one of the result is made from."""


def tensor_drawing(calculation: Calculation) -> Markup:
    """`left operator right = result`, and how the entries of the result come about."""
    left, right, result = _operands(calculation)
    parts = [_part(None, left), _part(calculation.operator, right)]
    if result is not None:
        parts.append(_part("=", result))
    return tag(
        "figure.panel.tensors",
        tag("div.tensor-line", parts),
        result and legend(*_signs(left, right)),
        _verdict(calculation),
        aria_label=_described(calculation, left, right),
    )


def _operands(calculation: Calculation) -> tuple[Operand, Operand, Operand | None]:
    """The three tensors; the result is None where there is none."""
    result = calculation.result
    if result is None:
        return _as_written("left", calculation.left), _as_written("right", calculation.right), None
    sides = [
        _side(name, tensor, result, [source[side] for source in calculation.sources], calculation.operator)
        for side, (name, tensor) in enumerate((("left", calculation.left), ("right", calculation.right)))
    ]
    return sides[0], sides[1], Operand("result", result, result.rows, framed=frozenset([0]))


def _as_written(name: str, tensor: WrittenTensor) -> Operand:
    return Operand(name, tensor, tensor.rows)


def _side(
    name: str,
    tensor: WrittenTensor,
    result: WrittenTensor,
    sources: Sequence[Sequence[int]],
    operator: str,
) -> Operand:
    """An operand, spread over the shape of the result where entry meets entry."""
    if operator == "@":
        return Operand(name, tensor, tensor.rows, framed=frozenset(sources[0]))
    entries, width = _entries(tensor), len(result.rows[0])
    origins = [source for (source,) in sources]
    spread = [entries[origin] for origin in origins]
    return Operand(
        name,
        tensor,
        [spread[at : at + width] for at in range(0, len(spread), width)],
        repeated=frozenset(at for at, origin in enumerate(origins) if origin in origins[:at]),
        framed=frozenset([0]),
    )


def _entries(tensor: WrittenTensor) -> list[str]:
    return [entry for row in tensor.rows for entry in row]


def _signs(left: Operand, right: Operand) -> list[tuple[str, str]]:
    signs = [("framed", "thick: the first entry of the result, and what it is made from")]
    return (
        [*signs, ("repeated", "dashed: repeated by broadcasting")]
        if left.repeated or right.repeated
        else signs
    )


def _part(sign: str | None, operand: Operand) -> Markup:
    """A grid with the sign before it, and its name and shape below."""
    tensor = operand.tensor
    kind = f"{operand.name}: {tensor.kind}"
    shape = f"{list(tensor.shape)}, {tensor.dtype.removeprefix('torch.')}"
    return tag(
        "div.tensor-part",
        sign and tag("span.tensor-sign", sign),
        _grid(operand),
        tag("span.tensor-title", kind, tag("br"), shape),
    )


def _grid(operand: Operand) -> Markup:
    rows = operand.rows
    longest = max(len(entry) for row in rows for entry in row)
    across = len(rows[0])
    width = min(max(CELL[0], DIGIT * longest + 12), (MAX_WIDTH - 2 * EDGE) / across)
    boxes: dict[bool, list[Markup]] = {False: [], True: []}
    for y, row in enumerate(rows):
        for x, entry in enumerate(row):
            at = y * across + x
            framed = at in operand.framed
            place = (EDGE + x * width, EDGE + y * CELL[1])
            boxes[framed].append(_cell(entry, place, width, framed, at in operand.repeated))
    size = (across * width + 2 * EDGE, len(rows) * CELL[1] + 2 * EDGE)
    # Frames come last, for they lie over the edges of their neighbors.
    return svg.drawing(
        *size, _called(operand), tag("g.tensor-grid", *boxes.values()), style=f"width:{size[0]:.0f}px"
    )


def _cell(entry: str, place: svg.Point, width: float, framed: bool, repeated: bool) -> Markup:
    x, y = place
    squeezed = DIGIT * len(entry) > width - 4
    words = svg.text(
        x + width / 2,
        y + CELL[1] / 2 + 5,
        entry,
        textLength=squeezed and f"{width - 6:.1f}",
        lengthAdjust=squeezed and "spacingAndGlyphs",
    )
    kinds = {"framed": framed, "repeated": repeated}
    box = svg.rect(x, y, width, CELL[1])
    return tag(".".join(["g", *(kind for kind, so in kinds.items() if so)]), box, words)


def _called(operand: Operand) -> str:
    spread = f", {_spread(operand)}" if operand.repeated else ""
    return f"{operand.name}, {operand.tensor.kind}: {operand.tensor.printed}{spread}"


def _spread(operand: Operand) -> str:
    """What broadcasting makes of an operand, in words."""
    rows, across = len(operand.rows), len(operand.rows[0])
    many = f"{counted(rows, 'row')} of " if rows > 1 else ""
    return f"repeated to {many}{counted(across, 'entry', 'entries')}"


def _described(calculation: Calculation, left: Operand, right: Operand) -> str:
    asked = f"{calculation.left.printed} {calculation.operator} {calculation.right.printed}"
    if calculation.result is None:
        return f"{asked} raises an error."
    spread = [f" {each.name.capitalize()} is {_spread(each)}." for each in (left, right) if each.repeated]
    return f"{asked} gives {calculation.result.printed}.{''.join(spread)}"


def _verdict(calculation: Calculation) -> Markup:
    notes = [tag("p", note) for note in calculation.notes]
    result = calculation.result
    if result is None:
        reason = tag("p", code_marked(calculation.reason or ""))
        return join(raised(f"RuntimeError: {calculation.error or ''}"), reason, notes)
    sums = _sums(calculation)
    rest = len(calculation.sources) - len(sums)
    return join(
        printed("The result as PyTorch prints it", result.printed),
        tag("p", term("shape"), f" {list(result.shape)}, ", term("dtype"), f" {result.dtype}"),
        notes,
        tag("ol.sums", items(sums)),
        rest > 0 and tag("p", f"and {counted(rest, 'more entry', 'more entries')} in the same way."),
    )


def _sums(calculation: Calculation) -> list[str]:
    assert calculation.result is not None
    left, result, right = map(_entries, (calculation.left, calculation.result, calculation.right))
    between = "*" if calculation.operator == "@" else calculation.operator
    return [
        " + ".join(f"{left[a]} {between} {right[b]}" for a, b in zip(lefts, rights, strict=True))
        + f" = {result[index]}"
        for index, (lefts, rights) in enumerate(calculation.sources[:MAX_SUMS])
    ]
