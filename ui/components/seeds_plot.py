"""One seed among many: where its loss stands in the distribution of all."""

from collections.abc import Sequence
from html import escape
from math import floor, log10
from statistics import median_low

from ui.components.numbers import short
from ui.components.text import counted

PER_DECADE = 4
LEAST = 1e-16
"""A loss below this is drawn in its place, as 0 is."""


def seeds_plot(own: float | None, seed: int, losses: Sequence[float | None], steps: int, most: int) -> str:
    """A histogram of the final losses on a log axis, the own one marked.

    `own` is the loss of `seed`, None if it diverged; `losses` are those of the seeds from 0 on, of which
    there would be `most` had there been time for all.
    """
    words = escape(described(own, seed, losses, steps, most))
    finite = [loss for loss in losses if loss is not None]
    title = f"<h3>The loss after {counted(steps, 'step')}, by seed</h3>"
    if not finite:
        return f'<figure class="panel seeds">{title}<figcaption>{words}</figcaption></figure>'
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
        f'<span style="left:{100 * (decade * PER_DECADE - low) / (high - low):.2f}%">{_label(decade)}</span>'
        for decade in decades[:: -(-len(decades) // 7)]
    )
    mark = ""
    if own is not None:
        at = (_bin(own) - low + 0.45) / (high - low)
        mark = f'<span class="plot-words" style="left:{100 * at:.2f}%;top:0">yours</span>'
    return (
        f'<figure class="panel seeds" aria-label="{words}">{title}'
        f'<div class="plot-panel small" aria-hidden="true"><svg class="plot-area" viewBox="0 0 1000 1000" '
        f'preserveAspectRatio="none">{bars}</svg>{mark}<div class="plot-x">{labels}</div></div>'
        f"<figcaption>{words}</figcaption></figure>"
    )


def described(own: float | None, seed: int, losses: Sequence[float | None], steps: int, most: int) -> str:
    """The distribution in words."""
    finite = [loss for loss in losses if loss is not None]
    ended = (
        f"losses from {short(min(finite))} to {short(max(finite))}, the median {short(median_low(finite))}"
        if finite
        else "all of them diverged"
    )
    diverged = f"; {len(losses) - len(finite):,} diverged" if len(finite) not in (0, len(losses)) else ""
    time = f" There was no time for all {most:,}." if len(losses) < most else ""
    told = f"{counted(len(losses), 'seed')}, {counted(steps, 'step')} each: {ended}{diverged}.{time}"
    if own is None:
        return f"{told} Yours, seed {seed:,}, diverged."
    others = [loss for index, loss in enumerate(losses) if index != seed]
    lower = sum(loss is not None and loss < own for loss in others)
    same = sum(loss == own for loss in others)
    return (
        f"{told} Yours, seed {seed:,}, ends at {short(own)}: of the {len(others):,} others, {lower:,} end "
        f"lower, {same:,} the same, and {len(others) - lower - same:,} higher or diverged."
    )


def _label(decade: int) -> str:
    return f"{'≤ ' if 10.0**decade <= LEAST else ''}1e{decade}"


def _bar(left: float, width: float, height: float, own: bool) -> str:
    return (
        f'<rect class="{"own" if own else ""}" x="{1000 * left:.1f}" y="{1000 - 1000 * height:.1f}" '
        f'width="{900 * width:.1f}" height="{1000 * height:.1f}"/>'
    )


def _bin(loss: float) -> int:
    return floor(log10(max(loss, LEAST)) * PER_DECADE)
