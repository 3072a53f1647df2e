"""The training loop of a network as Numba compiles it: Backprop, Optimize, Reset, and no Python.

The parameters lie in rows filled with zeros to a multiple of eight (`forward` says how). So eight outputs are
computed at a time, and what belongs to no output stays 0.

`specialized` only tells the compiler the widths in advance; the source, and so every bit, is the same.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numba.extending import register_jitable
from numpy.typing import NDArray

from service.engines.cache import OPTIONS
from service.engines.forward import (
    NONE,
    RELU,
    WIDEST,
    Floats,
    forward,
    layer_length,
    mean_loss,
    row_length,
)
from service.engines.lanes import (
    INLINE,
    filled,
    fma,
    halves,
    load,
    repeat,
    store,
    total,
    totals,
    zero_unless_positive,
)
from service.engines.rules import at_step, begin, update


class Batches(NamedTuple):
    """The steps a loop makes: how many, and over which examples."""

    updates: int
    """With 0 the loop only looks whether an update could be made."""
    batch_size: int
    epoch: int
    """How many examples an epoch has; the order of examples is one epoch or several."""
    position: int
    """Where in that order the first batch begins."""


@register_jitable(**INLINE)
def weighted(parameters: Floats, errors: Floats, weights: int, row: int, above: int) -> Any:
    """One input's weights times the errors of the layer above it, still to be summed over the lanes."""
    products = load(parameters, weights) * load(errors, above)
    for j in range(8, row, 8):
        products = fma(load(parameters, weights + j), load(errors, above + j), products)
    return products


@register_jitable(**INLINE)
def four_totals(parameters: Floats, errors: Floats, weights: int, row: int, above: int, count: int) -> Any:
    """The sums of `weighted` for up to four inputs, and 0 for what is missing to four."""
    zero = filled(np.float32(0))
    a = weighted(parameters, errors, weights, row, above)
    b = weighted(parameters, errors, weights + row, row, above) if count > 1 else zero
    c = weighted(parameters, errors, weights + 2 * row, row, above) if count > 2 else zero
    d = weighted(parameters, errors, weights + 3 * row, row, above) if count > 3 else zero
    return totals(a, b, c, d)


@register_jitable(**INLINE)
def train(
    widths: Any,
    activation: int,
    rule: Any,
    parameters: Floats,
    buffers: Any,
    gradients: Any,
    values: Floats,
    errors: Floats,
    inputs: Floats,
    targets: Floats,
    order: NDArray[np.int64],
    batches: Batches,
    records: NDArray[np.int64],
    losses: NDArray[np.float64],
) -> tuple[int, bool]:
    """Train a network of linear layers in place; after the updates in `records`, note the mean loss.

    `gradients` is None where a batch is one example: then no gradient outlives its use, and Reset is
    that it is computed afresh. Returns the updates made, and False if the loss that the next one would
    start from is not finite.
    """
    depth = len(widths) - 1
    out = row_length(widths[depth])
    zero = filled(np.float32(0))
    one = filled(np.float32(1))
    two = np.float32(2)
    carried = begin(rule)
    position = batches.position
    left = batches.epoch - position % batches.epoch
    recorded = 0
    for step in range(max(batches.updates, 1)):
        now, carried = at_step(rule, carried, step)
        count = 1 if gradients is None else min(batches.batch_size, left)
        scale = filled(np.float32(2) / np.float32(count))
        loss = zero
        for place in range(position, position + count):
            example = order[place]
            forward(widths, activation, parameters, values, inputs, example)
            for j in range(0, out, 8):
                value = load(values, depth * WIDEST + j)
                target = load(targets, example * out + j)
                error = value - target
                loss = fma(error, error, loss)
                if gradients is None:
                    store(errors, depth * WIDEST + j, fma(two, value, -two * target))
                else:
                    store(errors, depth * WIDEST + j, error * scale)
            if gradients is None:
                if not np.isfinite(total(loss)):
                    return step, False
                if step == batches.updates:
                    return step, True
            # Backprop, from the last layer to the first. Without `gradients`, a layer is optimized as
            # soon as the errors below it are known.
            layer = len(parameters)
            for k in range(depth - 1, -1, -1):
                row = row_length(widths[k + 1])
                below, above = k * WIDEST, (k + 1) * WIDEST
                layer -= layer_length(widths[k], widths[k + 1])
                if k > 0:
                    for i in range(0, widths[k], 8):
                        weights = layer + (i + 1) * row
                        left_over = widths[k] - i
                        low = four_totals(parameters, errors, weights, row, above, left_over)
                        high = zero
                        if left_over > 4:
                            weights += 4 * row
                            high = four_totals(parameters, errors, weights, row, above, left_over - 4)
                        error = halves(low, high)
                        if activation != NONE:
                            value = load(values, below + i)
                            if activation == RELU:
                                error = zero_unless_positive(value, error)
                            else:
                                error = error * (one - value * value)
                        store(errors, below + i, error)
                for j in range(0, row, 8):
                    error = load(errors, above + j)
                    weights = layer + j
                    value = one
                    for i in range(widths[k] + 1):
                        if gradients is None:
                            update(now, parameters, buffers, weights, error * value)
                        else:
                            store(gradients, weights, fma(error, value, load(gradients, weights)))
                        value = repeat(values, below + i)
                        weights += row
        if gradients is not None:
            if not np.isfinite(total(loss)):
                return step, False
            if step == batches.updates:
                return step, True
            for index in range(0, len(parameters), 8):
                update(now, parameters, buffers, index, load(gradients, index))  # Optimize
                store(gradients, index, zero)  # Reset
        if recorded < len(records) and step + 1 == records[recorded]:
            losses[recorded] = mean_loss(widths, activation, parameters, values, inputs, targets)
            recorded += 1
        left -= count
        if left == 0:
            left = batches.epoch
        position += count
        if position == len(order):
            position = 0
    return batches.updates, True


@njit(**OPTIONS)
def general(widths: NDArray[np.int64], *rest: Any) -> tuple[int, bool]:
    """`train` for any widths."""
    return train(widths, *rest)


@njit(**OPTIONS)
def evaluate(widths: NDArray[np.int64], *rest: Any) -> float:
    """`mean_loss` for any widths."""
    return mean_loss(widths, *rest)


@lru_cache
def specialized(widths: tuple[int, ...]) -> Callable[..., tuple[int, bool]]:
    """`train` for these widths alone: the same bits in less time, after a second of compiling."""

    @njit(**OPTIONS)
    def loop(*rest: Any) -> tuple[int, bool]:
        return train(widths, *rest)

    return loop
