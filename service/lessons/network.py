"""nn.Linear and nn.Module, taken apart: every weight, every product and every sum on the way."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch

from service.data.vectors import parse_vectors
from service.networks import MyNetwork
from service.tasks.network import NetworkOptions
from service.torch_state import drawn, one_thread
from service.training.requests import checked_seed


@dataclass(frozen=True)
class Layer:
    """One nn.Linear with what went in and what came out."""

    name: str
    weight: tuple[tuple[float, ...], ...]
    """outputs x inputs."""
    bias: tuple[float, ...]
    inputs: tuple[float, ...]
    products: tuple[tuple[float, ...], ...]
    """`weight[j][i] * inputs[i]`."""
    sums: tuple[float, ...]
    """What torch's layer gives: the row's products and the bias added up."""
    outputs: tuple[float, ...]
    """The sums after the activation, if one follows."""


@dataclass(frozen=True)
class Dissection:
    """A MyNetwork at its first weights, and a vector followed through it."""

    printed: str
    """The module as `print` shows it."""
    layers: tuple[Layer, ...]
    activation: str
    parameters: tuple[tuple[str, tuple[int, ...]], ...]
    """Name and shape of everything in parameters(), in its order."""
    answer: str
    """The output as `print` shows it, without gradients."""

    @property
    def count(self) -> int:
        """How many numbers the optimizer may change."""
        return sum(len(layer.bias) * (len(layer.inputs) + 1) for layer in self.layers)


def dissect(hidden: Sequence[int], activation: str, seed: int, vector: Sequence[float]) -> Dissection:
    """MyNetwork(3, *hidden, 5) with the weights of `seed`, applied to `vector`. Raises InvalidInput."""
    options = NetworkOptions.parse({"hidden": list(hidden), "activation": activation})
    (checked,) = parse_vectors([list(vector)], 3)
    one_thread()
    network = drawn(
        lambda: MyNetwork(3, *options.hidden, 5, activation=options.activation), checked_seed(seed)
    )
    with torch.no_grad():
        layers = tuple(
            Layer(
                name=each.name,
                weight=_rows(each.layer.weight),
                bias=tuple(each.layer.bias.tolist()),
                inputs=tuple(each.inputs.tolist()),
                products=_rows(each.layer.weight * each.inputs),
                sums=tuple(each.sums.tolist()),
                outputs=tuple(each.outputs.tolist()),
            )
            for each in network.walk(torch.tensor(checked))
        )
        answer = repr(network(torch.tensor(checked)))
    return Dissection(
        printed=repr(network),
        layers=layers,
        activation=activation,
        parameters=tuple((name, tuple(each.shape)) for name, each in network.named_parameters()),
        answer=answer,
    )


def _rows(matrix: torch.Tensor) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(row) for row in matrix.tolist())
