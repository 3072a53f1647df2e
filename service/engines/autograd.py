"""The reference engine: the lab's loop, literally, on torch.autograd and torch.optim."""

from collections.abc import Iterator
from itertools import chain, count, cycle, islice
from math import isfinite

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from service.engines.base import Engine, Training, epoch_orders, epochs_per_block

Batch = tuple[Tensor, Tensor]


def train(training: Training, stop: int) -> bool:
    """Backprop, Optimize, Reset, one batch after another; see `engines.base.Train`."""
    upcoming = batches(training)
    records = training.records(stop)
    for bound in sorted({*records, stop}):
        training.step += repeat(training, islice(upcoming, bound - training.step))
        if training.step < bound:
            return False
        if bound in records:
            training.record(bound, training.mean_loss(), training.held_out_loss())
    with torch.no_grad():
        inputs, targets = next(upcoming)
        return isfinite(training.loss(training.module(inputs), targets).item())


def repeat(training: Training, upcoming: Iterator[Batch]) -> int:
    """The lab's loop over the upcoming batches.

    Returns how many updates were made: all, or those before a loss that was not finite.
    """
    forward, optimizer, loss_function = training.module.forward, training.optimizer, training.loss
    done = 0
    for inputs, targets in upcoming:
        loss = loss_function(forward(inputs), targets)
        if not isfinite(loss.item()):
            break
        loss.backward()  # Backprop
        optimizer.step()  # Optimize
        optimizer.zero_grad()  # Reset
        done += 1
    return done


def batches(training: Training) -> Iterator[Batch]:
    """The batches from `training.step` on, for ever.

    With batch_size 1 a batch is one example, a 1-D vector as in the lab; else it is 2-D, and the last
    batch of an epoch may be smaller, as in torch.utils.data.DataLoader.
    """
    size, examples = training.config.batch_size, training.examples
    epoch, position = divmod(training.step, training.batches_per_epoch)

    def of_epoch(order: NDArray[np.int64]) -> list[Batch]:
        if size == 1:
            return [examples.pairs[index] for index in order.tolist()]
        chosen = torch.from_numpy(order)
        inputs, targets = examples.inputs[chosen], examples.targets[chosen]
        return list(zip(inputs.split(size), targets.split(size), strict=True))

    if training.config.order == "sequential":
        each = of_epoch(np.arange(len(examples)))
        return chain(each[position:], cycle(each))
    first_block, row = divmod(epoch, epochs_per_block(len(examples)))
    blocks = (epoch_orders(training.config, len(examples), block) for block in count(first_block))
    epochs = map(of_epoch, islice(chain.from_iterable(blocks), row, None))
    return islice(chain.from_iterable(epochs), position, None)


ENGINE = Engine(
    title="PyTorch",
    choice="PyTorch, step by step",
    train=train,
    trains=lambda _optimizer, _kernel: True,
    pytorch_bits=True,
    max_steps=10_000_000,
    max_steps_on_space=200_000,
    step_overhead_ns=100_000,
)
