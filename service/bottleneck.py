"""Why a network that is too narrow cannot learn the challenge, shown on the network at hand.

Three numbers go in, and the answer depends on all three. Where a layer has only two, an affine network
is a matrix of rank 2: there is a direction in which the vector can move without any effect. With
activations the last layer still reaches only a plane, whatever comes before it.

The floor follows from that. All answers lie in a space of `width` dimensions, and by the theorem of
Eckart and Young (1936) the mean squared distance of the targets to the best such space is the sum of
the smallest eigenvalues of their covariance.
"""

import numpy as np
from numpy.typing import NDArray

from service.counterexamples import CORNERS, FURTHEST, NEEDED, RULE_WEIGHT, answers, narrowest, right, targets
from service.networks import MyNetwork
from service.proof import rank
from service.records import DataConfig, Record
from service.rounding import collapse, layers_of

Floats = NDArray[np.float64]

MOST_DOUBLINGS = 20


class Bottleneck(Record):
    """What is lost in a layer that is too narrow.

    `floor` is the mean loss on the examples that no weights at all get below, `average_floor` what that
    is on average over examples drawn evenly from the same integers, if they were. For a network without
    activations `rank` is that of its matrix, and `lost_direction` a unit vector along which its answers
    do not change. `vector` was made for this very network: it gives `answer`, which is wrong.
    """

    width: int
    floor: float
    average_floor: float | None
    rank: int | None
    lost_direction: list[float] | None
    vector: list[int] | None
    answer: list[float] | None
    answer_to_zero: list[float]
    """What the network gives for [0, 0, 0], for comparison."""


def floor(width: int, examples: Floats) -> float:
    """The least mean loss on targets, of shape (n, 5), for answers in a space of `width` dimensions."""
    covariance = np.cov(examples, rowvar=False, bias=True)
    return float(np.linalg.eigvalsh(covariance)[:-width].clip(min=0).sum())


def average_floor(width: int, data: DataConfig) -> float | None:
    """`floor` in the limit of many examples; for integers from -R to R and two numbers it is R(R+1)/3."""
    if data.dataset is not None:
        return None
    count = data.high - data.low + 1
    variances = np.linalg.eigvalsh(RULE_WEIGHT.T @ RULE_WEIGHT) * (count**2 - 1) / 12
    return float(variances[: NEEDED - width].sum())


def bottleneck(network: MyNetwork, data: DataConfig, inputs: Floats, wanted: Floats) -> Bottleneck | None:
    """What the network cannot do, or None if no layer is too narrow.

    `inputs` (n, 3) and the `wanted` targets (n, 5) are what it trains on, chosen by `data`.
    """
    width = narrowest(network.widths[1:-1], network.activation)
    if width is None:
        return None
    reach = min(max(1.0, float(np.abs(inputs).max())), float(FURTHEST))
    direction, matrix_rank = None, None
    if network.activation == "none":
        collapsed = collapse(layers_of(network))
        matrix_rank = rank(collapsed.weight)
        direction = _lost_direction(network)
        vector = _far_along(network, direction, reach)
    else:
        vector = _off_the_plane(network, reach)
    zero = np.zeros(3, dtype=np.int64)
    return Bottleneck(
        width=width,
        floor=floor(width, wanted),
        average_floor=average_floor(width, data),
        rank=matrix_rank,
        lost_direction=None if direction is None else direction.tolist(),
        vector=None if vector is None else vector.tolist(),
        answer=None if vector is None else answers(network, vector[None])[0].tolist(),
        answer_to_zero=answers(network, zero[None])[0].tolist(),
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
    for doubling in range(MOST_DOUBLINGS):
        vector = np.rint(direction / np.abs(direction).max() * reach * 2**doubling).astype(np.int64)
        if not right(network, vector[None])[0]:
            return vector
    return None


def _off_the_plane(network: MyNetwork, reach: float) -> NDArray[np.int64] | None:
    """Of the largest training vectors' corners the one whose right answer lies farthest from the plane."""
    weight, bias = layers_of(network)[-1]
    basis = np.linalg.qr(weight)[0]
    corners = CORNERS * round(reach)
    wanted = targets(corners) - bias
    away = np.linalg.norm(wanted - wanted @ basis @ basis.T, axis=1)
    vector = corners[away.argmax()]
    return None if right(network, vector[None])[0] else vector
