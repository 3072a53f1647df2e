"""One seed among many: where its loss stands in the distribution of all."""

from collections.abc import Sequence
from math import floor, log10
from statistics import median_low

from ui.components import svg
from ui.components.chart import framed, stretched, words_at
from ui.components.numbers import short
from ui.components.parts import legend
from ui.components.terms import term
from ui.components.text import counted
from ui.markup import Markup, tag

PER_DECADE = 4
KEY = legend(
    ("bar", "bar: the taller, the more seeds end at such a loss"), ("yours", "blue: the bar that has yours")
)
LEAST = 1e-16
"""A loss below this is drawn in its place, as 0 is."""


def seeds_plot(own: float | None, seed: int, losses: Sequence[float | None], steps: int, most: int) -> Markup:
    """A histogram of the final losses on a log axis, the own one marked.

    `own` is the loss of `seed`, None if it diverged; `losses` are those of the seeds from 0 on, of which
    there would be `most` had there been time for all.
    """
    words = described(own, seed, losses, steps, most)
    finite = [loss for loss in losses if loss is not None]
    title, caption = (
        tag("h3", f"The loss after {counted(steps, 'step')}, by ", term("seed")),
        tag("figcaption", words),
    )
    if not finite:
        return tag("figure.panel.seeds", title, caption)
    bins: dict[int, int] = {}
    for loss in finite:
        bins[_bin(loss)] = bins.get(_bin(loss), 0) + 1
    low, high = min(bins), max(bins)
    if own is not None:
        low, high = min(low, _bin(own)), max(high, _bin(own))
    low, high = low // PER_DECADE * PER_DECADE, -(-(high + 1) // PER_DECADE) * PER_DECADE
    most = max(bins.values())
    width = 1000 / (high - low)
    bars = [
        svg.rect(
            (place - low) * width,
            1000 - 1000 * count / most,
            0.9 * width,
            1000 * count / most,
            class_=own is not None and _bin(own) == place and "own",
        )
        for place, count in sorted(bins.items())
    ]
    decades = range(low // PER_DECADE, high // PER_DECADE + 1)
    ticks = [
        ((decade * PER_DECADE - low) / (high - low), _label(decade))
        for decade in decades[:: -(-len(decades) // 7)]
    ]
    mark = None
    if own is not None:
        at = (_bin(own) - low + 0.45) / (high - low)
        mark = words_at(f"left:{100 * at:.2f}%;top:0", "yours")
    drawn = framed(stretched(bars), mark, ticks=ticks, kind="small")
    return tag("figure.panel.seeds", title, drawn, KEY, caption, aria_label=words)


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


def _bin(loss: float) -> int:
    return floor(log10(max(loss, LEAST)) * PER_DECADE)
