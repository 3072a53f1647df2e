"""What every engine shares: a training in the middle, the order of its examples, and what it records."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from math import isfinite
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from service.records import Point, TrainingConfig

MAX_POINTS = 500
"""Recorded in a training."""
ORDERED_EXAMPLES = 4096
"""About how many examples' places are drawn at a time."""

CACHE_LINE_BYTES = 64

Floats = NDArray[np.float32]
Loop = Callable[[int, NDArray[np.int64], NDArray[np.float64]], tuple[int, bool]]
"""Make some updates from `training.step` on: how many, after which to record the loss, and where to put it.
Returns how many were made, and whether the loss that the next would start from is finite."""
Description = dict[str, Any]
"""A training as JSON, but for arrays of numpy."""


@dataclass(frozen=True)
class Examples:
    """What a training learns from: `inputs` of shape (n, inputs) and `targets`, n rows in the same order."""

    inputs: Tensor
    targets: Tensor

    def __len__(self) -> int:
        return len(self.inputs)

    @cached_property
    def pairs(self) -> list[tuple[Tensor, Tensor]]:
        """The examples one by one, as (input, target)."""
        return list(zip(self.inputs.unbind(), self.targets.unbind(), strict=True))


@dataclass
class Training:
    """A training standing after `step` updates of `module`, on its way to `target_step`.

    An engine trains `module` and `optimizer` in place, counts `step`, and appends to `points`.
    """

    module: nn.Module
    optimizer: torch.optim.Optimizer
    loss: Callable[[Tensor, Tensor], Tensor]
    """Of the outputs and the targets of a batch, to be taken down."""
    recorded_loss: Callable[[Tensor, Tensor], float]
    """Of the outputs and the targets of all examples, to be looked at: their mean, in float64."""
    kernel: Kernel | None
    """The compiled loop over this module and this loss, if there is one."""
    examples: Examples
    """Those to train on."""
    held_out: Examples
    """Those kept out of training; there may be none."""
    config: TrainingConfig
    start_step: int
    target_step: int
    step: int
    points: list[Point] = field(default_factory=list)

    @property
    def batches_per_epoch(self) -> int:
        """How many updates go once through the examples."""
        return -(-len(self.examples) // self.config.batch_size)

    @property
    def shuffled(self) -> bool:
        """Whether an epoch's order is another one than the last epoch's."""
        return self.config.order == "shuffled" and len(self.examples) > 1

    def mean_loss(self) -> float:
        """The mean of the losses of the training examples. In float64: finite as long as the outputs are."""
        return self._mean_loss_of(self.examples)

    def held_out_loss(self) -> float | None:
        """The same over the examples held out; None if there are none."""
        return self._mean_loss_of(self.held_out) if len(self.held_out) else None

    def _mean_loss_of(self, examples: Examples) -> float:
        with torch.no_grad():
            return self.recorded_loss(self.module(examples.inputs), examples.targets)

    def records(self, stop: int) -> list[int]:
        """The steps to record after `step` and up to `stop`: every so many from the start, and the last."""
        stride = -(-(self.target_step - self.start_step) // (MAX_POINTS - 1))
        done = (self.step - self.start_step) // stride
        steps = list(
            range(self.start_step + (done + 1) * stride, min(stop, self.target_step - 1) + 1, stride)
        )
        return [*steps, stop] if stop == self.target_step > self.step else steps

    def record(self, step: int, loss: float, held_out_loss: float | None) -> None:
        """Note the mean losses after `step` updates, if that of training is a finite number."""
        if isfinite(loss):
            self.points.append(Point(step=step, loss=loss, held_out_loss=finite(held_out_loss)))


class Kernel(Protocol):
    """A compiled loop over one kind of module and of loss: what the compiled engine asks of it."""

    def __init__(self, module: Any, /) -> None: ...

    size: int
    """How many numbers its layout of the parameters has."""

    def views(self, array: Floats) -> list[NDArray[Any]]:
        """Where each of the module's parameters lies in an array of that size, in its own shape."""
        ...

    def loop(
        self, training: Training, rule: Callable[[], Any], parameters: Floats, buffers: tuple[Floats, ...]
    ) -> Loop:
        """The loop that trains `parameters` and the optimizer's `buffers`, both in that layout, in place.

        `rule` gives the optimizer's arithmetic (`engines.rules`) as it is at `training.step`.
        """
        ...

    def held_out_loss(self, training: Training, parameters: Floats) -> Callable[[], float | None]:
        """What tells the mean loss over the examples held out, by the parameters as they then are.

        It tells None where none are held out.
        """
        ...

    def describe(self, training: Training) -> Description:
        """What `loop` and `held_out_loss` take of the training, beside the optimizer."""
        ...


class Train(Protocol):
    """A way to run the training loop."""

    def __call__(self, training: Training, stop: int) -> bool:
        """Train in place from `training.step` to `stop`, recording the points on the way.

        Returns False, with `training.step` at the update that did it, once the loss that the next update
        would start from is not a finite number.
        """
        ...


@dataclass(frozen=True)
class Engine:
    """A way to train, and what has to be known to choose it. All engines do the same arithmetic."""

    title: str
    choice: str
    """What it is called where it is chosen."""
    train: Train
    trains: Callable[[str, bool], bool]
    """Whether it can, given the optimizer's name and whether the task has a compiled loop."""
    pytorch_bits: bool
    """Whether its results are PyTorch's own to the bit."""
    max_steps: int
    """Of a job, and below, on a Space, where many share two cores."""
    max_steps_on_space: int
    step_overhead_ns: int
    """About what a step takes beside its multiplications."""
    describe: Callable[[Training], Description] | None = None
    """The training, for a browser that is to run it itself; None where no browser can."""


def finite(loss: float | None) -> float | None:
    """The loss, or None if it is not a finite number."""
    return None if loss is None or not isfinite(loss) else loss


def aligned_zeros(count: int) -> Floats:
    """An array that begins at a cache line, for lanes that cross one take longer to load."""
    numbers_per_line = CACHE_LINE_BYTES // 4
    room = np.zeros(count + numbers_per_line, np.float32)
    begin = -room.ctypes.data % CACHE_LINE_BYTES // 4
    return room[begin : begin + count]


def epochs_per_block(count: int) -> int:
    """How many epochs of `count` examples are ordered at a time."""
    return max(1, ORDERED_EXAMPLES // count)


def epoch_orders(config: TrainingConfig, count: int, block: int) -> NDArray[np.int64]:
    """The orders of the examples in a block of epochs, one row each.

    A function of its arguments alone, so that a run can be cut anywhere. Orders are drawn many at a
    time, because starting a generator takes longer than ordering a few examples.
    """
    orders = np.tile(np.arange(count), (epochs_per_block(count), 1))
    if config.order == "shuffled":
        np.random.default_rng([config.data_seed, block]).permuted(orders, axis=1, out=orders)
    return orders
