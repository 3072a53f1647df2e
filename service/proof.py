"""Whether a network answers the challenge for every integer vector up to a radius, and why.

A network without activations is one matrix and one bias, whatever its layers. Where these differ from
the rule's own by dW and db, output j is wrong by at most R * sum_i |dW_ji| + |db_j| as long as no number
of the vector is larger than R. That is exact arithmetic; what float32 can add to it is bounded in
service/rounding.py. While both together stay below 0.5, every answer rounds to the right one: a proof.

A network with activations is tried on every single vector up to a radius: checked, and not more.
"""

from collections.abc import Iterator
from itertools import product
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray

from service.networks import MyNetwork
from service.records import Record
from service.rounding import AffineMap, Floats, Layers, collapse, forward_error, layers_of

Integers = NDArray[np.int64]

RULE_WEIGHT = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0, 1], [0, 0, 1]], dtype=np.int64)
RULE_BIAS = np.array([0, 0, 0, 1, 2], dtype=np.int64)
"""[a, b, c] -> [a, b, c, c+1, c+2], as a matrix and a bias."""

FURTHEST = 2**24
"""Beyond, float32 does not hold every integer."""
CORNERS = np.array(list(product((-1, 1), repeat=3)), dtype=np.int64)
CHECKED = 400_000_000
"""How many multiplications a check may cost: about a second."""
SPARE = 1e-3
"""By how much a checked answer has to clear 0.5: in a batch of another size its last digits may differ."""


class Certificate(Record):
    """How far a network is right, and the nearest vector found for which it is not.

    `radius`: for every integer vector of numbers from -radius to radius, each output rounds to the right
    answer; None where that cannot be said of [0, 0, 0] either. `method` says whether that was proved, for
    a network without activations, or checked vector by vector. The rest is about the one matrix and the
    one bias of a network without activations, and None otherwise: their values, the largest differences
    from the rule's, the rank, and the largest error in exact arithmetic and by float32 at the radius.
    """

    method: Literal["proved", "checked"]
    radius: int | None
    sentence: str
    counterexample: list[int] | None
    answer: list[float | None] | None
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


def certify(network: MyNetwork) -> Certificate:
    """The certificate of a network from 3 numbers to 5."""
    return _proved(network) if network.activation == "none" or len(network.widths) == 2 else _checked(network)


def right(network: MyNetwork, vectors: Integers) -> NDArray[np.bool_]:
    """Whether the network, run on these integer vectors, rounds to the right answer in all five outputs."""
    outputs = answers(network, vectors)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.rint(outputs) == vectors @ RULE_WEIGHT.T + RULE_BIAS).all(axis=1)


def answers(network: MyNetwork, vectors: Integers) -> Floats:
    """What the network gives for the vectors, in one batch; shape (vectors, 5)."""
    with torch.no_grad():
        return network(torch.from_numpy(vectors).float()).double().numpy()


# Proved


def _proved(network: MyNetwork) -> Certificate:
    layers = layers_of(network)
    collapsed = collapse(layers)
    excess = AffineMap(
        collapsed.weight - (RULE_WEIGHT.astype(object) << collapsed.bits),
        collapsed.bias - (RULE_BIAS.astype(object) << collapsed.bits),
        collapsed.bits,
    )
    radius = _largest(lambda size: bool((_errors(excess, layers, size).sum(axis=0) < 0.5).all()))
    exact, rounding = _errors(excess, layers, radius or 0).max(axis=(1, 2)).tolist()
    weight_error = float(_floats(abs(excess.weight), excess.bits).max())
    bias_error = float(_floats(abs(excess.bias), excess.bits).max())
    if radius is None:
        sentence = f"Not even [0, 0, 0] is sure to be right: the bias is wrong by up to {bias_error:.3g}."
    else:
        sentence = (
            f"Proved for every integer vector of numbers from -{radius:,} to {radius:,}. The network is one "
            f"matrix and one bias, wrong by at most {weight_error:.3g} and {bias_error:.3g}; in the worst "
            f"corner that makes an error of {exact:.3g}, and float32 can add {rounding:.3g}. Together they "
            "stay below 0.5, so every answer rounds to the right one."
        )
    return Certificate(
        method="proved",
        radius=radius,
        sentence=sentence,
        **_counterexample(network, radius),
        weight=_floats(collapsed.weight, collapsed.bits).tolist(),
        bias=_floats(collapsed.bias, collapsed.bits).tolist(),
        weight_error=weight_error,
        bias_error=bias_error,
        rank=rank(collapsed.weight),
        exact_error=exact,
        rounding_error=rounding,
    )


def _errors(excess: AffineMap, layers: Layers, size: int) -> Floats:
    """The error of each output in each corner of the cube: in exact arithmetic, and what float32 can add.

    Both are convex functions of the vector, and so is their sum: nowhere in the cube is it larger than
    in the worst corner, and a larger cube is no better than a smaller one. Shape (2, corners, 5).
    """
    corners = CORNERS * size
    exact = abs(corners.astype(object) @ excess.weight.T + excess.bias)
    return np.stack([_floats(exact, excess.bits) * (1 + 1e-9), forward_error(layers, corners.astype(float))])


def _largest(holds: Any) -> int | None:
    """The largest size up to FURTHEST that `holds`, where all smaller ones do; None if 0 does not."""
    if not holds(0):
        return None
    if holds(FURTHEST):
        return FURTHEST
    low, high = 0, FURTHEST
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if holds(middle) else (low, middle)
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
    for size, shell in _shells(furthest):
        targets = shell @ RULE_WEIGHT.T + RULE_BIAS
        with np.errstate(invalid="ignore"):
            if not (np.abs(answers(network, shell) - targets) < 0.5 - SPARE).all():
                break
        radius = size
    if radius is None:
        found = "Not even [0, 0, 0] is right"
    else:
        numbers = f"integer vectors of numbers from -{radius} to {radius}"
        found = f"Checked, one by one: right for all {(2 * radius + 1) ** 3:,} {numbers}"
    more = "; beyond, nothing is known." if radius == furthest else "."
    return Certificate(
        method="checked", radius=radius, sentence=found + more, **_counterexample(network, radius)
    )


def _shells(furthest: int) -> Iterator[tuple[int, Integers]]:
    """The integer vectors whose largest number is 0, then 1, and so on: each of them once."""
    yield 0, np.zeros((1, 3), dtype=np.int64)
    for size in range(1, furthest + 1):
        inner, whole = np.arange(1 - size, size), np.arange(-size, size + 1)
        ends = np.array([-size, size])
        parts = [(ends, whole, whole), (inner, ends, whole), (inner, inner, ends)]
        yield size, np.concatenate([_grid(*part) for part in parts])


def _grid(*axes: Integers) -> Integers:
    return np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 3)


# Not right


def _counterexample(network: MyNetwork, radius: int | None) -> dict[str, Any]:
    """A vector just outside the radius that the network, run on it alone, gets wrong, and its answer."""
    for vectors in _suspects(-1 if radius is None else radius):
        wrong = vectors[~right(network, vectors)]
        for vector in wrong[np.argsort(np.abs(wrong).max(axis=1), kind="stable")]:
            if not right(network, vector[None]).all():
                answer = answers(network, vector[None])[0]
                shown = [float(value) if np.isfinite(value) else None for value in answer]
                return {"counterexample": vector.tolist(), "answer": shown}
    return {"counterexample": None, "answer": None}


def _suspects(radius: int) -> Iterator[Integers]:
    """Vectors outside the radius, the near ones first: all of them close by, and then ever larger corners."""
    first = radius + 1
    if radius < 12:
        yield np.concatenate([shell for size, shell in _shells(2 * first + 4) if size >= first])
    yield _corners(np.geomspace(max(first, 1), 2 * first + 2, 40), 24)
    if first < FURTHEST / 2:
        yield _corners(np.geomspace(2 * first + 2, FURTHEST, 60), 8)


def _corners(sizes: Floats, around: int) -> Integers:
    """For each size the corners of its cube, and `around` vectors near each of them that are no nearer."""
    random = np.random.default_rng(0)
    scales = np.ceil(sizes).clip(max=FURTHEST).astype(np.int64)[:, None, None, None]
    inward = random.random((len(sizes), 8, around, 3))
    # One of the three numbers stays where it is, so that the vector lies on the face.
    inward[..., 0, :] = 0
    np.put_along_axis(inward, random.integers(3, size=(len(sizes), 8, around, 1)), 0, axis=-1)
    steps = (inward * scales / 32).astype(np.int64)
    return (CORNERS[None, :, None, :] * (scales - steps)).reshape(-1, 3)
