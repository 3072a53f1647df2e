"""The ritual, one press at a time: Forward, Backprop, Optimize and Reset, in any order and number.

The bench is the lab's program, `var_1 * var_2` to the target, standing still between its lines. It
holds no state: a bench is its options and the presses so far, and is run afresh from the first one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from pydantic import Field
from torch import Tensor

from service.errors import InvalidInput
from service.records import Real
from service.tasks.product import ProductOptions

PRESSES = {"F": "Forward", "B": "Backprop", "O": "Optimize", "R": "Reset"}
MAX_PRESSES = 3000
ARRIVED_WITHIN = 1e-4
ARRIVED_STEPS = 20
"""A training has arrived if the product was so close to the target, relative to it, in so many last steps."""


class RitualOptions(ProductOptions):
    """Where the bench starts, and how it is run."""

    learning_rate: Real = Field(default=3e-3, gt=0, le=1000, description="a number above 0 and at most 1000")
    fresh: bool = Field(default=True, description="true or false")
    """Whether Backprop runs Forward first, as every round of the lab's loop does."""


@dataclass(frozen=True)
class Node:
    """A number in the graph of the loss, with the gradient of the loss by it."""

    name: str
    operation: str
    """What made it, as torch calls it: a `grad_fn`, AccumulateGrad for a leaf; or "constant"."""
    value: float
    grad: float | None
    parents: tuple[str, ...]


@dataclass(frozen=True)
class Moment:
    """The bench after a press."""

    press: str
    """A letter of PRESSES, or "" for the beginning."""
    ran_forward: bool
    """Whether this Backprop ran Forward first."""
    nodes: dict[str, Node]
    """var_1, var_2, my_latent_value, target, difference and loss."""
    changed: frozenset[str]
    """What the press changed: "var_1", "var_1.grad" and so on."""
    stale: bool
    """Whether the loss was computed from values that have changed since."""
    updates: int
    """How many times Optimize has changed the two numbers."""
    product: float
    """var_1 * var_2 as they now stand."""
    added: dict[str, float]
    """What this Backprop has added to var_1.grad and var_2.grad, by the number's name."""
    error: str | None
    """torch's own words, if it raised: the two numbers and their gradients then are as they were."""


def checked_steps(steps: int, most: int) -> int:
    """`steps`, if a lesson runs that many. Raises InvalidInput."""
    if isinstance(steps, bool) or not isinstance(steps, int) or not 1 <= steps <= most:
        raise InvalidInput("steps", steps, f"a whole number from 1 to {most:,}")
    return steps


def tolerance(options: RitualOptions) -> float:
    """How close to the target the product has to be to count as there: ARRIVED_WITHIN times the target.

    Where the target is 0, it is ARRIVED_WITHIN times the first product.
    """
    return ARRIVED_WITHIN * abs(options.target or options.start[0] * options.start[1])


def same(ones: Sequence[float | None], others: Sequence[float | None]) -> bool:
    """Whether the numbers are the same, in their order; NaN is the same as NaN."""
    return len(ones) == len(others) and all(
        one == other or (one != one and other != other) for one, other in zip(ones, others, strict=True)
    )


class _Bench:
    """The live tensors of the lab's program."""

    def __init__(self, options: RitualOptions) -> None:
        self.options = options
        self.var_1, self.var_2 = (torch.tensor(value, requires_grad=True) for value in options.start)
        self.my_sgd = torch.optim.SGD([self.var_1, self.var_2], lr=options.learning_rate)
        self.forward()

    def forward(self) -> None:
        self.my_latent_value = self.var_1 * self.var_2
        self.difference = self.options.target - self.my_latent_value
        self.loss = self.difference**2
        for tensor in (self.my_latent_value, self.difference, self.loss):
            tensor.retain_grad()
        self.made_from = self.values()

    def values(self) -> tuple[float, float]:
        return self.var_1.item(), self.var_2.item()

    def product(self) -> float:
        return (self.var_1 * self.var_2).item()

    def press(self, letter: str) -> None:
        if letter == "F" or (letter == "B" and self.options.fresh):
            self.forward()
        if letter == "B":
            self.loss.backward()
        elif letter == "O":
            self.my_sgd.step()
        elif letter == "R":
            self.my_sgd.zero_grad()

    def added(self) -> dict[str, float]:
        """What a Backprop that did not raise has just added to the gradients, as autograd multiplies it."""
        slope = self.my_latent_value.grad
        assert slope is not None
        factors = {"var_1": self.var_2, "var_2": self.var_1}
        return {name: (slope * factor).item() for name, factor in factors.items()}

    def nodes(self) -> dict[str, Node]:
        """The graph, read from the loss's own chain of `grad_fn`."""
        tensors: dict[str, Tensor] = {
            name: getattr(self, name) for name in ("var_1", "var_2", "my_latent_value", "difference", "loss")
        }
        names: dict[Any, str] = {
            tensor.grad_fn: name for name, tensor in tensors.items() if tensor.grad_fn is not None
        }
        found: dict[str, Node] = {}
        upcoming: list[Any] = [self.loss.grad_fn]
        while upcoming:
            function = upcoming.pop(0)
            leaf = getattr(function, "variable", None)
            name = names[function] if leaf is None else "var_1" if leaf is self.var_1 else "var_2"
            parents = [parent for parent, _ in function.next_functions if parent is not None]
            upcoming += parents
            tensor = tensors[name]
            found[name] = Node(
                name=name,
                operation=function.name().rpartition("::")[2],
                value=tensor.item(),
                grad=None if tensor.grad is None else tensor.grad.item(),
                parents=tuple(
                    names.get(parent) or ("var_1" if parent.variable is self.var_1 else "var_2")
                    for parent in parents
                ),
            )
        found["target"] = Node("target", "constant", self.options.target, None, ())
        return found


def press_through(options: RitualOptions, presses: str) -> list[Moment]:
    """The bench at its beginning and after each press. Raises InvalidInput for an invalid press."""
    strange = presses.strip("".join(PRESSES))
    if strange or len(presses) > MAX_PRESSES:
        raise InvalidInput("presses", presses, f"at most {MAX_PRESSES} letters, each of F, B, O, R")
    bench = _Bench(options)
    moments = [Moment("", False, bench.nodes(), frozenset(), False, 0, bench.product(), {}, None)]
    for letter in presses:
        before, error = moments[-1], None
        was = bench.values()
        try:
            bench.press(letter)
        except RuntimeError as raised:
            error = str(raised)
        nodes = bench.nodes()
        moments.append(
            Moment(
                press=letter,
                ran_forward=letter == "B" and options.fresh,
                nodes=nodes,
                changed=_changed(before.nodes, nodes),
                stale=not same(bench.values(), bench.made_from),
                updates=before.updates + (not same(bench.values(), was)),
                product=bench.product(),
                added=bench.added() if letter == "B" and error is None else {},
                error=error,
            )
        )
    return moments


def _changed(before: dict[str, Node], after: dict[str, Node]) -> frozenset[str]:
    values = {name for name, node in after.items() if not same([node.value], [before[name].value])}
    grads = {f"{name}.grad" for name, node in after.items() if not same([node.grad], [before[name].grad])}
    return frozenset(values | grads)
