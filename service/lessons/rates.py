"""Learning rates for the product: what each comes to, and the limit that the curvature sets."""

from dataclasses import dataclass
from enum import StrEnum
from math import isfinite

import torch
from torch import Tensor

from service.lessons.ritual import ARRIVED_STEPS, RitualOptions, checked_steps, tolerance

LOWEST_RATE, HIGHEST_RATE = 1e-4, 1.0
RATE_COUNT = 241
MAX_STEPS = 3000


class Outcome(StrEnum):
    """How the last steps of a training went."""

    converges = "converges"
    falls = "still falls"
    level = "stays level"
    bounces = "bounces"
    rises = "rises"
    explodes = "explodes"


class Start(StrEnum):
    """What a start means for all learning rates together."""

    free = "free"
    minimum = "minimum"
    """The product is the target: both gradients are 0."""
    saddle = "saddle"
    """(0, 0), where both gradients are 0 and the product is not the target."""
    mirrored = "mirrored"
    """One number is the other one, or its negative, so that the product keeps the sign that the target does
    not have. Every step treats the two alike, so it stays so."""


@dataclass(frozen=True)
class Rates:
    """The loss after `steps` steps for every learning rate, and why it is what it is."""

    options: RitualOptions
    steps: int
    start: Start
    learning_rates: tuple[float, ...]
    losses: tuple[float | None, ...]
    """None where it is not a finite number."""
    outcomes: tuple[Outcome, ...]
    minimum: tuple[float, float] | None
    """The two numbers that the lowest learning rate to converge ends at, if the start is free."""
    curvature: float | None
    """The largest curvature there: the Hessian's largest eigenvalue, and 2 over it is the limit there."""
    least_curvature: float
    """The least that any minimum has; above 2 over it, every minimum pushes away what comes near."""
    tolerance: float
    """How close to the target the product of a training that converges is."""


def explore(options: RitualOptions, steps: int) -> Rates:
    """Train once for every learning rate from 1e-4 to 1, all side by side in one pair of tensors.

    Each entry of the tensors is a training of its own: a sum has every summand's own gradient.
    Raises InvalidInput.
    """
    checked_steps(steps, MAX_STEPS)
    rates = torch.logspace(
        torch.tensor(LOWEST_RATE).log10().item(), torch.tensor(HIGHEST_RATE).log10().item(), RATE_COUNT
    )
    var_1, var_2 = (torch.full((RATE_COUNT,), value, requires_grad=True) for value in options.start)
    start = _start(var_1[0].item(), var_2[0].item(), options.target)
    last: list[Tensor] = []
    losses = torch.empty(0)
    for step in range(steps + 1):
        differences = options.target - var_1 * var_2
        losses = differences**2
        if step >= steps - ARRIVED_STEPS:
            last.append(differences.detach().abs())
        if step < steps:
            gradients = torch.autograd.grad(losses.sum(), (var_1, var_2))
            with torch.no_grad():
                for variable, gradient in zip((var_1, var_2), gradients, strict=True):
                    variable -= rates * gradient
    outcomes = _outcomes(torch.stack(last), tolerance(options))
    converged = [index for index, outcome in enumerate(outcomes) if outcome is Outcome.converges]
    minimum = None
    if converged and start is Start.free:
        minimum = var_1[converged[0]].item(), var_2[converged[0]].item()
    root = abs(options.target) ** 0.5
    return Rates(
        options=options,
        steps=steps,
        start=start,
        learning_rates=tuple(rates.tolist()),
        losses=tuple(loss if isfinite(loss) else None for loss in losses.tolist()),
        outcomes=outcomes,
        minimum=minimum,
        curvature=None if minimum is None else curvature(minimum, options.target),
        least_curvature=curvature((root, root if options.target >= 0 else -root), options.target),
        tolerance=tolerance(options),
    )


def _start(var_1: float, var_2: float, target: float) -> Start:
    at = torch.tensor(target)
    if (at - torch.tensor(var_1) * torch.tensor(var_2)).item() == 0:
        return Start.minimum
    if var_1 == var_2 == 0:
        # Where the slope overflows, 0 times it is not 0 but NaN.
        return Start.saddle if isfinite((2 * at).item()) else Start.free
    if at.item() != 0 and var_1 == (-var_2 if target > 0 else var_2):
        return Start.mirrored
    return Start.free


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


def _outcomes(differences: Tensor, close: float) -> tuple[Outcome, ...]:
    """The outcome of each column; the rows are how far the product was from the target in the last steps."""
    rose = (differences[1:] > differences[:-1]).any(0).tolist()
    fell = (differences[1:] < differences[:-1]).any(0).tolist()
    there = (differences[1:] <= close).all(0).tolist()
    outcomes: list[Outcome] = []
    for final, up, down, arrived in zip(differences[-1].tolist(), rose, fell, there, strict=True):
        if not isfinite(final):
            outcomes.append(Outcome.explodes)
        elif arrived:
            outcomes.append(Outcome.converges)
        else:
            outcomes.append(MOVED[up, down])
    return tuple(outcomes)


MOVED = {
    (False, False): Outcome.level,
    (False, True): Outcome.falls,
    (True, False): Outcome.rises,
    (True, True): Outcome.bounces,
}
"""The outcome by whether the loss rose, and whether it fell, in the last steps."""
