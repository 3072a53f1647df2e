"""Two tensors and what an operator makes of them: as grids, joined by lines, and as sums in words."""

from html import escape

from service.lessons import Calculation, Shown
from ui.components.text import code_marked, counted

CELL = (52, 34)
GAP = 64
WIDTH = 340
DIGIT = 8
MOST_SUMS = 8
Box = tuple[float, float, float]
"""Left, top and width of an entry's cell."""


def tensor_drawing(calculation: Calculation) -> str:
    """The operands, the result between them, and the lines that lead to every entry of it."""
    parts = [("left", calculation.left), ("result", calculation.result), ("right", calculation.right)]
    grids: dict[str, list[Box]] = {}
    top, markup = 22.0, ""
    for name, part in parts:
        if part is None:
            continue
        width = _cell_width(part)
        grids[name] = [
            box
            for row, entries in enumerate(part.rows)
            for box in _row(len(entries), top + row * CELL[1], width)
        ]
        markup += _grid(part, grids[name], name)
        top += CELL[1] * len(part.rows) + GAP
    height = top - GAP + 6
    lines = ""
    for index, (lefts, rights) in enumerate(calculation.sources):
        end = grids["result"][index]
        lines += "".join(_line(grids["left"][source], end, down=True) for source in lefts)
        lines += "".join(_line(grids["right"][source], end, down=False) for source in rights)
    return (
        f'<figure class="panel tensors"><svg viewBox="0 0 {WIDTH} {height:.0f}" role="img" '
        f'aria-label="{escape(_described(calculation))}" style="max-width:{WIDTH * 1.35:.0f}px">'
        f'<g class="tensor-lines">{lines}</g>{markup}</svg>{_verdict(calculation)}</figure>'
    )


def _cell_width(part: Shown) -> float:
    longest = max(len(entry) for row in part.rows for entry in row)
    return min(max(CELL[0], DIGIT * longest + 12), (WIDTH - 4) / len(part.rows[0]))


def _row(count: int, y: float, width: float) -> list[Box]:
    begin = (WIDTH - count * width) / 2
    return [(begin + index * width, y, width) for index in range(count)]


def _grid(part: Shown, boxes: list[Box], name: str) -> str:
    entries = [entry for row in part.rows for entry in row]
    cells = "".join(
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{CELL[1]}"/>'
        f'<text x="{x + width / 2:.1f}" y="{y + CELL[1] / 2 + 5:.1f}"{_squeezed(entry, width)}>'
        f"{escape(entry)}</text>"
        for (x, y, width), entry in zip(boxes, entries, strict=True)
    )
    title = f"{name}: {part.kind}, shape {list(part.shape)}, {part.dtype.removeprefix('torch.')}"
    return (
        f'<g class="tensor-grid {name}"><text class="tensor-title" x="{WIDTH / 2}" '
        f'y="{boxes[0][1] - 7:.1f}">{title}</text>{cells}</g>'
    )


def _squeezed(entry: str, width: float) -> str:
    if DIGIT * len(entry) <= width - 4:
        return ""
    return f' textLength="{width - 6:.1f}" lengthAdjust="spacingAndGlyphs"'


def _line(begin: Box, end: Box, down: bool) -> str:
    y1, y2 = (begin[1] + CELL[1], end[1]) if down else (begin[1], end[1] + CELL[1])
    x1, x2 = begin[0] + begin[2] / 2, end[0] + end[2] / 2
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def _described(calculation: Calculation) -> str:
    asked = f"{calculation.left.printed} {calculation.operator} {calculation.right.printed}"
    if calculation.result is None:
        return f"{asked} raises an error."
    return f"{asked} gives {calculation.result.printed}."


def _verdict(calculation: Calculation) -> str:
    notes = "".join(f"<p>{escape(note)}</p>" for note in calculation.notes)
    if calculation.result is None:
        return (
            f'<pre class="raised" tabindex="0">RuntimeError: {escape(calculation.error or "")}</pre>'
            f"<p>{code_marked(calculation.reason or '')}</p>{notes}"
        )
    sums = _sums(calculation)
    rest = len(calculation.sources) - len(sums)
    listed = "".join(f"<li>{escape(each)}</li>" for each in sums)
    more = f"<p>and {counted(rest, 'more entry', 'more entries')} in the same way.</p>" if rest else ""
    result = calculation.result
    return (
        f'<pre tabindex="0" aria-label="The result as PyTorch prints it">{escape(result.printed)}</pre>'
        f"<p>shape {escape(str(list(result.shape)))}, {result.dtype}</p>{notes}"
        f'<ol class="sums">{listed}</ol>{more}'
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
        for index, (lefts, rights) in enumerate(calculation.sources[:MOST_SUMS])
    ]
