"""What a network without activations computes in exact arithmetic, and how far float32 may be from it.

Higham, Accuracy and Stability of Numerical Algorithms (2nd edition, 2002), chapters 2 to 4, is the
source of the error analysis.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from torch import nn

from service.networks import MyNetwork

Floats = NDArray[np.float64]
Layers = Sequence[tuple[Floats, Floats]]
"""The weight (outputs x inputs) and the bias of each layer, as float64, which holds a float32 exactly."""

UNIT = 2.0**-24
"""float32's unit roundoff: rounding to nearest changes a number by at most this part of it."""
TINY = 2.0**-126
"""What a result near zero may lose, even on a processor that takes denormal numbers for zero."""
LARGEST = float(np.finfo(np.float32).max)
SLACK = 1 + 1e-6
"""More than float64, in which the bound itself is computed, can be wrong."""
BITS = 149
"""Every float32 is a whole multiple of 2**-149."""


class AffineMap(NamedTuple):
    """x -> (weight @ x + bias) / 2**bits, in integers of any size: exact."""

    weight: NDArray[Any]
    bias: NDArray[Any]
    bits: int


def layers_of(network: MyNetwork) -> Layers:
    """The network's weights and biases."""
    return [
        (layer.weight.detach().double().numpy(), layer.bias.detach().double().numpy())
        for layer in network.children()
        if isinstance(layer, nn.Linear)
    ]


def collapse(layers: Layers) -> AffineMap:
    """The layers, one after another without activations, as one map."""
    inputs = layers[0][0].shape[1]
    weight: NDArray[Any] = np.array(
        [[int(i == j) for j in range(inputs)] for i in range(inputs)], dtype=object
    )
    bias: NDArray[Any] = np.array([0] * inputs, dtype=object)
    bits = 0
    for layer_weight, layer_bias in layers:
        whole = _multiples(layer_weight)
        weight, bias = whole @ weight, whole @ bias + (_multiples(layer_bias) << bits)
        bits += BITS
    return AffineMap(weight, bias, bits)


def forward_error(layers: Layers, vectors: Floats) -> Floats:
    """A bound on how far each output in float32 is from exact arithmetic, for each of the vectors.

    It holds in whatever order a sum is taken, with or without fused multiply-adds, for float32 vectors.
    It is a convex function of the vector, so over a box it is largest in a corner. Infinite where an
    intermediate result may be too large for float32. Shape (vectors, outputs).
    """
    value, error = vectors, np.zeros_like(vectors)
    with np.errstate(over="ignore", invalid="ignore"):
        for weight, bias in layers:
            size, operations = np.abs(weight), 2 * weight.shape[1] + 1
            products = (np.abs(value) + error) @ size.T
            summands = products + np.abs(bias)
            passed_on = error @ size.T
            value = value @ weight.T + bias
            # No partial sum is larger than the positive summands together, or the negative ones: these
            # differ by the sum itself, and add up to `summands`.
            partial = (summands + np.abs(value) + passed_on) / 2 + operations * UNIT * summands
            rounded = UNIT * products + weight.shape[1] * UNIT * partial + operations * TINY
            error = np.where(partial < LARGEST, passed_on + rounded, np.inf)
    return error * SLACK


def _multiples(numbers: Floats) -> NDArray[Any]:
    """The numbers times 2**BITS, as Python's integers."""
    scaled = [
        int(top * 2**BITS // bottom) for top, bottom in map(float.as_integer_ratio, numbers.ravel().tolist())
    ]
    return np.array(scaled, dtype=object).reshape(numbers.shape)
