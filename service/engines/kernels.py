"""The compiled loops that there are, each over one kind of module and of loss; see `engines.base.Kernel`.

Both losses are sums of squared errors. A batch's is the mean over its examples.
"""

from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from service.engines import forward, network_kernel, product_kernel
from service.engines.base import (
    Description,
    Floats,
    Loop,
    Training,
    aligned_zeros,
    epoch_orders,
    epochs_per_block,
)
from service.engines.rules import Descent, Rule
from service.networks import LatentProduct, MyNetwork

SPECIALIZED = {(3, 2, 5), (3, 3, 5), (3, 5)}
"""The widths of the lab's own networks, which get a kernel of their own."""
ACTIVATIONS = {"none": forward.NONE, "relu": forward.RELU, "tanh": forward.TANH}


class ProductKernel:
    """The squared error of a LatentProduct, which has no input."""

    size = 2

    def __init__(self, _module: LatentProduct) -> None:
        """Every product has the same kernel."""

    def views(self, array: Floats) -> list[NDArray[Any]]:
        """See `Kernel`."""
        return [array[0:1].reshape(()), array[1:2].reshape(())]

    def loop(
        self, training: Training, rule: Callable[[], Rule], parameters: Floats, buffers: tuple[Floats, ...]
    ) -> Loop:
        """See `Kernel`."""
        target = np.float32(training.examples.targets[0])
        return lambda *rest: product_kernel.train(rule(), parameters, buffers, target, *rest)

    def held_out_loss(self, training: Training, parameters: Floats) -> Callable[[], float | None]:
        """See `Kernel`: a product has one example, and none to hold out."""
        return lambda: None

    def describe(self, training: Training) -> Description:
        """See `Kernel`."""
        return {"kernel": "product_kernel", "target": training.examples.targets[0].item()}


class NetworkKernel:
    """The sum of the squared errors of a MyNetwork's outputs."""

    def __init__(self, network: MyNetwork) -> None:
        self._widths = network.widths
        self._activation = ACTIVATIONS[network.activation]
        self.size = sum(forward.layer_length(*pair) for pair in pairwise(network.widths))

    def views(self, array: Floats) -> list[NDArray[Any]]:
        """See `Kernel`."""
        views: list[NDArray[Any]] = []
        begin = 0
        for inputs, outputs in pairwise(self._widths):
            end = begin + forward.layer_length(inputs, outputs)
            rows = array[begin:end].reshape(-1, forward.row_length(outputs))
            views += [rows[1 : inputs + 1, :outputs].T, rows[0, :outputs]]
            begin = end
        return views

    def loop(
        self, training: Training, rule: Callable[[], Rule], parameters: Floats, buffers: tuple[Floats, ...]
    ) -> Loop:
        """See `Kernel`."""
        batch_size = training.config.batch_size
        kernel = partial(network_kernel.general, np.array(self._widths))
        if self._widths in SPECIALIZED and batch_size == 1 and isinstance(rule(), Descent):
            kernel = network_kernel.specialized(self._widths)
        fixed = (
            parameters,
            buffers,
            None if batch_size == 1 else aligned_zeros(len(parameters)),
            self._room(),
            self._room(),
            _filled(training.examples.inputs),
            _filled(training.examples.targets),
        )

        def loop(updates: int, records: NDArray[np.int64], losses: NDArray[np.float64]) -> tuple[int, bool]:
            order, position = _order(training)
            batches = network_kernel.Batches(updates, batch_size, len(training.examples), position)
            return kernel(self._activation, rule(), *fixed, order, batches, records, losses)

        return loop

    def held_out_loss(self, training: Training, parameters: Floats) -> Callable[[], float | None]:
        """See `Kernel`."""
        if not len(training.held_out):
            return lambda: None
        return partial(
            network_kernel.evaluate,
            np.array(self._widths),
            self._activation,
            parameters,
            self._room(),
            _filled(training.held_out.inputs),
            _filled(training.held_out.targets),
        )

    def describe(self, training: Training) -> Description:
        """See `Kernel`."""
        held_out = training.held_out
        return {
            "kernel": "network_kernel",
            "widths": self._widths,
            "activation": self._activation,
            "room": len(self._room()),
            "examples": len(training.examples),
            "inputs": _filled(training.examples.inputs),
            "targets": _filled(training.examples.targets),
            "held_out": {"inputs": _filled(held_out.inputs), "targets": _filled(held_out.targets)}
            if len(held_out)
            else None,
            "orders": _orders(training) if training.shuffled else None,
        }

    def _room(self) -> Floats:
        """Room for a number of every neuron, for each of eight examples."""
        return aligned_zeros(8 * forward.WIDEST * len(self._widths))


def _filled(tensor: Tensor) -> Floats:
    """A matrix as one array, its rows filled with zeros."""
    length = forward.row_length(tensor.shape[1])
    filled = aligned_zeros(len(tensor) * length)
    filled.reshape(-1, length)[:, : tensor.shape[1]] = tensor.numpy()
    return filled


def _order(training: Training) -> tuple[NDArray[np.int64], int]:
    """The order of the examples around `training.step`, one epoch or several, and where in it to begin."""
    epoch, batch = divmod(training.step, training.batches_per_epoch)
    count = len(training.examples)
    if not training.shuffled:
        return np.arange(count), batch * training.config.batch_size
    block, row = divmod(epoch, epochs_per_block(count))
    position = row * count + batch * training.config.batch_size
    return epoch_orders(training.config, count, block).ravel(), position


def _orders(training: Training) -> Description:
    """The orders of the examples from `training.step` to its target, in blocks."""
    count = len(training.examples)
    steps_per_block = epochs_per_block(count) * training.batches_per_epoch
    first, last = training.step // steps_per_block, training.target_step // steps_per_block
    blocks = [epoch_orders(training.config, count, block).ravel() for block in range(first, last + 1)]
    return {
        "steps_per_block": steps_per_block,
        "first_block": first,
        "places": np.concatenate(blocks).astype(np.uint16),
    }
