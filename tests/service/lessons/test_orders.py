"""The ritual in other orders: which learn, which stand still in silence, which raise."""

from typing import Any

import pytest

from service import InvalidInput
from service.lessons import ORDERS, Course, RitualOptions, downhill, explore, never_reset, race
from service.lessons.rates import Outcome, curvature
from tests.conftest import message_of

OPTIONS = RitualOptions()


@pytest.fixture(scope="module")
def courses() -> dict[str, Course]:
    return {course.name: course for course in race(OPTIONS, 100)}


class TestOrders:
    def test_all_six_are_run(self, courses: dict[str, Course]) -> None:
        assert tuple(courses) == ORDERS
        assert len(set(ORDERS)) == 6

    def test_bor_and_rbo_are_the_same_to_the_bit(self, courses: dict[str, Course]) -> None:
        assert courses["BOR"].products == courses["RBO"].products
        assert courses["BOR"].products[-1] == pytest.approx(15, abs=1e-3)

    @pytest.mark.parametrize("order", ["BRO", "OBR", "ROB"])
    def test_three_never_move_and_say_nothing(self, courses: dict[str, Course], order: str) -> None:
        course = courses[order]
        assert (set(course.products), course.updates, course.error) == ({12.0}, 0, None)

    def test_orb_makes_one_update_and_then_raises(self, courses: dict[str, Course]) -> None:
        course = courses["ORB"]
        assert course.updates == 1
        assert "modified by an inplace operation" in (course.error or "")


class TestNeverReset:
    def test_it_is_momentum_1_to_the_bit(self) -> None:
        one, other = never_reset(OPTIONS, 200)
        assert one.products == other.products
        assert one.end == other.end

    def test_the_product_swings_for_ever(self) -> None:
        later = never_reset(OPTIONS, 1000)[0].products[1:]
        assert (min(later), max(later)) == (pytest.approx(11.94, abs=0.01), pytest.approx(18.05, abs=0.02))
        last = later[-100:]
        assert max(last) - min(last) > 5


def test_a_loss_that_is_not_squared_passes_0() -> None:
    products = downhill(OPTIONS, 2000).products
    assert products[0] == 12
    assert products[-1] == pytest.approx(-39964, abs=1)


class TestRates:
    def test_below_the_limit_it_converges_above_it_bounces_or_explodes(self) -> None:
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

    def test_each_rate_is_a_training_of_its_own(self) -> None:
        rates = explore(OPTIONS, 50)
        for index in (0, 60, 120, 150):
            options = RitualOptions(learning_rate=rates.learning_rates[index])
            course = next(course for course in race(options, 50) if course.name == "BOR")
            assert rates.losses[index] == pytest.approx((15 - course.products[-1]) ** 2, rel=1e-3, abs=1e-9)

    def test_the_curvature_is_that_of_the_hessian(self) -> None:
        # At a minimum the Hessian is 2 * [[b * b, a * b], [a * b, a * a]]: its eigenvalues are 0 and
        # 2 * (a * a + b * b).
        assert curvature((3.0, 5.0), 15.0) == pytest.approx(2 * (9 + 25))


@pytest.mark.parametrize("steps", [0, 3001, 1.5, "9", True])
@pytest.mark.parametrize("run", [race, never_reset, downhill, explore])
def test_a_bad_number_of_steps_is_named(run: Any, steps: Any) -> None:
    message = message_of(lambda: run(OPTIONS, steps), InvalidInput)
    assert message.startswith("steps must be a whole number from 1 to 3,000; got ")
