"""What a network makes of examples, and how far off that is, as Numba compiles it.

A network's parameters lie packed in one float32 array, layer after layer; in a layer the biases come
first, then the weights of input 0, of input 1, and so on, each of these rows as long as the layer is
wide, filled with zeros to a multiple of eight. The examples' rows are filled alike.

Eight numbers are computed at a time: a layer's outputs for one example, or an output for eight examples.
The arithmetic of an example is the same both ways, and so is every bit.
"""

from math import factorial
from typing import Any

import numpy as np
from numba.extending import register_jitable
from numpy.typing import NDArray

from service.engines.lanes import INLINE, every, fma, load, number, repeat, store, zero_unless_positive

WIDEST = 64
"""The most inputs or outputs a layer can have here."""
NONE, RELU, TANH = range(3)

Floats = NDArray[np.float32]

SERIES = tuple(1 / factorial(k) for k in range(11, 0, -1))


@register_jitable(**INLINE)
def tanh(x: float) -> float:
    """The hyperbolic tangent from +, * and / alone, right to 1e-11: a libm would differ between machines.

    tanh(x) = q / (q + 2) with q = exp(2x) - 1. The series gives exp(2x / 64) - 1, and six times
    exp(2y) - 1 = (exp(y) - 1) ** 2 + 2 (exp(y) - 1) leads back.
    """
    if x > 10:
        x = 10.0
    elif x < -10:
        x = -10.0
    y = x / 32
    q = 0.0
    for coefficient in SERIES:
        q = (q + coefficient) * y
    for _ in range(6):
        q = q * (q + 2)
    return q / (q + 2)


@register_jitable(**INLINE)
def row_length(width: int) -> int:
    """The width, filled to a multiple of eight."""
    return (width + 7) // 8 * 8


@register_jitable(**INLINE)
def layer_length(inputs: int, outputs: int) -> int:
    """How many numbers a layer takes: a row of biases, and a row of weights for every input."""
    return row_length(outputs) * (1 + inputs)


@register_jitable(**INLINE)
def forward(
    widths: Any, activation: int, parameters: Floats, values: Floats, inputs: Floats, example: int
) -> None:
    """Fill `values`, WIDEST numbers a layer: the example, then what every layer makes of it."""
    stride = row_length(widths[0])
    for i in range(0, stride, 8):
        store(values, i, load(inputs, example * stride + i))
    layer = 0
    for k in range(len(widths) - 1):
        row = row_length(widths[k + 1])
        for j in range(0, row, 8):
            weights = layer + j
            value = load(parameters, weights)
            for i in range(widths[k]):
                weights += row
                value = fma(load(parameters, weights), repeat(values, k * WIDEST + i), value)
            if activation == RELU and k < len(widths) - 2:
                value = zero_unless_positive(value, value)
            store(values, (k + 1) * WIDEST + j, value)
        if activation == TANH and k < len(widths) - 2:
            for j in range(row):
                values[(k + 1) * WIDEST + j] = tanh(np.float64(values[(k + 1) * WIDEST + j]))
        layer += layer_length(widths[k], widths[k + 1])


@register_jitable(**INLINE)
def forward_eight(
    widths: Any, activation: int, parameters: Floats, values: Floats, inputs: Floats, first: int, count: int
) -> None:
    """Fill `values`, eight times WIDEST numbers a layer: a neuron's for `count` examples from `first` on, at
    most eight, then the next neuron's.
    """
    stride = row_length(widths[0])
    for i in range(widths[0]):
        store(values, i * 8, every(inputs, first * stride + i, stride, count))
    layer = 0
    for k in range(len(widths) - 1):
        row = row_length(widths[k + 1])
        below, above = k * WIDEST * 8, (k + 1) * WIDEST * 8
        for j in range(widths[k + 1]):
            weights = layer + j
            value = repeat(parameters, weights)
            for i in range(widths[k]):
                weights += row
                value = fma(repeat(parameters, weights), load(values, below + i * 8), value)
            if activation == RELU and k < len(widths) - 2:
                value = zero_unless_positive(value, value)
            store(values, above + j * 8, value)
        if activation == TANH and k < len(widths) - 2:
            for j in range(widths[k + 1] * 8):
                values[above + j] = tanh(np.float64(values[above + j]))
        layer += layer_length(widths[k], widths[k + 1])


@register_jitable(**INLINE)
def mean_loss(
    widths: Any, activation: int, parameters: Floats, values: Floats, inputs: Floats, targets: Floats
) -> float:
    """The mean over all examples of the sum of squared errors, added in float64."""
    depth = len(widths) - 1
    row = row_length(widths[depth])
    outputs = depth * WIDEST * 8
    examples = len(targets) // row
    summed = 0.0
    for first in range(0, examples, 8):
        count = min(8, examples - first)
        forward_eight(widths, activation, parameters, values, inputs, first, count)
        for lane in range(count):
            for j in range(widths[depth]):
                output = number(values, outputs + j * 8 + lane)
                error = np.float64(output - number(targets, (first + lane) * row + j))
                summed += error * error
    return summed / examples
