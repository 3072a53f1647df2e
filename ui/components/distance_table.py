"""Train on little, test far away: how many answers are right, the further the vectors lie out."""

from collections.abc import Sequence
from math import floor

from service import Distance
from ui.components.numbers import short
from ui.components.parts import empty, row, section, table
from ui.components.terms import term
from ui.markup import Markup, tag

HEADS = ("how far out", "right", "largest number", "largest error", term("mean loss"))
NOTHING = (
    "A column of the training examples holds no number from -16,777,216 to 16,777,216. Beyond those, float32 "
    "does not hold every integer, so there is nothing to test."
)


def distance_table(rows: Sequence[Distance]) -> Markup:
    """The table of the distances, right and wrong in words."""
    if not rows:
        return empty(NOTHING)
    drawn = table("Right answers by distance", HEADS, map(_row, rows))
    return section("distances", "Train on little, test far away", tag("p", summary(rows)), drawn)


def summary(rows: Sequence[Distance]) -> str:
    """How far all the answers tried are right, and the nearest numbers at which none is."""
    perfect = next((index for index, row in enumerate(rows) if row.right < row.tried), len(rows))
    hopeless = next((row for row in rows if row.right == 0), None)
    if hopeless is rows[0]:
        told = f"None are right, even up to {rows[0].furthest:,}."
    elif perfect:
        told = f"All answers tried are right up to {rows[perfect - 1].furthest:,}."
    else:
        told = f"Not all are right even up to {rows[0].furthest:,}."
    if hopeless is not None and hopeless is not rows[0]:
        told += f" Of those tried from {hopeless.nearest:,} to {hopeless.furthest:,}, none are right."
    return (
        "Random integer vectors: first in the range of the training examples, then with ever larger numbers. "
        f"{told}"
    )


def _row(each: Distance) -> Markup:
    where = "beyond the examples" if each.times == 1 else f"more than {each.times:,} times as far"
    cells = [
        _right(each),
        f"{each.nearest:,} to {each.furthest:,}" if each.times else f"up to {each.furthest:,}",
        _number(each.largest_error),
        _number(each.mean_loss),
    ]
    return row(where if each.times else "in the range of the examples", cells)


def _right(row: Distance) -> str:
    if row.right == row.tried:
        return f"✓ all {row.tried:,} right"
    if row.right == 0:
        return f"✗ none of {row.tried:,} right"
    # Rounded down, for 100 % is said of nothing less than all.
    percent = floor(1000 * row.right / row.tried) / 10
    share = f"{percent:g}%" if percent else "below 0.1%"
    return f"✗ {row.right:,} of {row.tried:,} right ({share})"


def _number(value: float | None) -> str:
    return "not finite" if value is None else short(value)
