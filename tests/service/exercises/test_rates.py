"""The largest learning rate that arrives: there is one, and the program is run with more to see it."""

import pytest
import torch

from service.exercises import EXERCISES
from service.exercises.rates import LARGER
from tests.service.exercises.judging import verdict_on

LARGEST_RATE = EXERCISES["largest"]


def with_rate(rate: float) -> str:
    return LARGEST_RATE.start.replace("lr=3e-3", f"lr={rate}")


def arriving(rates: torch.Tensor) -> torch.Tensor:
    """For each learning rate, whether it arrives, trained side by side."""
    var_1, var_2 = torch.full_like(rates, 3.0), torch.full_like(rates, 4.0)
    losses: list[torch.Tensor] = []
    for _ in range(100):
        difference = 15 - var_1 * var_2
        losses.append(difference**2)
        var_1, var_2 = var_1 + rates * 2 * difference * var_2, var_2 + rates * 2 * difference * var_1
    return ((var_1 * var_2 - 15).abs() <= 0.01) & (torch.stack(losses[-10:]) <= 0.01).all(0)


def test_the_rates_that_arrive_are_one_interval() -> None:
    rates = torch.logspace(-4, 0, 40_001)
    arrived = arriving(rates)
    first, last = arrived.nonzero().flatten()[[0, -1]].tolist()
    assert arrived[first : last + 1].all()
    assert 0.0318 < rates[last] < 0.032


@pytest.mark.parametrize("rate", [0.0305, 0.031, 0.0319])
def test_the_largest_to_within_five_percent_passes(rate: float) -> None:
    verdict = verdict_on(LARGEST_RATE, with_rate(rate))
    assert verdict.passed
    assert verdict.said == f"A learning rate of {rate} arrives, and {rate * LARGER:.5g} does not."


@pytest.mark.parametrize("rate", [0.001, 0.01, 0.03])
def test_a_smaller_one_hears_of_a_larger(rate: float) -> None:
    verdict = verdict_on(LARGEST_RATE, with_rate(rate))
    assert not verdict.passed
    assert verdict.said == f"A learning rate of {rate} arrives, but so does {rate * LARGER:.5g}."


@pytest.mark.parametrize("rate", [0.0005, 0.0322, 0.05, 0.0562, 1.0])
def test_one_that_does_not_arrive_hears_where_it_came_to(rate: float) -> None:
    verdict = verdict_on(LARGEST_RATE, with_rate(rate))
    assert not verdict.passed
    assert verdict.said.startswith(f"A learning rate of {rate:.5g} does not arrive.")


@pytest.mark.parametrize(
    ("was", "becomes", "words"),
    [
        ("tensor(3.0", "tensor(3.5", "The first loss is 1, not 9"),
        ("range(100)", "range(1000)", "100 rounds of one optimizer"),
        ("lr=0.0315)", "lr=0.0315)\nmy_sgd = SGD([var_1, var_2], lr=0.0315)", "100 rounds of one optimizer"),
    ],
)
def test_nothing_else_may_change(was: str, becomes: str, words: str) -> None:
    verdict = verdict_on(LARGEST_RATE, LARGEST_RATE.solution.replace(was, becomes))
    assert not verdict.passed
    assert words in verdict.said
