"""What a network without activations computes in exact arithmetic, and how far float32 may be from it.

Higham, Accuracy and Stability of Numerical Algorithms (2nd edition, 2002), chapters 2 to 4, is the
source of the error analysis.
"""

from collections.abc import Sequence
from itertools import product
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from torch import nn

from service.networks import MyNetwork

Floats = NDArray[np.float64]
Layers = Sequence[tuple[Floats, Floats]]
"""The weight (outputs x inputs) and the bias of each layer, as float64, which holds a float32 exactly."""

POINTS = np.array(list(product((-1.0, 0.0, 1.0), repeat=3)))
"""The corners of the 8 parts into which the signs of a, b and c cut the cube from -1 to 1."""
PARTS = np.array(
    [
        [index for index, point in enumerate(POINTS) if ((point == 0) | (point == signs)).all()]
        for signs in product((-1, 1), repeat=3)
    ]
)
"""The 8 corners of each part, by their places in POINTS."""

UNIT_ROUNDOFF = 2.0**-24
"""float32's unit roundoff: rounding to nearest changes a number by at most this part of it."""
DIGITS = 2.0**24
"""float32 holds every multiple of a power of two that is at most so many times as large."""
SMALLEST_NORMAL = 2.0**-126
"""What a result near zero may lose, even on a processor that takes denormal numbers for zero."""
LARGEST_FLOAT32 = float(np.finfo(np.float32).max)
SLACK = 1 + 1e-6
"""More than float64, in which the bound itself is computed, can be wrong."""
BITS = 149
"""Every float32 is a whole multiple of 2**-149."""


class AffineMap(NamedTuple):
    """x -> (weight @ x + bias) / 2**bits, in integers of any size: exact."""

    weight: NDArray[Any]
    bias: NDArray[Any]
    bits: int


class _Reached(NamedTuple):
    """What is known of the numbers that stand between two layers, all over the cube."""

    value: Floats
    """In exact arithmetic, at each of the POINTS: shape (points, numbers)."""
    error: Floats
    """How far float32, or `value` itself, can be from exact arithmetic: shape (numbers,)."""
    quantum: Floats
    """A power of two of which float32's number is a multiple; 0 where none is known: shape (numbers,)."""


def layers_of(network: MyNetwork) -> Layers:
    """The network's weights and biases."""
    return [
        (layer.weight.detach().double().numpy(), layer.bias.detach().double().numpy())
        for layer in network.children()
        if isinstance(layer, nn.Linear)
    ]


def multiples(numbers: Floats) -> NDArray[Any]:
    """The numbers times 2**BITS, as Python's integers."""
    scaled = [
        int(top * 2**BITS // bottom) for top, bottom in map(float.as_integer_ratio, numbers.ravel().tolist())
    ]
    return np.array(scaled, dtype=object).reshape(numbers.shape)


def collapse(layers: Layers) -> AffineMap:
    """The layers, one after another without activations, as one map."""
    inputs = layers[0][0].shape[1]
    weight: NDArray[Any] = np.array(
        [[int(i == j) for j in range(inputs)] for i in range(inputs)], dtype=object
    )
    bias: NDArray[Any] = np.array([0] * inputs, dtype=object)
    bits = 0
    for layer_weight, layer_bias in layers:
        whole = multiples(layer_weight)
        weight, bias = whole @ weight, whole @ bias + (multiples(layer_bias) << bits)
        bits += BITS
    return AffineMap(weight, bias, bits)


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


def forward_error(layers: Layers, size: int) -> Floats:
    """A bound on how far each output in float32 is from exact arithmetic, in each part of the cube.

    For every vector of three whole numbers from -size to size, size being at most 2**24; in whatever
    order a sum is taken, with or without fused multiply-adds. The parts are PARTS, one for each choice of
    signs. Infinite where an intermediate result may be too large for float32. Shape (parts, outputs).

    An error that one layer makes reaches the outputs through the layers behind it, as any other change of
    its results would: multiplied by the product of their matrices. So the whole error is the sum over
    the layers of the errors that each of them makes by itself, `_made_here`, times such a product.
    """
    reached = _Reached(POINTS * size, np.zeros(3), np.ones(3))
    # Of each layer its own errors; the product of the matrices behind it; and what that would be if
    # nothing in it cancelled, a small part of which covers what float64 does to the product.
    made: list[tuple[Floats, Floats, Floats]] = []
    error = np.zeros((len(PARTS), 3))
    with np.errstate(over="ignore", invalid="ignore"):
        for weight, bias in layers:
            own, quantum = _made_here(weight, bias, reached)
            made = [(errors, weight @ path, np.abs(weight) @ most) for errors, path, most in made]
            made.append((own, np.eye(len(bias)), np.eye(len(bias))))
            total = np.sum([errors @ (np.abs(path) + 1e-12 * most).T for errors, path, most in made], axis=0)
            error = np.where(np.isnan(total), np.inf, total) * SLACK
            reached = _Reached(reached.value @ weight.T + bias, error.max(axis=0), quantum)
    return error


def _made_here(weight: Floats, bias: Floats, reached: _Reached) -> tuple[Floats, Floats]:
    """What float32 can do to each sum of a layer, given the numbers it gets; and the sums' quanta.

    Shapes (parts, outputs) and (outputs,). A sum has a product for each input, and the bias: its terms.
    A rounding changes a number by at most half an ulp of it, so what is needed is how large the numbers
    can be. Each of the bounds on that is a convex function of the vector, hence largest in a corner:

    - a product: at most the weight times the input;
    - a sum of k terms: at most the k largest positive terms together, or the k largest negative ones;
    - the last sum: the output.

    To add n terms in whatever order, n - 1 sums are formed: in order of size the first has at most 2 terms,
    the next at most 3, and so on. A term too small to matter is not counted among the n: adding it costs
    at most the term itself, for the sum without it is a float32, too, which rounding could have chosen.

    Where the terms are multiples of a power of two, such as whole numbers, and their sum is small enough
    for float32 to hold every such multiple, nothing is rounded at all.
    """
    size, inputs = np.abs(weight), weight.shape[1]
    uncertain = size * reached.error
    products = weight * reached.value[:, None]
    terms = np.concatenate([products, np.broadcast_to(bias[:, None], (*products.shape[:2], 1))], axis=2)
    doubt = np.concatenate([uncertain, np.zeros((len(bias), 1))], axis=1)
    partial = _in_parts(np.maximum(*(_largest_sums(np.maximum(sign * terms, 0) + doubt) for sign in (1, -1))))
    result = _in_parts(np.abs(reached.value @ weight.T + bias)) + uncertain.sum(axis=1)
    most = _in_parts(np.abs(terms)) + doubt
    summands = most.sum(axis=2)
    slack = 4 * (inputs + 1) * UNIT_ROUNDOFF * summands

    # Products
    quanta = np.where(size == 0, np.inf, reached.quantum * _lowest_bit(weight))
    held = (
        (quanta >= SMALLEST_NORMAL)
        & ((size >= SMALLEST_NORMAL) | (size == 0))
        & (most[..., :-1] <= DIGITS * quanta)
    )
    rounded = np.where(size < SMALLEST_NORMAL, most[..., :-1], _half_ulp(most[..., :-1]))
    of_products = np.where(held, 0, rounded)

    # Sums
    matters = most >= _half_ulp(partial[..., -1:])
    small = np.where(matters, 0, most).sum(axis=2)
    count = matters.sum(axis=2)
    loose = (small + slack)[..., None]
    formed = np.arange(2, inputs + 2) < count[..., None]
    of_sums = (_half_ulp(partial[..., 1:] + loose) * formed).sum(axis=2)
    last = np.minimum(result, partial[..., -1]) + small + slack
    of_sums += np.where(count > 1, _half_ulp(last), 0) + 1.001 * small
    near_zero = (2 * inputs + 2) * SMALLEST_NORMAL
    by_float64 = inputs * 2.0**-48 * summands
    error = of_products.sum(axis=2) + of_sums + near_zero + by_float64

    # Nothing rounded, or only by the small terms: at each sum these can at most double.
    every = np.concatenate([quanta, _lowest_bit(bias)[:, None]], axis=1)
    quantum = np.where(matters, every, np.inf).min(axis=2)
    whole = (np.concatenate([held, np.ones_like(held[..., :1])], axis=2) | ~matters).all(axis=2)
    whole &= (quantum >= SMALLEST_NORMAL) & (partial[..., -1] <= DIGITS * quantum)
    doubled = np.ldexp(1.001 * small + near_zero, inputs + 2) + by_float64
    error = np.where(whole, np.minimum(error, np.where(small == 0, 0, doubled)), error)
    error = np.where(partial[..., -1] + slack < LARGEST_FLOAT32, error, np.inf)
    return error, np.where((whole & (small == 0)).all(axis=0), quantum.min(axis=0), 0)


def _in_parts(at_points: Floats) -> Floats:
    """The largest of the values in the corners of each part; shape (points, ...) to (parts, ...)."""
    return at_points[PARTS].max(axis=1)


def _largest_sums(sizes: Floats) -> Floats:
    """The largest of the numbers, the largest two together, the largest three, ... along the last axis."""
    return np.cumsum(np.sort(sizes, axis=-1)[..., ::-1], axis=-1)


def _half_ulp(sizes: Floats) -> Floats:
    """By how much rounding to float32 can change a number that is at most so large."""
    return np.ldexp(0.5, np.frexp(sizes)[1] - 24)


def _lowest_bit(numbers: Floats) -> Floats:
    """The largest power of two of which each float32 is a multiple; infinite for 0."""
    fractions, exponents = np.frexp(numbers)
    digits = np.abs(fractions * DIGITS).astype(np.int64)
    return np.where(numbers == 0, np.inf, np.ldexp((digits & -digits).astype(float), exponents - 24))
