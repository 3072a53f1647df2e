"""The ritual in every order, and without Reset: each program run as it stands, for real."""

import struct
from dataclasses import dataclass
from itertools import permutations

import torch

from service.lessons.ritual import ARRIVED_STEPS, RitualOptions, checked_steps, same, tolerance

ORDERS = tuple("".join(order) for order in permutations("BOR"))
MAX_STEPS = 3000


@dataclass(frozen=True)
class Trajectory:
    """How a program went: the product before the first step and after each."""

    name: str
    products: tuple[float, ...]
    end: tuple[float, float]
    """The two numbers after the last step."""
    updates: int
    """How many of the steps changed them."""
    arrived: bool
    """Whether the product was at the target, within `tolerance`, after each of the last steps."""
    error: str | None = None
    """torch's own words, if it raised; the step that did is the last."""

    def same_as(self, other: "Trajectory") -> bool:
        """Whether all numbers are the same to the bit."""
        return _bits(self) == _bits(other)


def race(options: RitualOptions, steps: int) -> list[Trajectory]:
    """The lab's loop with Backprop, Optimize and Reset in each of their six orders."""
    return [trajectory(order, options, steps, order) for order in ORDERS]


def never_reset(options: RitualOptions, steps: int) -> tuple[Trajectory, Trajectory]:
    """The loop without Reset, and the whole loop with SGD's momentum at 1: the same, to the bit."""
    return (
        trajectory("never Reset", options, steps, "BO"),
        trajectory("Reset, with momentum=1.0", options, steps, "BOR", momentum=1.0),
    )


def downhill(options: RitualOptions, steps: int) -> Trajectory:
    """The loop with `loss = var_1 * var_2` itself, which has no lowest value."""
    return trajectory("loss = var_1 * var_2", options, steps, "BOR", square=False)


def trajectory(
    name: str, options: RitualOptions, steps: int, order: str, momentum: float = 0.0, square: bool = True
) -> Trajectory:
    """The loop with its presses in `order`; its loss is the product itself unless `square`.

    Raises InvalidInput.
    """
    checked_steps(steps, MAX_STEPS)
    var_1, var_2 = (torch.tensor(value, requires_grad=True) for value in options.start)
    my_sgd = torch.optim.SGD([var_1, var_2], lr=options.learning_rate, momentum=momentum)
    products = [(var_1 * var_2).item()]
    updates, error = 0, None
    for _ in range(steps):
        before = var_1.item(), var_2.item()
        my_latent_value = var_1 * var_2
        loss = (options.target - my_latent_value) ** 2 if square else my_latent_value
        actions = {"B": loss.backward, "O": my_sgd.step, "R": my_sgd.zero_grad}
        try:
            for letter in order:
                actions[letter]()
        except RuntimeError as raised:
            error = str(raised)
        updates += not same((var_1.item(), var_2.item()), before)
        products.append((var_1 * var_2).item())
        if error is not None:
            break
    arrived = all(
        abs(product - options.target) <= tolerance(options) for product in products[1:][-ARRIVED_STEPS:]
    )
    return Trajectory(name, tuple(products), (var_1.item(), var_2.item()), updates, arrived, error)


def _bits(course: Trajectory) -> bytes:
    return struct.pack(f"{len(course.products) + 2}d", *course.products, *course.end)
