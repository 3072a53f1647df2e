"""One training step in real numbers, and how far float32 can be from it.

The exact step is computed in float64. Beside every number goes a bound on the error of any float32
evaluation, whatever the order of its sums and whether it fuses multiplications with additions: n
roundings change a sum of products by at most gamma(n) times the sum of their absolute values, and the
errors of what goes in are carried along (Higham, Accuracy and Stability of Numerical Algorithms, 2nd
edition, section 3.1 and, for the carrying, 3.3).
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from service.engines.autograd import batches
from service.networks import MyNetwork
from service.training.advance import Work, restore

UNIT = 2.0**-24
"""Rounding to float32 changes a number by at most this much of it,"""
LEAST = 2.0**-149
"""or, near 0, by less than this."""


@dataclass(frozen=True)
class Bounded:
    """Exact numbers, and how far a float32 evaluation may be from each."""

    value: Tensor
    error: Tensor

    @property
    def most(self) -> Tensor:
        """How large the absolute value of an evaluation may be."""
        return self.value.abs() + self.error


def gamma(roundings: int) -> float:
    """The relative error of so many roundings, one upon the other."""
    return roundings * UNIT / (1 - roundings * UNIT)


def exact(tensor: Tensor) -> Bounded:
    """What both engines start from."""
    return Bounded(tensor.double(), torch.zeros_like(tensor, dtype=torch.float64))


def evaluated(value: Tensor, carried: Tensor, size: Tensor, roundings: int) -> Bounded:
    """A value with the error carried into it, and that of so many roundings of terms of this size."""
    return Bounded(value, carried + gamma(roundings) * size + roundings * LEAST)


def product(a: Bounded, b: Bounded, roundings: int) -> Bounded:
    """The product of two matrices."""
    size = a.most @ b.most
    return evaluated(a.value @ b.value, size - a.value.abs() @ b.value.abs(), size, roundings)


def plus(a: Bounded, factor: float, b: Bounded) -> Bounded:
    """The sum a + factor * b, with a rounding each for the factor, the product and the sum."""
    carried = a.error + abs(factor) * b.error
    return evaluated(a.value + factor * b.value, carried, a.most + abs(factor) * b.most, 3)


def each(a: Bounded, b: Bounded) -> Bounded:
    """The product of every number with its counterpart."""
    size = a.most * b.most
    return evaluated(a.value * b.value, size - (a.value * b.value).abs(), size, 1)


def scaled(factor: float, a: Bounded) -> Bounded:
    """The multiple factor * a, with a rounding each for the factor and the product."""
    return evaluated(factor * a.value, abs(factor) * a.error, abs(factor) * a.most, 2)


class Undecided(Exception):
    """An error bound reaches across 0, where relu bends."""


def gradients(work: Work) -> dict[str, Bounded]:
    """The gradient of the next batch's loss, by the names of the parameters.

    Raises Undecided if float32 may find a relu open that is shut, or the other way round.
    """
    run = restore(work)
    assert isinstance(run.module, MyNetwork)
    activation, depth = run.module.activation, len(run.module.widths) - 1
    parameters = {name: exact(tensor.detach()) for name, tensor in run.module.named_parameters()}
    inputs, targets = (exact(tensor.reshape(-1, tensor.shape[-1])) for tensor in next(batches(run)))
    count = len(targets.value)

    layers, slopes = [inputs], []
    for k in range(1, depth + 1):
        weight, bias = parameters[f"m{k}.weight"], parameters[f"m{k}.bias"]
        weighted = product(layers[-1], turned(weight), len(weight.value[0]))
        layer = plus(weighted, 1, bias)
        if k < depth:
            layer, slope = ACTIVATED[activation](layer)
            slopes.append(slope)
        layers.append(layer)

    difference = plus(layers[-1], -1, targets)
    error = scaled(2 / count, difference)
    found: dict[str, Bounded] = {}
    ones = exact(torch.ones(1, count))
    for k in range(depth, 0, -1):
        found[f"m{k}.weight"] = product(turned(error), layers[k - 1], count)
        found[f"m{k}.bias"] = one_row(product(ones, error, count))
        if k > 1:
            weight = parameters[f"m{k}.weight"]
            error = each(product(error, weight, len(weight.value)), slopes[k - 2])
    return found


def turned(matrix: Bounded) -> Bounded:
    return Bounded(matrix.value.T, matrix.error.T)


def one_row(matrix: Bounded) -> Bounded:
    return Bounded(matrix.value[0], matrix.error[0])


def _none(layer: Bounded) -> tuple[Bounded, Bounded]:
    return layer, exact(torch.ones_like(layer.value))


def _relu(layer: Bounded) -> tuple[Bounded, Bounded]:
    if bool((layer.value.abs() <= layer.error).any()):
        raise Undecided
    is_open = (layer.value > 0).double()
    return Bounded(layer.value * is_open, layer.error * is_open), exact(is_open)


def _tanh(layer: Bounded) -> tuple[Bounded, Bounded]:
    # No slope of tanh is above 1, so it makes no error larger; its own is an ulp, which is two roundings.
    value = layer.value.tanh()
    layer = evaluated(value, layer.error, value.abs() + layer.error, 2)
    square = each(layer, layer)
    return layer, plus(exact(torch.ones_like(value)), -1, square)


ACTIVATED = {"none": _none, "relu": _relu, "tanh": _tanh}
