"""The two things the lab trains: a product of two numbers, and a network of linear layers."""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import torch
from torch import Tensor, nn

ACTIVATIONS: dict[str, Callable[[Tensor], Tensor] | None] = {
    "none": None,
    "relu": torch.relu,
    "tanh": torch.tanh,
}


class LatentProduct(nn.Module):
    """The lab's first latent value, var_1 * var_2, with both numbers free to change."""

    def __init__(self, var_1: float = 3.0, var_2: float = 4.0) -> None:
        super().__init__()
        self.var_1 = nn.Parameter(torch.tensor(float(var_1)))
        self.var_2 = nn.Parameter(torch.tensor(float(var_2)))
        # A tuple, because looking a parameter up in a Module takes as long as adding two numbers.
        self._factors = (self.var_1, self.var_2)

    def forward(self, _inputs: Tensor | None = None) -> Tensor:
        """The product, a scalar. There is no input: the two numbers are the whole network."""
        var_1, var_2 = self._factors
        return var_1 * var_2


class LayerPass(NamedTuple):
    """What a layer of a network makes of what it is given."""

    name: str
    layer: nn.Linear
    inputs: Tensor
    sums: Tensor
    outputs: Tensor
    """The sums after the activation, if one follows."""


class MyNetwork(nn.Module):
    """Linear layers m1, m2, ... from widths[0] to widths[-1], with an activation between them.

    `MyNetwork(3, 2, 5)` is the lab's 3 -> 2 -> 5; `MyNetwork(3, 5)` is one nn.Linear(3, 5). The
    activation (a name in ACTIVATIONS) stands after every layer but the last.
    """

    def __init__(self, *widths: int, activation: str = "none") -> None:
        super().__init__()
        self.widths = widths
        self.activation = activation
        self._activation = ACTIVATIONS[activation]
        layers = [nn.Linear(*pair) for pair in pairwise(widths)]
        for number, layer in enumerate(layers, start=1):
            self.add_module(f"m{number}", layer)
        # A tuple, because walking self.children() in every forward pass would cost more than the pass.
        self._layers = tuple(layers)

    def walk(self, x: Tensor) -> Iterator[LayerPass]:
        """`forward`, layer by layer."""
        for name, layer in self.named_children():
            assert isinstance(layer, nn.Linear)
            sums = layer(x)
            last = layer is self._layers[-1]
            passed = sums if last or self._activation is None else self._activation(sums)
            yield LayerPass(name, layer, x, sums, passed)
            x = passed

    def forward(self, x: Tensor) -> Tensor:
        """Map x, of shape (..., widths[0]), to shape (..., widths[-1])."""
        for layer in self._layers[:-1]:
            x = layer(x)
            if self._activation is not None:
                x = self._activation(x)
        return self._layers[-1](x)


def network_source(widths: Sequence[int], activation: str) -> str:
    """The lab's MyNetwork with these layers."""
    names = [f"self.m{number}" for number in range(1, len(widths))]
    layers = "".join(
        f"        {name} = nn.Linear({inputs}, {outputs})\n"
        for name, (inputs, outputs) in zip(names, pairwise(widths), strict=True)
    )
    calls = [f"{name}(x)" for name in names]
    if activation != "none":
        calls[:-1] = [f"torch.{activation}({call})" for call in calls[:-1]]
    forward = "".join(f"        x = {call}\n" for call in calls)
    return (
        "class MyNetwork(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        f"{layers}\n    def forward(self, x):\n{forward}        return x\n"
    )
