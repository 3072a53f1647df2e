"""What every engine shares: a run in the middle, the order of its examples, and what it records."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from service.records import Point, TrainingConfig
from service.tasks.base import Examples

MOST_POINTS = 500


@dataclass
class Run:
    """A training run standing after `step` updates of `module`, on its way to `target_step`.

    An engine trains `module` and `optimizer` in place, counts `step`, and appends to `points`.
    """

    module: nn.Module
    optimizer: torch.optim.Optimizer
    loss: Callable[[Tensor, Tensor], Tensor]
    examples: Examples
    config: TrainingConfig
    start_step: int
    target_step: int
    step: int
    points: list[Point] = field(default_factory=list)

    def mean_loss(self) -> float:
        """The mean over all examples of the sum of squared errors, in float64.

        For one example it is the lab's loss. float64, so that it stays finite as long as the outputs do.
        """
        with torch.no_grad():
            errors = (self.module(self.examples.inputs) - self.examples.targets).double()
        return float((errors**2).sum() / len(self.examples))

    def next_record(self) -> int:
        """The first step after `step` to record: multiples of a stride from the start, and the last."""
        stride = -(-(self.target_step - self.start_step) // (MOST_POINTS - 1))
        done = (self.step - self.start_step) // stride
        return min(self.start_step + (done + 1) * stride, self.target_step)


class Engine(Protocol):
    """A way to run the training loop; all engines do the same arithmetic."""

    def __call__(self, run: Run, stop: int) -> bool:
        """Train `run` in place from `run.step` to `stop`, recording the points on the way.

        Returns False, with `run.step` at the update that did it, once the loss that the next update
        would start from is not a finite number.
        """
        ...


def epoch_order(config: TrainingConfig, count: int, epoch: int) -> NDArray[np.int64]:
    """The order of `count` examples in an epoch: a function of (data_seed, epoch), nothing else."""
    if config.order == "sequential":
        return np.arange(count)
    return np.random.default_rng([config.data_seed, epoch]).permutation(count)
