"""Every learning rate at once: what is said of them, against trainings that are run one by one."""

from itertools import pairwise
from math import hypot, isfinite

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from service import ARRIVED_STEPS, Outcome, RitualOptions, Start, explore, race
from service.lessons.rates import curvature
from tests.service.lessons import odd

OPTIONS = RitualOptions()


def test_below_the_limit_it_converges_above_it_bounces_or_explodes() -> None:
    rates = explore(OPTIONS, 3000)
    assert rates.curvature is not None
    limit = 2 / rates.curvature
    assert rates.least_curvature == pytest.approx(60)
    assert limit <= 1 / 30
    for rate, outcome in zip(rates.learning_rates, rates.outcomes, strict=True):
        if 1e-3 < rate < 0.95 * limit:
            assert outcome is Outcome.converges, rate
        if 0.0345 < rate < 0.06:
            assert outcome is Outcome.bounces, rate
        if rate >= 0.066:
            assert outcome is Outcome.explodes, rate


def products(options: RitualOptions, learning_rate: float, steps: int) -> list[float]:
    """The lab's loop, with its learning rate in float32, as one tensor of many holds it."""
    var_1, var_2 = (torch.tensor(value, requires_grad=True) for value in options.start)
    found = [(var_1 * var_2).item()]
    for _ in range(steps):
        gradients = torch.autograd.grad((options.target - var_1 * var_2) ** 2, (var_1, var_2))
        with torch.no_grad():
            for variable, gradient in zip((var_1, var_2), gradients, strict=True):
                variable -= torch.tensor(learning_rate) * gradient
        found.append((var_1 * var_2).item())
    return found


def test_each_rate_is_a_training_of_its_own() -> None:
    rates = explore(OPTIONS, 50)
    for index in (0, 60, 120, 150):
        product = products(OPTIONS, rates.learning_rates[index], 50)[-1]
        assert rates.losses[index] == pytest.approx((15 - product) ** 2, rel=1e-5, abs=1e-9)


@settings(max_examples=40)
@given(odd.options, st.integers(1, 60), st.integers(0, 240))
def test_an_outcome_says_how_the_last_steps_went(options: RitualOptions, steps: int, index: int) -> None:
    rates = explore(options, steps)
    found = products(options, rates.learning_rates[index], steps)[-ARRIVED_STEPS - 1 :]
    off = [abs(torch.tensor(options.target) - torch.tensor(product)).item() for product in found]
    rose = any(later > earlier for earlier, later in pairwise(off))
    fell = any(later < earlier for earlier, later in pairwise(off))
    if not isfinite(off[-1]):
        expected = Outcome.explodes
    elif all(distance <= rates.tolerance for distance in off[1:]):
        expected = Outcome.converges
    else:
        expected = {
            (False, False): Outcome.level,
            (False, True): Outcome.falls,
            (True, False): Outcome.rises,
            (True, True): Outcome.bounces,
        }[rose, fell]
    assert rates.outcomes[index] is expected


@settings(max_examples=40)
@given(odd.options)
def test_a_start_that_decides_for_all_learning_rates_does(options: RitualOptions) -> None:
    start = explore(options, 1).start
    course = next(course for course in race(options, 12) if course.name == "BOR")
    if start in (Start.minimum, Start.saddle):
        assert course.updates == 0
    if start is Start.minimum:
        assert course.arrived
    if start is Start.mirrored:
        assert not any(product * options.target > 0 for product in course.products)


@pytest.mark.parametrize(
    ("start", "target", "kind"),
    [
        ((3, 4), 15, Start.free),
        ((3, 5), 15, Start.minimum),
        ((0, 4), 0, Start.minimum),
        ((0, 0), 0, Start.minimum),
        ((0, 0), 15, Start.saddle),
        ((0, 0), 3.4e38, Start.free),
        ((3, -3), 15, Start.mirrored),
        ((3, 3), 15, Start.free),
        ((3, 3), -15, Start.mirrored),
        ((3, 3), 0, Start.free),
    ],
)
def test_the_starts_by_hand(start: tuple[float, float], target: float, kind: Start) -> None:
    assert explore(RitualOptions(start=start, target=target), 1).start is kind


@given(st.floats(0.01, 100), st.sampled_from([15.0, -15.0, 1e-3, 1e6]), st.floats(1.05, 50))
def test_above_the_limit_every_minimum_pushes_away_what_comes_near(
    var_1: float, target: float, times: float
) -> None:
    var_2 = target / var_1
    curved = 2 * (var_1**2 + var_2**2)
    least = explore(RitualOptions(target=target), 1).least_curvature
    assert curvature((var_1, var_2), target) == pytest.approx(curved)
    assert curved >= least * (1 - 1e-9)
    rate, size = times * 2 / least, hypot(var_1, var_2)
    near = 1e-7 * size  # along the steepest way, (var_2, var_1)
    one, other = var_1 + near * var_2 / size, var_2 + near * var_1 / size
    pull = 2 * rate * (target - one * other)
    assert hypot(one + pull * other - var_1, other + pull * one - var_2) > near


def test_the_curvature_is_that_of_the_hessian() -> None:
    # At a minimum the Hessian is 2 * [[b * b, a * b], [a * b, a * a]]: its eigenvalues are 0 and
    # 2 * (a * a + b * b).
    assert curvature((3.0, 5.0), 15.0) == pytest.approx(2 * (9 + 25))
