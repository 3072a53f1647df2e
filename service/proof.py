"""Whether a network answers the challenge for every integer vector up to a radius, and why.

A network without activations is one matrix and one bias, whatever its layers. Where these differ from
the rule's own by dW and db, output j is wrong by at most R * sum_i |dW_ji| + |db_j| as long as no number
of the vector is larger than R. That is exact arithmetic; what float32 can add to it is bounded in
service/rounding.py. While both together stay below 0.5, every answer rounds to the right one: a proof.

A network with activations is tried on every single vector up to a radius: checked, and not more.
"""

from collections.abc import Callable
from math import isfinite
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from service.counterexamples import (
    FURTHEST,
    RULE_BIAS,
    RULE_WEIGHT,
    answers,
    counterexample,
    narrowest,
    shells,
    targets,
)
from service.networks import MyNetwork
from service.records import Record
from service.rounding import PARTS, POINTS, Floats, Layers, collapse, forward_error, layers_of

CHECKED = 400_000_000
"""How many multiplications a check may cost: about a second."""
SPARE = 1e-3
"""By how much a checked answer has to clear 0.5: in a batch of another size its last digits may differ."""
CLOSE = 4096
"""A radius larger than this is the largest to within this part of it, which saves most of the search."""
LIMITS = {
    "width": "Its width limits it: the rule does not pass through fewer than 3 numbers, with any weights.",
    "weights": "The weights limit it: training can take off all of the error but {share}, float32's.",
    "float32": "float32 limits it: {share} of the error is its rounding, which no training takes off.",
    "cap": "No network can do better: larger whole numbers are not all there in float32.",
}


class Certificate(Record):
    """How far a network is right, and the nearest vector found for which it is not.

    `radius`: for every integer vector of numbers from -radius to radius, each output rounds to the right
    answer; None where that cannot be said of [0, 0, 0] either. `method` says whether that was proved, for
    a network without activations, or checked vector by vector. The rest is about the one matrix and the
    one bias of a network without activations, and None otherwise: their values, the largest differences
    from the rule's, the rank; the error in exact arithmetic and what float32 can add, for the output at
    the radius where both together are largest.

    `limit` names what keeps the radius from being larger: the "weights" where the error in exact
    arithmetic is the larger of the two, so that more or other training can help; "float32" where rounding
    is; its "width" where a layer is too narrow for the rule; the "cap" at 2**24 - 2, beyond which float32
    has not all the answers.
    """

    method: Literal["proved", "checked"]
    radius: int | None
    sentence: str
    counterexample: list[int]
    answer: list[float | None]
    """What the network gives for the counterexample."""
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
    limit = None
    if radius is None:
        cause = f"the bias is wrong by up to {bias_error:.3g}"
        if rounding > exact:
            cause = "float32 may round its large numbers too far, or not hold them at all"
        sentence = f"Not even [0, 0, 0] is sure to be right: {cause}."
    else:
        limit = _limit(network, radius, exact, rounding)
        reach = f"every integer vector of numbers from -{radius:,} to {radius:,}"
        reach = reach if radius else "[0, 0, 0], and no further"
        share = f"{rounding / (exact + rounding or 1):.0%}"
        sentence = (
            f"Proved for {reach}. The network is one matrix and one bias, wrong by at most "
            f"{weight_error:.3g} and {bias_error:.3g}; in the worst corner that makes an error of "
            f"{exact:.3g}, and float32 can add {rounding:.3g}. Together they stay below 0.5, so every answer "
            f"rounds to the right one. {LIMITS[limit].format(share=share)}"
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


def _limit(
    network: MyNetwork, radius: int, exact: float, rounding: float
) -> Literal["width", "weights", "float32", "cap"]:
    if narrowest(network.widths[1:-1], "none") is not None:
        return "width"
    if radius == FURTHEST:
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
    """The largest size up to FURTHEST with an error below 0.5, to within 1/CLOSE of it; None if not even 0.

    The error grows nearly as a straight line does, so the line between the two ends tells where to
    look. An end that stays where it is gets half the weight (the Illinois method), else all the others
    would be approached from one side only.
    """
    low, high = 0, FURTHEST
    below, above = error(low) - 0.5, error(high) - 0.5
    if not below < 0:
        return None
    if above < 0:
        return high
    last = 0.0
    while high - low > 1 + low // CLOSE:
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


def rank(matrix: NDArray[Any]) -> int:
    """The rank of a matrix of Python's integers, exactly: elimination without fractions."""
    rows = [list(row) for row in matrix]
    found = 0
    for column in range(matrix.shape[1]):
        place = next((index for index in range(found, len(rows)) if rows[index][column]), None)
        if place is None:
            continue
        rows[found], rows[place] = rows[place], rows[found]
        pivot = rows[found]
        found += 1
        for row in rows[found:]:
            factor = row[column]
            row[:] = [pivot[column] * value - factor * other for value, other in zip(row, pivot, strict=True)]
    return found


# Checked


def _checked(network: MyNetwork) -> Certificate:
    multiplications = sum(weight.size for weight, _ in layers_of(network))
    most = CHECKED // multiplications
    furthest = max(1, (int(most ** (1 / 3)) - 1) // 2)
    radius: int | None = None
    for size, shell in shells(0, furthest):
        with np.errstate(invalid="ignore"):
            if not (np.abs(answers(network, shell) - targets(shell)) < 0.5 - SPARE).all():
                break
        radius = size
    if radius is None:
        found = "Not even [0, 0, 0] is right"
    else:
        numbers = f"integer vectors of numbers from -{radius} to {radius}"
        found = f"Checked, one by one: right for all {(2 * radius + 1) ** 3:,} {numbers}"
    more = "; beyond, nothing is known." if radius == furthest else "."
    return Certificate(method="checked", radius=radius, sentence=found + more, **_wrong(network, radius))


# Wrong


def _wrong(network: MyNetwork, radius: int | None) -> dict[str, Any]:
    """The counterexample, and the network's answer to it."""
    vector = counterexample(network, -1 if radius is None else radius)
    answer = answers(network, np.array([vector]))[0].tolist()
    return {"counterexample": vector, "answer": [value if isfinite(value) else None for value in answer]}
