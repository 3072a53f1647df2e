"""Which network a program made: a chain of linear layers, read from what its forward does."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import torch
from torch import Tensor, fx, nn

Step = nn.Linear | str
"""A layer, or the name of an activation."""

ACTIVATIONS: dict[Any, str] = {
    each: name
    for name, called in {
        "relu": (nn.ReLU, torch.relu, nn.functional.relu, "relu"),
        "tanh": (nn.Tanh, torch.tanh, nn.functional.tanh, "tanh"),
    }.items()
    for each in called
}
"""By the type of a module, a function, or the name of a tensor's method."""
TRIALS = 64
"""Vectors on which a chain has to answer as its network, to the bit."""


class Chain(NamedTuple):
    """Linear layers one after another, with the same activation between all of them."""

    layers: list[nn.Linear]
    activation: str

    @property
    def widths(self) -> tuple[int, ...]:
        """How many numbers go into the first layer, and how many come out of each."""
        return (self.layers[0].in_features, *(layer.out_features for layer in self.layers))

    def __call__(self, x: Tensor) -> Tensor:
        """What the chain answers."""
        for layer in self.layers[:-1]:
            x = layer(x)
            x = x if self.activation == "none" else getattr(torch, self.activation)(x)
        return self.layers[-1](x)


def chain_of(module: nn.Module) -> Chain | None:
    """The chain that the module is, or None if it is none.

    Its forward is traced once (https://docs.pytorch.org/docs/stable/fx.html), which raises where what it does
    depends on the numbers; and then both have to give the same bits for many vectors.
    """
    # Whatever a stranger's forward raises when it is traced: it is no chain.
    try:
        steps = list(_steps(module))
        chain = _chain(steps)
        if chain is not None and _agree(module, chain):
            return chain
    except Exception:
        return None
    return None


def _steps(module: nn.Module) -> Iterator[Step]:
    """What is done to the one input, in order. Raises _NoChainError."""
    if isinstance(module, nn.Linear):
        yield module
        return
    graph = fx.Tracer().trace(module)
    at: fx.Node | None = None
    for node in graph.nodes:
        if node.op == "placeholder":
            if at is not None:
                raise _NoChainError
        elif node.op == "output":
            if node.args[0] is not at:
                raise _NoChainError
        elif node.op == "get_attr" or not node.args or node.args[0] is not at:
            raise _NoChainError
        else:
            yield from _OPERATIONS[node.op](module, node)
        at = node


def _of_module(module: nn.Module, node: fx.Node) -> Iterator[Step]:
    called = module.get_submodule(str(node.target))
    if isinstance(called, nn.Linear):
        yield called
    elif not isinstance(called, nn.Identity):
        yield ACTIVATIONS[type(called)]


def _of_function(_module: nn.Module, node: fx.Node) -> Iterator[Step]:
    if len(node.args) > 1:
        raise _NoChainError
    yield ACTIVATIONS[node.target]


_OPERATIONS: dict[str, Callable[[nn.Module, fx.Node], Iterator[Step]]] = {
    "call_module": _of_module,
    "call_function": _of_function,
    "call_method": _of_function,
}


class _NoChainError(Exception):
    """The module is something else than a chain."""


def _chain(steps: list[Step]) -> Chain | None:
    layers = [step for step in steps if isinstance(step, nn.Linear)]
    between = {step for step in steps if isinstance(step, str)}
    activation = next(iter(between), "none")
    alternating: list[Step] = []
    for layer in layers:
        alternating += [layer] if activation == "none" else [layer, activation]
    if activation != "none":
        alternating.pop()
    same = len(alternating) == len(steps) and all(
        a is b or a == b for a, b in zip(alternating, steps, strict=True)
    )
    float32 = all(each.dtype == torch.float32 for layer in layers for each in layer.parameters())
    return Chain(layers, activation) if layers and same and float32 else None


def _agree(module: nn.Module, chain: Chain) -> bool:
    with torch.no_grad():
        vectors = 10 * torch.sin(torch.arange(1.0, 1 + TRIALS * chain.widths[0])).reshape(TRIALS, -1)
        return all(_same_bits(module(vector), chain(vector)) for vector in vectors)


def _same_bits(one: Tensor, other: Tensor) -> bool:
    return one.dtype == other.dtype and torch.equal(one.view(torch.int32), other.view(torch.int32))
