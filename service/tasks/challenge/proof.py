"""Whether a network answers the challenge for every integer vector up to a radius, and why.

A network without activations is one matrix and one bias, whatever its layers. Where these differ from
the rule's own by dW and db, output j is wrong by at most R * sum_i |dW_ji| + |db_j| as long as no number
of the vector is larger than R. That is exact arithmetic; what float32 can add to it is bounded in
rounding.py beside this file. While both together stay below 0.5, every answer rounds to the right one: a
proof.

A network with activations is tried on every single vector up to a radius: checked, and not more. How, and
why what is checked holds in every batch, stands in checking.py.
"""

from collections.abc import Callable
from math import isfinite
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from datasets import integers
from service.networks import MyNetwork
from service.records import Record
from service.tasks.challenge.checking import check
from service.tasks.challenge.counterexamples import (
    LARGEST_RADIUS,
    answers,
    counterexample,
    narrowest,
)
from service.tasks.challenge.rounding import (
    PARTS,
    POINTS,
    Floats,
    Layers,
    collapse,
    forward_error,
    layers_of,
    rank,
)
from service.tasks.challenge.rule import RULE_BIAS, RULE_WEIGHT

RADIUS_PRECISION = 4096
"""A radius larger than this is the largest to within this part of it, which saves most of the search."""
LIMITS = {
    "width": "Its width limits it: everything passes through fewer than 3 numbers, and then no weights are "
    "right for all vectors of -1, 0 and 1 in exact arithmetic.",
    "weights": "The weights limit it: {share} of that error is theirs.",
    "float32": "float32 limits it: {share} of that error is what its rounding can add with these weights.",
    "cap": "No network can do better: float32 does not hold 16,777,217, the right c + 2 for the next c.",
}
"""What keeps the radius from being larger.

Of the width: a matrix of rank 2 or less that differs from the rule's by dW has a row of dW whose sizes add up
to 1 or more, because a matrix closer to the identity than that, in the norm of the largest such sum, can be
inverted (the first three rows of the rule are the identity). In the two opposite corners of the cube from -1
to 1 where that row is largest, its output is then wrong by amounts that are 2 apart: one by 1 or more.
"""


class Certificate(Record):
    """How far a network is right, and the nearest vector found for which it is not.

    `radius`: for every integer vector of numbers from -radius to radius, each output rounds to the right
    answer, for the vector alone and in any batch; None where that cannot be said of [0, 0, 0] either.
    `method` says whether that was "proved", for a network without activations, or "checked" vector by
    vector, as far as the time for it allows.

    `counterexample` lies outside the radius. The network, asked for it alone and on this machine, gives
    `answer`, in which an output rounds to something else than is `expected`, or is not finite (None).

    The rest is about the one matrix and the one bias of a network without activations, and None otherwise:
    their values, the largest differences from the rule's, the rank; the error in exact arithmetic and what
    float32 can add (infinite where it may not hold the numbers), for the output and at the corner where
    both together are largest.

    `limit` names what keeps the radius from being larger. It is None with activations, and where there is
    no radius. "width": a layer is too narrow for the rule. "cap": 2**24 - 2 is reached, beyond which
    float32 has not all the answers. Otherwise "weights" where the error in exact arithmetic is at least
    what float32 can add, and "float32" where it is less.
    """

    method: Literal["proved", "checked"]
    radius: int | None
    sentence: str
    counterexample: list[int]
    answer: list[float | None]
    expected: list[int]
    weight: list[list[float]] | None = None
    bias: list[float] | None = None
    weight_error: float | None = None
    bias_error: float | None = None
    rule_weight: list[list[int]] = RULE_WEIGHT.tolist()
    rule_bias: list[int] = RULE_BIAS.tolist()
    rank: int | None = None
    exact_error: float | None = None
    rounding_error: float | None = None
    limit: Literal["width", "weights", "float32", "cap"] | None = None

    @property
    def verdict(self) -> str:
        """How far it is right, in a few words."""
        if self.radius is None:
            return "Not even sure of [0, 0, 0]"
        if self.radius == 0:
            return f"{self.method.capitalize()} for [0, 0, 0] only"
        return f"{self.method.capitalize()} up to {self.radius:,}"

    @property
    def claim(self) -> str:
        """What the verdict means, in a sentence or two."""
        if self.radius is None:
            return "Even its answer to [0, 0, 0] may be wrong."
        if self.radius == 0:
            return "Right for [0, 0, 0]. Beyond that, its answers may be wrong."
        reach = f"Right for every whole-number vector from -{self.radius:,} to {self.radius:,}: "
        if self.method == "proved":
            return f"{reach}proved, not sampled."
        return f"{reach}each one was checked, but there is no proof beyond them."


def certify(network: MyNetwork) -> Certificate:
    """The certificate of a network from 3 numbers to 5."""
    return _proved(network) if network.activation == "none" or len(network.widths) == 2 else _checked(network)


# Proved


def _proved(network: MyNetwork) -> Certificate:
    layers = layers_of(network)
    collapsed = collapse(layers)
    excess_weight, excess_bias = (
        _floats(has - (rule.astype(object) << collapsed.bits), collapsed.bits)
        for has, rule in ((collapsed.weight, RULE_WEIGHT), (collapsed.bias, RULE_BIAS))
    )

    def errors(size: int) -> tuple[float, float]:
        return _errors(excess_weight, excess_bias, layers, size)

    radius = _largest(lambda size: sum(errors(size)))
    exact, rounding = errors(radius or 0)
    weight_error, bias_error = (float(np.abs(excess).max()) for excess in (excess_weight, excess_bias))
    if radius is None:
        limit, sentence = None, f"Not even [0, 0, 0] is sure to be right: {_cause(exact, rounding)}."
    else:
        limit = _limit(network, radius, exact, rounding)
        part = rounding if limit == "float32" else exact
        sentence = (
            f"Proved for {_reach(radius)}. The network is one matrix and one bias. Their largest differences "
            f"from the rule's are {_about(weight_error)} in the matrix and {_about(bias_error)} in the bias. "
            f"At worst that is an error of {_about(exact)}, and float32 can add {_about(rounding)}. Together "
            "they stay below 0.5, so every answer rounds to the right one. "
            + LIMITS[limit].format(share=share(part, exact + rounding))
        )
    return Certificate(
        method="proved",
        radius=radius,
        sentence=sentence,
        **_wrong(network, radius),
        weight=_floats(collapsed.weight, collapsed.bits).tolist(),
        bias=_floats(collapsed.bias, collapsed.bits).tolist(),
        weight_error=weight_error,
        bias_error=bias_error,
        rank=rank(collapsed.weight),
        exact_error=exact,
        rounding_error=rounding,
        limit=limit,
    )


def _reach(radius: int) -> str:
    if radius == 0:
        return "[0, 0, 0] only"
    return f"every integer vector of numbers from -{radius:,} to {radius:,}"


def _cause(exact: float, rounding: float) -> str:
    if not isfinite(rounding):
        return "float32 may not hold the numbers on the way"
    return f"there the bias is wrong by {_about(exact)}, and float32 can add {_about(rounding)}"


def _about(error: float) -> str:
    return f"about {error:.3g}" if error else "exactly 0"


def share(part: float, whole: float) -> str:
    """A part of the whole in percent; 0 and 100 are said of nothing but none and all of it."""
    if part in (0, whole):
        return "all" if part else "none"
    percent = 100 * part / whole
    return "less than 1%" if percent < 1 else "more than 99%" if percent > 99 else f"about {percent:.0f}%"


def _limit(
    network: MyNetwork, radius: int, exact: float, rounding: float
) -> Literal["width", "weights", "float32", "cap"]:
    if narrowest(network.widths[1:-1]) is not None:
        return "width"
    if radius == LARGEST_RADIUS:
        return "cap"
    return "weights" if exact >= rounding else "float32"


def _errors(excess_weight: Floats, excess_bias: Floats, layers: Layers, size: int) -> tuple[float, float]:
    """The error in exact arithmetic and what float32 can add, where both together are largest.

    For each output they are bounded in each part of the cube. There, the error in exact arithmetic is a
    convex function of the vector: largest in a corner.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        corners = np.abs(POINTS * size @ excess_weight.T + excess_bias)[PARTS].max(axis=1)
        in_float64 = 1e-12 * (size * np.abs(excess_weight).sum(axis=1) + np.abs(excess_bias))
        both = np.stack([corners + in_float64, forward_error(layers, size)])
    exact, rounding = np.where(np.isnan(both), np.inf, both).reshape(2, -1)
    worst = (exact + rounding).argmax()
    return float(exact[worst]), float(rounding[worst])


def _largest(error: Callable[[int], float]) -> int | None:
    """The largest size up to LARGEST_RADIUS with an error below 0.5, to within 1/RADIUS_PRECISION of it.

    None if not even 0 has one.

    The error grows nearly as a straight line does, so the line between the two ends tells where to
    look. An end that stays where it is gets half the weight (the Illinois method), else all the others
    would be approached from one side only.
    """
    low, high = 0, LARGEST_RADIUS
    below, above = error(low) - 0.5, error(high) - 0.5
    if not below < 0:
        return None
    if above < 0:
        return high
    last = 0.0
    while high - low > 1 + low // RADIUS_PRECISION:
        share = below / (below - above) if np.isfinite(above) else 0.5
        middle = min(max(low + round((high - low) * share), low + 1), high - 1)
        found = error(middle) - 0.5
        if found < 0:
            low, below, above = middle, found, above / 2 if last < 0 else above
        else:
            high, above, below = middle, found, below / 2 if last > 0 else below
        last = found
    return low


def _floats(numbers: NDArray[Any], bits: int) -> Floats:
    """The numbers / 2**bits, each rounded once; infinite where float64 does not reach."""
    return np.array([_quotient(number, bits) for number in numbers.ravel()]).reshape(numbers.shape)


def _quotient(number: int, bits: int) -> float:
    try:
        return number / (1 << bits)
    except OverflowError:
        return float("inf") if number > 0 else float("-inf")


# Checked


def _checked(network: MyNetwork) -> Certificate:
    radius, furthest = check(network)
    if radius is None:
        sentence = "Its answer to [0, 0, 0] may be wrong."
    else:
        beyond = "Those beyond were not checked" if radius == furthest else "One of the next may be wrong"
        sentence = f"Checked, one by one: {_which(radius)}, alone or in any batch. {beyond}."
    return Certificate(method="checked", radius=radius, sentence=sentence, **_wrong(network, radius))


def _which(radius: int) -> str:
    if radius == 0:
        return "right for [0, 0, 0] only"
    count = (2 * radius + 1) ** 3
    return f"right for all {count:,} integer vectors of numbers from -{radius} to {radius}"


# Wrong


def _wrong(network: MyNetwork, radius: int | None) -> dict[str, Any]:
    """The counterexample, the network's answer to it, and the right one."""
    vector = counterexample(network, -1 if radius is None else radius)
    answer = answers(network, np.array([vector]))[0].tolist()
    return {
        "counterexample": vector,
        "answer": [value if isfinite(value) else None for value in answer],
        "expected": integers.answer(np.array([vector]))[0].tolist(),
    }
