"""One seed among many: where its loss stands in the distribution of all."""

from collections.abc import Sequence
from html import escape
from math import floor, log10

from ui.components.numbers import short

PER_DECADE = 4
LEAST = 1e-16


def seeds_plot(own: float | None, losses: Sequence[float | None], step: int) -> str:
    """A histogram of the final losses on a log axis, the own one marked."""
    finite = [loss for loss in losses if loss is not None]
    if not finite:
        return '<div class="empty">Every one of these trainings diverged.</div>'
    bins: dict[int, int] = {}
    for loss in finite:
        bins[_bin(loss)] = bins.get(_bin(loss), 0) + 1
    low, high = min(bins), max(bins)
    if own is not None:
        low, high = min(low, _bin(own)), max(high, _bin(own))
    low, high = low // PER_DECADE * PER_DECADE, -(-(high + 1) // PER_DECADE) * PER_DECADE
    most = max(bins.values())
    bars = "".join(
        _bar(
            (place - low) / (high - low),
            1 / (high - low),
            count / most,
            own is not None and _bin(own) == place,
        )
        for place, count in sorted(bins.items())
    )
    decades = range(low // PER_DECADE, high // PER_DECADE + 1)
    labels = "".join(
        f'<span style="left:{100 * (decade * PER_DECADE - low) / (high - low):.2f}%">1e{decade}</span>'
        for decade in decades[:: -(-len(decades) // 7)]
    )
    mark = ""
    if own is not None:
        at = (_bin(own) - low + 0.45) / (high - low)
        mark = f'<span class="plot-words" style="left:{100 * at:.2f}%;top:0">yours</span>'
    words = escape(described(own, losses, step))
    return (
        f'<figure class="panel seeds" aria-label="{words}"><h3>The loss at step {step:,}, by seed</h3>'
        f'<div class="plot-panel small" aria-hidden="true"><svg class="plot-area" viewBox="0 0 1000 1000" '
        f'preserveAspectRatio="none">{bars}</svg>{mark}<div class="plot-x">{labels}</div></div>'
        f"<figcaption>{words}</figcaption></figure>"
    )


def described(own: float | None, losses: Sequence[float | None], step: int) -> str:
    """The distribution in words."""
    finite = sorted(loss for loss in losses if loss is not None)
    middle = finite[len(finite) // 2]
    told = (
        f"{len(losses)} seeds, {step:,} steps each: the best ends at loss {short(finite[0])}, half of them "
        f"below {short(middle)}, the worst at {short(finite[-1])}."
    )
    diverged = len(losses) - len(finite)
    if diverged:
        told += f" {diverged} diverged."
    if own is None:
        return f"{told} Yours diverged."
    better = sum(loss < own for loss in finite)
    return f"{told} Yours, with {short(own)}, is number {better + 1}."


def _bar(left: float, width: float, height: float, own: bool) -> str:
    return (
        f'<rect class="{"own" if own else ""}" x="{1000 * left:.1f}" y="{1000 - 1000 * height:.1f}" '
        f'width="{900 * width:.1f}" height="{1000 * height:.1f}"/>'
    )


def _bin(loss: float) -> int:
    return floor(log10(max(loss, LEAST)) * PER_DECADE)
