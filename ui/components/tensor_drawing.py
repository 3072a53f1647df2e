"""Two tensors and what an operator makes of them: as grids, joined by lines, and as sums in words."""

from html import escape

from service.lessons import Calculation, Shown
from ui.components.text import code_marked

CELL = (52, 34)
GAP = 64
WIDTH = 340
MOST_SUMS = 8


def tensor_drawing(calculation: Calculation) -> str:
    """The operands, the result between them, and the lines that lead to every entry of it."""
    parts = [("left", calculation.left), ("result", calculation.result), ("right", calculation.right)]
    grids: dict[str, list[tuple[float, float]]] = {}
    top, markup = 22.0, ""
    for name, part in parts:
        if part is None:
            continue
        grids[name] = [
            (x, y)
            for row, entries in enumerate(part.rows)
            for x, y in _row(len(entries), top + row * CELL[1])
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


def _row(count: int, y: float) -> list[tuple[float, float]]:
    begin = (WIDTH - count * CELL[0]) / 2
    return [(begin + index * CELL[0], y) for index in range(count)]


def _grid(part: Shown, places: list[tuple[float, float]], name: str) -> str:
    entries = [entry for row in part.rows for entry in row]
    cells = "".join(
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{CELL[0]}" height="{CELL[1]}"/>'
        f'<text x="{x + CELL[0] / 2:.1f}" y="{y + CELL[1] / 2 + 5:.1f}">{escape(_fitting(entry))}</text>'
        for (x, y), entry in zip(places, entries, strict=True)
    )
    title = f"{name}: {part.kind}, shape {list(part.shape)}, {part.dtype.removeprefix('torch.')}"
    return (
        f'<g class="tensor-grid {name}"><text class="tensor-title" x="{WIDTH / 2}" '
        f'y="{places[0][1] - 7:.1f}">{title}</text>{cells}</g>'
    )


def _fitting(entry: str) -> str:
    return entry if len(entry) <= 6 else f"{float(entry):.1e}".replace("e+0", "e").replace("e-0", "e-")


def _line(begin: tuple[float, float], end: tuple[float, float], down: bool) -> str:
    y1, y2 = (begin[1] + CELL[1], end[1]) if down else (begin[1], end[1] + CELL[1])
    x1, x2 = begin[0] + CELL[0] / 2, end[0] + CELL[0] / 2
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def _described(calculation: Calculation) -> str:
    asked = f"{calculation.left.printed} {calculation.operator} {calculation.right.printed}"
    if calculation.result is None:
        return f"{asked} raises an error."
    return f"{asked} gives {calculation.result.printed}."


def _verdict(calculation: Calculation) -> str:
    if calculation.result is None:
        return (
            f'<pre class="raised" tabindex="0">RuntimeError: {escape(calculation.error or "")}</pre>'
            f"<p>{code_marked(calculation.reason or '')}</p>"
        )
    sums = _sums(calculation)
    rest = len(calculation.sources) - len(sums)
    listed = "".join(f"<li>{escape(each)}</li>" for each in sums)
    more = f"<p>and {rest} more entries in the same way.</p>" if rest else ""
    result = calculation.result
    return (
        f'<pre tabindex="0" aria-label="The result as PyTorch prints it">{escape(result.printed)}</pre>'
        f'<p>shape {escape(str(list(result.shape)))}, {result.dtype}</p><ol class="sums">{listed}</ol>{more}'
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
