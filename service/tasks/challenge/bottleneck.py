"""Why a network that is too narrow cannot learn the challenge, shown on the network at hand.

Three numbers go in, and the answer depends on all three. What follows from a layer of two, or of one, in
exact arithmetic:

- Without activations the network is a matrix of rank 2 and a bias: there is a direction in which the vector
  can move without any effect, and the loss on the examples has a floor.
- With activations, where the last hidden layer is the narrow one, all answers lie on a plane, and there is
  another floor.
- With activations, where only another layer is narrow, there is no floor: the network may fit any examples
  whose images in that layer differ. But no weights are right for every integer vector:

Up to the narrow layer, the network is a continuous function h from three numbers to at most two. By the
theorem of Borsuk and Ulam every sphere around 0 has a point x with h(x) = h(-x), so x and -x get the same
answer. Let r be the radius of the sphere, and z the integer vector nearest to x; it is at most sqrt(3)/2
away. The layers are Lipschitz, with some constant L together, so the answers to z and -z are at most L
sqrt(3) apart. Were both within 0.5 of the right ones, their first three numbers would be those of z and -z
to within 0.5, and hence at least 2 |z| - sqrt(3) >= 2 r - 2 sqrt(3) apart. So one of the two is wrong once
r is larger than (L / 2 + 1) sqrt(3).
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from datasets import integers
from service.networks import MyNetwork
from service.records import DataConfig, Record
from service.tasks.challenge.counterexamples import (
    CORNERS,
    LARGEST_RADIUS,
    NEEDED_WIDTH,
    answers,
    narrowest,
    right,
)
from service.tasks.challenge.floors import Floats, affine_floor, flat_floor
from service.tasks.challenge.rounding import collapse, layers_of, rank
from service.tasks.challenge.rule import RULE_WEIGHT


class Bottleneck(Record):
    """What is lost in a layer that is too narrow, `width` being that of the narrowest.

    All answers lie in a flat space of `flat` dimensions, whatever the weights; None where that is not so.
    `floor` is the mean loss on the examples that no weights get below in exact arithmetic, `limit_floor`
    what it tends to the more examples are drawn evenly from the same integers, if they are drawn so; both
    are None where nothing is known. For a network without activations `rank` is that of its matrix, and
    `lost_direction` a unit vector along which its answers do not change. `vector` was made for this very
    network: it gives `answer`, which is not what is `expected`; None where none was found. `wide_enough` are
    its hidden layers with each narrow one widened to 3, and `missing` how many neurons more those have.
    """

    width: int
    flat: int | None
    floor: float | None
    limit_floor: float | None
    rank: int | None
    lost_direction: list[float] | None
    vector: list[int] | None
    answer: list[float] | None
    expected: list[int] | None
    answer_to_zero: list[float]
    """What the network gives for [0, 0, 0], for comparison."""
    wide_enough: list[int]
    missing: int


def floor(hidden: Sequence[int], activation: str, inputs: Floats, wanted: Floats) -> float | None:
    """The mean loss on examples, (n, 3) and (n, 5), that no weights get below in exact arithmetic.

    None where no layer is too narrow, or where no such loss is known.
    """
    width = _flattening(hidden, activation)
    if width is None:
        return None
    least = flat_floor(width, inputs, wanted)
    return max(least, affine_floor(width, inputs, wanted)) if activation == "none" else least


def limit_floor(hidden: Sequence[int], activation: str, data: DataConfig) -> float | None:
    """`floor` in the limit of many examples; for integers from -R to R and two numbers it is R(R+1)/3."""
    width = _flattening(hidden, activation)
    if width is None or data.dataset is not None:
        return None
    count = data.high - data.low + 1
    variances = np.linalg.eigvalsh(RULE_WEIGHT.T @ RULE_WEIGHT) * (count**2 - 1) / 12
    return float(variances[: NEEDED_WIDTH - width].sum())


def _flattening(hidden: Sequence[int], activation: str) -> int | None:
    """In how many dimensions all answers lie, whatever the weights, if those are too few for the rule."""
    return narrowest(hidden if activation == "none" else hidden[-1:])


def bottleneck(network: MyNetwork, data: DataConfig, inputs: Floats, wanted: Floats) -> Bottleneck | None:
    """What the network cannot do, or None if no layer is too narrow.

    `inputs` (n, 3) and the `wanted` targets (n, 5) are what it trains on, chosen by `data`.
    """
    hidden, activation = network.widths[1:-1], network.activation
    width = narrowest(hidden)
    if width is None:
        return None
    reach = min(max(1.0, float(np.abs(inputs).max())), float(LARGEST_RADIUS))
    direction, matrix_rank, vector = None, None, None
    if activation == "none":
        matrix_rank = rank(collapse(layers_of(network)).weight)
        direction = _lost_direction(network)
        vector = _far_along(network, direction, reach)
    elif hidden[-1] < NEEDED_WIDTH:
        vector = _off_the_plane(network, reach)
    wide_enough = [max(each, NEEDED_WIDTH) for each in hidden]
    zero = np.zeros(3, dtype=np.int64)
    return Bottleneck(
        width=width,
        flat=_flattening(hidden, activation),
        floor=floor(hidden, activation, inputs, wanted),
        limit_floor=limit_floor(hidden, activation, data),
        rank=matrix_rank,
        lost_direction=None if direction is None else direction.tolist(),
        vector=None if vector is None else vector.tolist(),
        answer=None if vector is None else answers(network, vector[None])[0].tolist(),
        expected=None if vector is None else integers.answer(vector[None])[0].tolist(),
        answer_to_zero=answers(network, zero[None])[0].tolist(),
        wide_enough=wide_enough,
        missing=sum(wide_enough) - sum(hidden),
    )


def _lost_direction(network: MyNetwork) -> Floats:
    whole = np.eye(3)
    for weight, _ in layers_of(network):
        whole = weight @ whole
    direction = np.linalg.svd(whole)[2][-1]
    return direction * np.sign(direction[np.abs(direction).argmax()])


def _far_along(network: MyNetwork, direction: Floats, reach: float) -> NDArray[np.int64] | None:
    """An integer vector along the direction, as large as the training vectors, that comes out wrong.

    Rounding it to integers moves it off the direction by at most a half, so if it happens to be right,
    one that is far enough along is not.
    """
    while reach <= LARGEST_RADIUS:
        vector = np.rint(direction / np.abs(direction).max() * reach).astype(np.int64)
        if not right(network, vector[None])[0]:
            return vector
        reach *= 2
    return None


def _off_the_plane(network: MyNetwork, reach: float) -> NDArray[np.int64] | None:
    """Of the largest training vectors' corners the one whose right answer lies farthest from the plane."""
    weight, bias = layers_of(network)[-1]
    basis = np.linalg.qr(weight)[0]
    corners = CORNERS * round(reach)
    wanted = integers.answer(corners) - bias
    away = np.linalg.norm(wanted - wanted @ basis @ basis.T, axis=1)
    vector = corners[away.argmax()]
    return None if right(network, vector[None])[0] else vector
