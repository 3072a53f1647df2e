"""The reference engine: the lab's loop, literally, on torch.autograd and torch.optim."""

from collections.abc import Iterator
from itertools import chain, count, cycle, islice
from math import isfinite

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from service.engines.base import Run, epoch_orders, epochs_per_block

Batch = tuple[Tensor, Tensor]


def train(run: Run, stop: int) -> bool:
    """Backprop, Optimize, Reset, one batch after another; see `engines.base.Engine`."""
    upcoming = batches(run)
    records = run.records(stop)
    for bound in sorted({*records, stop}):
        run.step += repeat(run, islice(upcoming, bound - run.step))
        if run.step < bound:
            return False
        if bound in records:
            run.record(bound, run.mean_loss(), run.held_out_loss())
    with torch.no_grad():
        inputs, targets = next(upcoming)
        return isfinite(run.loss(run.module(inputs), targets).item())


def repeat(run: Run, upcoming: Iterator[Batch]) -> int:
    """The lab's loop over the upcoming batches.

    Returns how many updates were made: all, or those before a loss that was not finite.
    """
    forward, optimizer, loss_function = run.module.forward, run.optimizer, run.loss
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


def batches(run: Run) -> Iterator[Batch]:
    """The batches from `run.step` on, for ever.

    With batch_size 1 a batch is one example, a 1-D vector as in the lab; else it is 2-D, and the last
    batch of an epoch may be smaller, as in torch.utils.data.DataLoader.
    """
    size, examples = run.config.batch_size, run.examples
    epoch, position = divmod(run.step, -(-len(examples) // size))

    def of_epoch(order: NDArray[np.int64]) -> list[Batch]:
        if size == 1:
            return [examples.pairs[index] for index in order.tolist()]
        chosen = torch.from_numpy(order)
        inputs, targets = examples.inputs[chosen], examples.targets[chosen]
        return list(zip(inputs.split(size), targets.split(size), strict=True))

    if run.config.order == "sequential":
        each = of_epoch(np.arange(len(examples)))
        return chain(each[position:], cycle(each))
    first_block, row = divmod(epoch, epochs_per_block(len(examples)))
    blocks = (epoch_orders(run.config, len(examples), block) for block in count(first_block))
    epochs = map(of_epoch, islice(chain.from_iterable(blocks), row, None))
    return islice(chain.from_iterable(epochs), position, None)
