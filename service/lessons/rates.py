"""Learning rates for the product: what each comes to, and the limit that the curvature sets."""

from dataclasses import dataclass
from enum import StrEnum
from math import isfinite

import torch
from torch import Tensor

from service.lessons.ritual import RitualOptions, checked_steps

LOWEST, HIGHEST = 1e-4, 1.0
COUNT = 241
MOST_STEPS = 3000
CLOSE = 1e-6
LAST = 20


class Outcome(StrEnum):
    """How a training ends."""

    converges = "converges"
    slow = "is still on its way"
    bounces = "bounces"
    explodes = "explodes"


@dataclass(frozen=True)
class Rates:
    """The loss after `steps` steps for every learning rate, and why it is what it is."""

    steps: int
    learning_rates: tuple[float, ...]
    losses: tuple[float | None, ...]
    """None where it is not a finite number."""
    outcomes: tuple[Outcome, ...]
    minimum: tuple[float, float] | None
    """The two numbers that the lowest learning rate to converge ends at."""
    curvature: float | None
    """The largest curvature there: the Hessian's largest eigenvalue, and 2 over it is the limit there."""
    least_curvature: float
    """The least that any minimum has; 2 over it is the limit anywhere."""


def explore(options: RitualOptions, steps: int) -> Rates:
    """Train once for every learning rate from 1e-4 to 1, all side by side in one pair of tensors.

    Each entry of the tensors is a training of its own: a sum has every summand's own gradient.
    Raises InvalidInput.
    """
    checked_steps(steps, MOST_STEPS)
    rates = torch.logspace(torch.tensor(LOWEST).log10().item(), torch.tensor(HIGHEST).log10().item(), COUNT)
    var_1, var_2 = (torch.full((COUNT,), value, requires_grad=True) for value in options.start)
    last: list[Tensor] = []
    for step in range(steps + 1):
        losses = (options.target - var_1 * var_2) ** 2
        if step >= steps - LAST:
            last.append(losses.detach())
        if step < steps:
            gradients = torch.autograd.grad(losses.sum(), (var_1, var_2))
            with torch.no_grad():
                for variable, gradient in zip((var_1, var_2), gradients, strict=True):
                    variable -= rates * gradient
    outcomes = _outcomes(torch.stack(last))
    converged = [index for index, outcome in enumerate(outcomes) if outcome is Outcome.converges]
    minimum = (var_1[converged[0]].item(), var_2[converged[0]].item()) if converged else None
    root = abs(options.target) ** 0.5
    return Rates(
        steps=steps,
        learning_rates=tuple(rates.tolist()),
        losses=tuple(loss if isfinite(loss) else None for loss in last[-1].tolist()),
        outcomes=outcomes,
        minimum=minimum,
        curvature=None if minimum is None else curvature(minimum, options.target),
        least_curvature=curvature((root, root if options.target >= 0 else -root), options.target),
    )


def curvature(at: tuple[float, float], target: float) -> float:
    """The largest eigenvalue of the Hessian of (target - var_1 * var_2) ** 2.

    Near a minimum, gradient descent multiplies the distance along an eigenvector by
    1 - learning_rate * eigenvalue, so it is stable only where learning_rate < 2 / eigenvalue.
    """

    def loss(point: Tensor) -> Tensor:
        return (target - point[0] * point[1]) ** 2

    hessian = torch.autograd.functional.hessian(loss, torch.tensor(at, dtype=torch.float64))
    assert isinstance(hessian, Tensor)
    return torch.linalg.eigvalsh(hessian).max().item()


def _outcomes(losses: Tensor) -> tuple[Outcome, ...]:
    """The outcome of each column; the rows are the losses of the last steps."""
    rising = (losses[1:] > losses[:-1]).any(0).tolist()
    outcomes: list[Outcome] = []
    for final, rose in zip(losses[-1].tolist(), rising, strict=True):
        if not isfinite(final):
            outcomes.append(Outcome.explodes)
        elif final < CLOSE:
            outcomes.append(Outcome.converges)
        else:
            outcomes.append(Outcome.bounces if rose else Outcome.slow)
    return tuple(outcomes)
