"""Micrograd: reverse-mode differentiation of single numbers, in a hundred lines of Python."""

from functools import partial
from importlib import import_module
from itertools import cycle, islice, pairwise
from typing import Any

import torch
from torch import Tensor, nn

from benchmarks.peers.base import Training, warm
from benchmarks.rows import Row
from service.networks import LatentProduct, MyNetwork


def micrograd(row: Row, steps: int) -> Training | None:
    """Micrograd: a scalar at a time, in Python."""
    if row.batch_size > 1:
        return None
    value, layer = import_module("micrograd.engine").Value, import_module("micrograd.nn").Layer
    examples, module = row.examples(), row.module()
    pairs = list(zip(examples.inputs.tolist(), examples.targets.tolist(), strict=True))

    if isinstance(module, LatentProduct):
        parameters = [value(parameter.item()) for parameter in module.parameters()]
        loss_at = partial(_product_loss, parameters)
    else:
        assert isinstance(module, MyNetwork)
        shapes = list(pairwise(module.widths))
        relu = [module.activation == "relu"] * (len(shapes) - 1) + [False]
        layers = [layer(*shape, nonlin=each) for shape, each in zip(shapes, relu, strict=True)]
        parameters = [parameter for each in layers for parameter in each.parameters()]
        first = torch.cat([_rows(linear) for linear in module.children()]).tolist()
        for parameter, number in zip(parameters, first, strict=True):
            parameter.data = number
        loss_at = partial(_network_loss, layers)

    def train(steps: int) -> None:
        for vector, desired in islice(cycle(pairs), steps):
            loss_at(vector, desired).backward()
            for parameter in parameters:
                parameter.data -= row.learning_rate * parameter.grad
                parameter.grad = 0

    return warm(train, steps)


def _rows(linear: nn.Module) -> Tensor:
    """The numbers of a layer in micrograd's order: output by output, the weights and then the bias."""
    weight, bias = linear.parameters()
    return torch.cat([weight, bias[:, None]], dim=1).flatten()


def _product_loss(parameters: list[Any], _: list[float], target: float) -> Any:
    return (target - parameters[0] * parameters[1]) ** 2


def _network_loss(layers: list[Any], vector: list[Any], desired: list[float]) -> Any:
    for layer in layers:
        vector = layer(vector)
    return sum((output - number) ** 2 for output, number in zip(vector, desired, strict=True))
