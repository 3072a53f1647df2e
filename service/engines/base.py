"""What every engine shares: a run in the middle, the order of its examples, and what it records."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from math import isfinite
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from service.records import Point, TrainingConfig

MOST_POINTS = 500
BLOCK = 4096


@dataclass(frozen=True)
class Examples:
    """What a run learns from: `inputs` of shape (n, inputs) and `targets`, n rows in the same order."""

    inputs: Tensor
    targets: Tensor

    def __len__(self) -> int:
        return len(self.inputs)

    @cached_property
    def pairs(self) -> list[tuple[Tensor, Tensor]]:
        """The examples one by one, as (input, target)."""
        return list(zip(self.inputs.unbind(), self.targets.unbind(), strict=True))


@dataclass
class Run:
    """A training run standing after `step` updates of `module`, on its way to `target_step`.

    An engine trains `module` and `optimizer` in place, counts `step`, and appends to `points`.
    """

    module: nn.Module
    optimizer: torch.optim.Optimizer
    loss: Callable[[Tensor, Tensor], Tensor]
    examples: Examples
    """Those to train on."""
    held_out: Examples
    """Those kept out of training; there may be none."""
    config: TrainingConfig
    start_step: int
    target_step: int
    step: int
    points: list[Point] = field(default_factory=list)

    def mean_loss(self) -> float:
        """The mean over the training examples of the sum of squared errors, in float64.

        For one example it is the lab's loss. float64, so that it stays finite as long as the outputs do.
        """
        return self._mean_loss_of(self.examples)

    def held_out_loss(self) -> float | None:
        """The same over the examples held out; None if there are none."""
        return self._mean_loss_of(self.held_out) if len(self.held_out) else None

    def _mean_loss_of(self, examples: Examples) -> float:
        with torch.no_grad():
            errors = (self.module(examples.inputs) - examples.targets).double()
        return errors.square_().sum().item() / len(examples)

    def records(self, stop: int) -> list[int]:
        """The steps to record after `step` and up to `stop`: every so many from the start, and the last."""
        stride = -(-(self.target_step - self.start_step) // (MOST_POINTS - 1))
        done = (self.step - self.start_step) // stride
        steps = list(
            range(self.start_step + (done + 1) * stride, min(stop, self.target_step - 1) + 1, stride)
        )
        return [*steps, stop] if stop == self.target_step > self.step else steps

    def record(self, step: int, loss: float, held_out_loss: float | None) -> None:
        """Note the mean losses after `step` updates, if that of training is a finite number."""
        if isfinite(loss):
            self.points.append(Point(step=step, loss=loss, held_out_loss=finite(held_out_loss)))


class Engine(Protocol):
    """A way to run the training loop; all engines do the same arithmetic."""

    def __call__(self, run: Run, stop: int) -> bool:
        """Train `run` in place from `run.step` to `stop`, recording the points on the way.

        Returns False, with `run.step` at the update that did it, once the loss that the next update
        would start from is not a finite number.
        """
        ...


def finite(loss: float | None) -> float | None:
    """The loss, or None if it is not a finite number."""
    return None if loss is None or not isfinite(loss) else loss


def epochs_per_block(count: int) -> int:
    """How many epochs of `count` examples are ordered at a time."""
    return max(1, BLOCK // count)


def epoch_orders(config: TrainingConfig, count: int, block: int) -> NDArray[np.int64]:
    """The orders of the examples in a block of epochs, one row each.

    A function of its arguments alone, so that a run can be cut anywhere. Orders are drawn many at a
    time, because starting a generator takes longer than ordering a few examples.
    """
    orders = np.tile(np.arange(count), (epochs_per_block(count), 1))
    if config.order == "shuffled":
        np.random.default_rng([config.data_seed, block]).permuted(orders, axis=1, out=orders)
    return orders
