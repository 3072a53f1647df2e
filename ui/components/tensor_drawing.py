"""Two tensors and what an operator makes of them: as grids, joined by lines, and as sums in words."""

from service import Calculation, WrittenTensor
from ui.components import svg
from ui.components.parts import items, printed, raised
from ui.components.terms import term
from ui.components.text import code_marked, counted
from ui.markup import Markup, join, tag

CELL = (52, 34)
GAP = 64
WIDTH = 340
DIGIT = 8
MAX_SUMS = 8
Box = tuple[float, float, float]
"""Left, top and width of an entry's cell."""


def tensor_drawing(calculation: Calculation) -> Markup:
    """The operands, the result between them, and the lines that lead to every entry of it."""
    parts = [("left", calculation.left), ("result", calculation.result), ("right", calculation.right)]
    grids: dict[str, list[Box]] = {}
    drawn: list[Markup] = []
    top = 22.0
    for name, part in parts:
        if part is None:
            continue
        width = _cell_width(part)
        grids[name] = [
            box
            for row, entries in enumerate(part.rows)
            for box in _row(len(entries), top + row * CELL[1], width)
        ]
        drawn.append(_grid(part, grids[name], name))
        top += CELL[1] * len(part.rows) + GAP
    lines: list[Markup] = []
    for index, (lefts, rights) in enumerate(calculation.sources):
        end = grids["result"][index]
        lines += [_line(grids["left"][source], end, down=True) for source in lefts]
        lines += [_line(grids["right"][source], end, down=False) for source in rights]
    image = svg.drawing(
        WIDTH,
        top - GAP + 6,
        _described(calculation),
        tag("g.tensor-lines", lines),
        drawn,
        style=f"max-width:{WIDTH * 1.35:.0f}px",
    )
    return tag("figure.panel.tensors", image, _verdict(calculation))


def _cell_width(part: WrittenTensor) -> float:
    longest = max(len(entry) for row in part.rows for entry in row)
    return min(max(CELL[0], DIGIT * longest + 12), (WIDTH - 4) / len(part.rows[0]))


def _row(count: int, y: float, width: float) -> list[Box]:
    begin = (WIDTH - count * width) / 2
    return [(begin + index * width, y, width) for index in range(count)]


def _grid(part: WrittenTensor, boxes: list[Box], name: str) -> Markup:
    entries = [entry for row in part.rows for entry in row]
    title = f"{name}: {part.kind}, shape {list(part.shape)}, {part.dtype.removeprefix('torch.')}"
    return tag(
        f"g.tensor-grid.{name}",
        svg.text(WIDTH / 2, boxes[0][1] - 7, title, class_="tensor-title"),
        (_cell(entry, box) for entry, box in zip(entries, boxes, strict=True)),
    )


def _cell(entry: str, box: Box) -> Markup:
    x, y, width = box
    squeezed = DIGIT * len(entry) > width - 4
    words = svg.text(
        x + width / 2,
        y + CELL[1] / 2 + 5,
        entry,
        textLength=squeezed and f"{width - 6:.1f}",
        lengthAdjust=squeezed and "spacingAndGlyphs",
    )
    return join(svg.rect(x, y, width, CELL[1]), words)


def _line(begin: Box, end: Box, down: bool) -> Markup:
    y1, y2 = (begin[1] + CELL[1], end[1]) if down else (begin[1], end[1] + CELL[1])
    return svg.line((begin[0] + begin[2] / 2, y1), (end[0] + end[2] / 2, y2))


def _described(calculation: Calculation) -> str:
    asked = f"{calculation.left.printed} {calculation.operator} {calculation.right.printed}"
    if calculation.result is None:
        return f"{asked} raises an error."
    return f"{asked} gives {calculation.result.printed}."


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
    left, result, right = (
        [entry for row in part.rows for entry in row]
        for part in (calculation.left, calculation.result, calculation.right)
    )
    between = "*" if calculation.operator == "@" else calculation.operator
    return [
        " + ".join(f"{left[a]} {between} {right[b]}" for a, b in zip(lefts, rights, strict=True))
        + f" = {result[index]}"
        for index, (lefts, rights) in enumerate(calculation.sources[:MAX_SUMS])
    ]
