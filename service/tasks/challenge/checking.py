"""How far a network with activations is right, tried on every single vector, and sure of each.

A float32 sum depends on its order, and the order on the size of the batch, the number of threads and the
processor. So what one forward pass answers is no evidence of what another will. Here the answers are taken
in float64, and with them goes a bound on how far float32 can be from them, in whatever order it adds and
with or without fused multiply-adds. A vector counts as right only where both together stay below 0.5.
"""

from copy import deepcopy
from typing import NamedTuple

import numpy as np
import torch

from datasets import integers
from service.networks import MyNetwork
from service.tasks.challenge.counterexamples import Integers, shells
from service.tasks.challenge.rounding import (
    LARGEST_FLOAT32,
    SLACK,
    SMALLEST_NORMAL,
    UNIT_ROUNDOFF,
    Floats,
    layers_of,
)

MAX_MULTIPLICATIONS = 400_000_000
"""How many multiplications a check may cost: about a second."""
TANH_ERROR = 8 * UNIT_ROUNDOFF
"""By which part of itself torch's float32 tanh may be off: 4 units in the last place.

torch takes it from Intel's VML in its most accurate mode, or from Sleef's `tanhf_u10` ("1.0 ULP"), or from
libm, where glibc's manual lists at most 2 ulp on any processor. Over all float32 numbers from 2**-14 to 16,
below which tanh(x) rounds to x or its neighbor and above which it rounds to 1, VML's is off by 0.52 ulp.
"""


class Checked(NamedTuple):
    """Up to which size all integer vectors are sure to be right, None if not even [0, 0, 0] is.

    `furthest` is the size at which the check gives up for lack of time.
    """

    radius: int | None
    furthest: int


def check(network: MyNetwork) -> Checked:
    """Try the integer vectors in shells around [0, 0, 0], to the first that is not sure to be right."""
    multiplications = sum(weight.size for weight, _ in layers_of(network))
    furthest = max(1, (int((MAX_MULTIPLICATIONS // multiplications) ** (1 / 3)) - 1) // 2)
    double = deepcopy(network).double()
    radius: int | None = None
    for size, shell in shells(0, furthest):
        if not surely_right(double, shell):
            break
        radius = size
    return Checked(radius, furthest)


def surely_right(double: MyNetwork, vectors: Integers) -> bool:
    """Whether float32 rounds to the right answer to each of the vectors, however it takes its sums.

    `double` is the network in float64. Between two layers, `error` bounds for each number how far it can
    be in float32 from what it is here, over all the vectors. The activations carry it on as it is, for
    neither relu nor tanh has a slope above 1; relu rounds nothing, and tanh by TANH_ERROR.
    """
    error = np.zeros(vectors.shape[1])
    answer = torch.from_numpy(vectors).double()
    with torch.no_grad(), np.errstate(over="ignore", invalid="ignore"):
        for _, layer, inputs, sums, passed in double.walk(answer):
            weight, bias = layer.weight.numpy(), layer.bias.numpy()
            error = layer_error(weight, bias, _largest(inputs) + error, error)
            if passed is not sums and double.activation == "tanh":
                error = (error + TANH_ERROR * (_largest(passed) + error) + SMALLEST_NORMAL) * SLACK
            answer = passed
        worst = _largest(answer - torch.from_numpy(integers.answer(vectors))) + error
    return bool((worst < 0.5).all())  # which NaN is not


def layer_error(weight: Floats, bias: Floats, reach: Floats, error: Floats) -> Floats:
    """How far the sums of a layer, taken in float32, can be from those taken in float64.

    float32's inputs are at most `reach` in size and at most `error` away from float64's, for each input.
    By Higham (2002, section 3.1), a sum of n products and a bias is off by at most gamma(n + 1) times the
    sum of their sizes, in any order. What is added for numbers near zero also covers a processor that
    takes denormal ones for zero; SLACK covers float64's own rounding, which is 2**29 times finer. Infinite
    where a sum may be too large for float32.
    """
    size, count = np.abs(weight), weight.shape[1]
    gamma = (count + 1) * UNIT_ROUNDOFF / (1 - (count + 1) * UNIT_ROUNDOFF)
    summands = size @ reach + np.abs(bias)
    near_zero = np.where(size < SMALLEST_NORMAL, size, 0) @ reach + (2 * count + 2) * SMALLEST_NORMAL
    total = (size @ error + gamma * summands + near_zero) * SLACK
    return np.where((1 + gamma) * summands < LARGEST_FLOAT32, total, np.inf)


def _largest(numbers: torch.Tensor) -> Floats:
    """The largest size in each column."""
    return numbers.abs().amax(dim=0).numpy()
