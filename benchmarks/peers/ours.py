"""The lab's loop, with and without torch.compile, and this project's engines."""

import os
from collections.abc import Callable
from itertools import cycle, islice
from typing import Any

import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from benchmarks.peers.base import WARM_UP, Training, warm
from benchmarks.rows import Row
from service.networks import LatentProduct
from service.training.advance import advance

LossAt = Callable[[Tensor, Tensor], Tensor]


def lab_loop(row: Row, steps: int) -> Training:
    """The lab's loop, line by line."""
    module = row.module()
    return warm(_loop(row, module, _loss_at(row, module)), steps)


def lab_parameters(row: Row, steps: int) -> list[NDArray[Any]]:
    """Where the lab's loop takes the parameters in so many steps."""
    module = row.module()
    _loop(row, module, _loss_at(row, module))(steps)
    return [parameter.detach().numpy() for parameter in module.parameters()]


def torch_compiled(row: Row, steps: int) -> Training:
    """The lab's loop with the forward pass and the loss compiled by torch.compile."""
    os.environ.setdefault("TORCHINDUCTOR_COMPILE_THREADS", "1")  # else processes that warm up meanwhile
    torch.compiler.reset()
    module = row.module()
    return warm(_loop(row, module, torch.compile(_loss_at(row, module), dynamic=False)), steps)


def _loop(row: Row, module: nn.Module, loss_at: LossAt) -> Callable[[int], None]:
    batches = row.batches()
    my_sgd = torch.optim.SGD(module.parameters(), lr=row.learning_rate)

    def train(steps: int) -> None:
        for my_input, my_desired_output in islice(cycle(batches), steps):
            loss = loss_at(my_input, my_desired_output)
            loss.backward()
            my_sgd.step()
            my_sgd.zero_grad()

    return train


def _loss_at(row: Row, module: nn.Module) -> LossAt:
    if isinstance(module, LatentProduct):
        var_1, var_2 = module.var_1, module.var_2
        ((_, desired),) = row.batches()
        target = desired.item()  # a number, as the lab writes it: (15 - my_latent_value) ** 2
        return lambda _, __: (target - var_1 * var_2) ** 2
    if row.batch_size == 1:
        return lambda given, desired: torch.sum((module(given) - desired) ** 2)
    return lambda given, desired: torch.sum((module(given) - desired) ** 2) / len(given)


def engine(name: str, row: Row, steps: int) -> Training:
    """An engine of this project, from one checkpoint to the next, with its recorded points."""
    advance(row.work(name, WARM_UP), WARM_UP)
    work = row.work(name, steps)

    def train() -> None:
        end = advance(work, steps)
        assert end.step == steps, f"the run ended at step {end.step}"

    return train
