"""Which networks are chains of linear layers, and which only look like it."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from service.networks import MyNetwork
from service.sandbox.chains import chain_of

FORWARDS: dict[str, Callable[[Any, Tensor], Tensor]] = {
    "plain": lambda self, x: self.m2(self.m1(x)),
    "relu": lambda self, x: self.m2(torch.relu(self.m1(x))),
    "functional": lambda self, x: self.m2(nn.functional.relu(self.m1(x))),
    "method": lambda self, x: self.m2(self.m1(x).tanh()),
    "residual": lambda self, x: self.m2(self.m1(x)) + x.sum(),
    "branch": lambda self, x: self.m2(self.m1(x)) if x[0] > 0 else self.m2(self.m1(-x)),
    "last": lambda self, x: torch.relu(self.m2(torch.relu(self.m1(x)))),
    "scaled": lambda self, x: self.m2(self.m1(x * 2)),
    "other": lambda self, x: self.m2(torch.sigmoid(self.m1(x))),
}


def _with_layers(self: Any) -> None:
    nn.Module.__init__(self)
    self.m1, self.m2 = nn.Linear(3, 8), nn.Linear(8, 5)


def written(forward: str) -> nn.Module:
    """A network as learners write it."""
    return type("MyNetwork", (nn.Module,), {"__init__": _with_layers, "forward": FORWARDS[forward]})()


@pytest.mark.parametrize(
    ("module", "widths", "activation"),
    [
        (nn.Linear(3, 5), (3, 5), "none"),
        (nn.Sequential(nn.Linear(3, 8), nn.ReLU(), nn.Linear(8, 5)), (3, 8, 5), "relu"),
        (nn.Sequential(nn.Linear(3, 2), nn.Identity(), nn.Linear(2, 5)), (3, 2, 5), "none"),
        (MyNetwork(3, 2, 5), (3, 2, 5), "none"),
        (MyNetwork(3, 4, 4, 5, activation="tanh"), (3, 4, 4, 5), "tanh"),
        (written("plain"), (3, 8, 5), "none"),
        (written("relu"), (3, 8, 5), "relu"),
        (written("functional"), (3, 8, 5), "relu"),
        (written("method"), (3, 8, 5), "tanh"),
    ],
)
def test_a_chain_is_told_by_what_its_forward_does(
    module: nn.Module, widths: tuple[int, ...], activation: str
) -> None:
    chain = chain_of(module)
    assert chain is not None
    assert (chain.widths, chain.activation) == (widths, activation)
    assert torch.equal(chain(torch.ones(3)), module(torch.ones(3)))


@pytest.mark.parametrize("forward", ["residual", "branch", "last", "scaled", "other"])
def test_what_does_something_else_is_none(forward: str) -> None:
    assert chain_of(written(forward)) is None


class Counting(nn.Module):
    """One that changes its ways after it was traced."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(3, 5)
        self.calls = 0

    def forward(self, x: Tensor) -> Tensor:
        self.calls += 1
        return self.layer(x) if self.calls < 5 else self.layer(x) * 2


@pytest.mark.parametrize(
    "module",
    [
        Counting(),
        nn.Linear(3, 5).double(),
        nn.Sequential(nn.Linear(3, 5), nn.Dropout(0.5), nn.Linear(5, 5)),
        nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 4), nn.Tanh(), nn.Linear(4, 5)),
        nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 4), nn.Linear(4, 5)),
        nn.Sequential(),
        nn.ModuleList([nn.Linear(3, 5)]),
    ],
    ids=lambda module: type(module).__name__,
)
def test_what_only_looks_like_one_is_none(module: nn.Module) -> None:
    assert chain_of(module) is None
