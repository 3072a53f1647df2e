"""Controls read what they show."""

from hypothesis import given
from hypothesis import strategies as st

from ui.fields import exact
from ui.parsing import parse_numbers


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=5))
def test_numbers_shown_are_read_back_to_the_bit(numbers: list[float]) -> None:
    assert parse_numbers(", ".join(map(exact, numbers)), "start") == numbers


def test_whole_numbers_are_shown_plainly() -> None:
    assert [exact(value) for value in (3.0, -4.5, 1e-6, 3)] == ["3", "-4.5", "1e-06", "3"]
