"""Libraries that bring the training loop along: skorch and Lightning."""

import logging
import warnings
from functools import partial
from importlib import import_module
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, TensorDataset

from benchmarks.peers.base import WARM_UP, Training, warm
from benchmarks.rows import Row


class TaskLoss(nn.Module):
    """The task's loss as a module, which is how skorch wants it."""

    def __init__(self, row: Row) -> None:
        super().__init__()
        self._loss = row.task.loss

    def forward(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """The scalar to take to 0."""
        return self._loss(outputs, targets).sum()


def _one_epoch(row: Row, steps: int) -> tuple[Tensor, Tensor]:
    # The examples again and again, as one long epoch: what a library does between epochs is not counted.
    examples, rows = row.examples(), steps * row.batch_size
    chosen = torch.arange(rows) % len(examples)
    return examples.inputs[chosen], examples.targets[chosen]


def skorch(row: Row, steps: int) -> Training:
    """A skorch regressor, without validation and callbacks."""
    net = import_module("skorch").NeuralNetRegressor(
        row.module(),
        criterion=TaskLoss(row),
        optimizer=torch.optim.SGD,
        lr=row.learning_rate,
        batch_size=row.batch_size,
        max_epochs=1,
        train_split=None,
        callbacks="disable",
        verbose=0,
    )
    net.partial_fit(*_one_epoch(row, WARM_UP))
    return partial(net.partial_fit, *_one_epoch(row, steps))


def lightning(row: Row, steps: int) -> Training:
    """A Lightning trainer in its `barebones` mode: no logger, no checkpoints, no progress bar."""
    pl = import_module("lightning.pytorch")
    logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)

    class Learner(pl.LightningModule):
        """The row's module, as Lightning wants it."""

        def __init__(self) -> None:
            super().__init__()
            self.inner = row.module()
            self.loss = TaskLoss(row)

        def training_step(self, batch: Any, _index: int) -> Tensor:
            """The loss of a batch."""
            inputs, targets = batch
            return self.loss(self.inner(inputs), targets)

        def configure_optimizers(self) -> torch.optim.Optimizer:
            """Plain SGD."""
            return torch.optim.SGD(self.inner.parameters(), lr=row.learning_rate)

    learner = Learner()

    def train(steps: int) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # advice on workers and logging
            loader = DataLoader(TensorDataset(*_one_epoch(row, steps)), batch_size=row.batch_size)
            trainer = pl.Trainer(max_steps=steps, accelerator="cpu", barebones=True)
            trainer.fit(learner, loader)

    return warm(train, steps)
