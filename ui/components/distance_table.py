"""Train on little, test far away: how many answers are right, the further the vectors lie out."""

from collections.abc import Sequence
from math import floor

from service import Distance
from ui.components.numbers import short

HEADS = ("how far out", "right", "largest number", "largest error", "mean loss")
NOTHING = (
    '<div class="empty">In the training examples, a column holds nothing up to 16,777,216. Beyond, float32 '
    "does not hold every integer: there is nothing to try.</div>"
)


def distance_table(rows: Sequence[Distance]) -> str:
    """The table of the distances, right and wrong in words."""
    if not rows:
        return NOTHING
    heads = "".join(f'<th scope="col">{head}</th>' for head in HEADS)
    return (
        '<section class="panel distances"><h3>Train on little, test far away</h3>'
        f"<p>{summary(rows)}</p>"
        '<div class="scroll" tabindex="0" role="region" aria-label="Right answers by distance">'
        '<table class="predictions">'
        f"<thead><tr>{heads}</tr></thead><tbody>{''.join(map(_row, rows))}</tbody></table></div></section>"
    )


def summary(rows: Sequence[Distance]) -> str:
    """How far all the answers tried are right, and the nearest numbers at which none is."""
    perfect = next((index for index, row in enumerate(rows) if row.right < row.tried), len(rows))
    hopeless = next((row for row in rows if row.right == 0), None)
    if hopeless is rows[0]:
        told = f"None is right even up to {rows[0].furthest:,}."
    elif perfect:
        told = f"All answers tried are right up to {rows[perfect - 1].furthest:,}."
    else:
        told = f"Not all are right even up to {rows[0].furthest:,}."
    if hopeless is not None and hopeless is not rows[0]:
        told += f" Of those tried from {hopeless.nearest:,} to {hopeless.furthest:,}, none is."
    return (
        "Integer vectors, drawn in the range of the training examples and then with ever larger numbers. "
        f"{told}"
    )


def _row(row: Distance) -> str:
    where = f"more than {row.times:,} times as far" if row.times > 1 else "beyond the examples"
    cells = [
        _right(row),
        f"{row.nearest:,} to {row.furthest:,}" if row.times else f"up to {row.furthest:,}",
        _number(row.largest_error),
        _number(row.mean_loss),
    ]
    listed = "".join(f"<td>{cell}</td>" for cell in cells)
    return f'<tr><th scope="row">{where if row.times else "in the range of the examples"}</th>{listed}</tr>'


def _right(row: Distance) -> str:
    if row.right == row.tried:
        return f"✓ all {row.tried:,} right"
    if row.right == 0:
        return f"✗ none of {row.tried:,} right"
    # Rounded down, for 100 % is said of nothing less than all.
    percent = floor(1000 * row.right / row.tried) / 10
    share = f"{percent:g} %" if percent else "below 0.1 %"
    return f"✗ {row.right:,} of {row.tried:,} right ({share})"


def _number(value: float | None) -> str:
    return "not finite" if value is None else short(value)
