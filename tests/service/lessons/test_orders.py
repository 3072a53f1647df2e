"""The ritual in other orders: which learn, which stand still in silence, which raise."""

from math import isnan
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service import ORDERS, InvalidInput, RitualOptions, Trajectory, downhill, explore, never_reset, race
from tests.conftest import message_of
from tests.service.lessons import odd

OPTIONS = RitualOptions()


@pytest.fixture(scope="module")
def courses() -> dict[str, Trajectory]:
    return {course.name: course for course in race(OPTIONS, 100)}


class TestOrders:
    def test_all_six_are_run(self, courses: dict[str, Trajectory]) -> None:
        assert tuple(courses) == ORDERS
        assert len(set(ORDERS)) == 6

    def test_bor_and_rbo_are_the_same_to_the_bit(self, courses: dict[str, Trajectory]) -> None:
        assert courses["BOR"].products == courses["RBO"].products
        assert courses["BOR"].products[-1] == pytest.approx(15, abs=1e-3)

    @pytest.mark.parametrize("order", ["BRO", "OBR", "ROB"])
    def test_three_never_move_and_say_nothing(self, courses: dict[str, Trajectory], order: str) -> None:
        course = courses[order]
        assert (set(course.products), course.updates, course.error) == ({12.0}, 0, None)

    def test_orb_makes_one_update_and_then_raises(self, courses: dict[str, Trajectory]) -> None:
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


class TestOddSettings:
    @settings(max_examples=40)
    @given(odd.options, st.integers(1, 15))
    def test_never_resetting_is_momentum_1_wherever_it_starts(
        self, options: RitualOptions, steps: int
    ) -> None:
        one, other = never_reset(options, steps)
        assert one.same_as(other)
        assert repr(one.products) == repr(other.products)

    @settings(max_examples=40)
    @given(odd.options, st.integers(1, 15))
    def test_two_orders_are_one_and_three_never_move(self, options: RitualOptions, steps: int) -> None:
        courses = {course.name: course for course in race(options, steps)}
        assert courses["BOR"].same_as(courses["RBO"])
        for order in ("BRO", "OBR", "ROB"):
            assert (courses[order].updates, courses[order].error) == (0, None)
        assert (courses["ORB"].error is None) == (steps == 1)
        assert courses["ORB"].updates <= 1

    def test_numbers_that_are_nan_have_stopped_changing(self) -> None:
        course = next(iter(race(RitualOptions(learning_rate=1.0), 100)))
        assert course.name == "BOR"
        assert isnan(course.end[0])
        assert course.updates < 20
        assert not course.arrived


@pytest.mark.parametrize("steps", [0, 3001, 1.5, "9", True])
@pytest.mark.parametrize("run", [race, never_reset, downhill, explore])
def test_a_bad_number_of_steps_is_named(run: Any, steps: Any) -> None:
    message = message_of(lambda: run(OPTIONS, steps), InvalidInput)
    assert message.startswith("steps must be a whole number from 1 to 3,000; got ")
