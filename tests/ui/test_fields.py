"""Controls read what they show."""

from hypothesis import given
from hypothesis import strategies as st

from ui.components.numbers import exact
from ui.fields import number
from ui.parsing import parse_numbers


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=5))
def test_numbers_shown_are_read_back_to_the_bit(numbers: list[float]) -> None:
    assert parse_numbers(", ".join(map(exact, numbers)), "start") == numbers


@given(st.floats(allow_nan=False, allow_infinity=False) | st.integers())
def test_a_number_shown_is_read_back_to_the_bit(value: float) -> None:
    field = number("Target", 15, "model")
    assert field.read(field.show(value)) == field.read(value) == value


@given(st.integers())
def test_a_whole_number_shown_is_read_back(value: int) -> None:
    field = number("Steps", 15, "training", whole=True)
    assert field.read(field.show(value)) == field.read(value) == value


def test_what_is_typed_reaches_the_service_as_it_was_meant_or_as_it_was_typed() -> None:
    share, count = number("Share", 0, "training"), number("How many", 1000, "training", whole=True)
    assert [share.read(text) for text in ("0.25", "0,25", "\u22120.5", "")] == [0.25, "0,25", -0.5, ""]
    assert [count.read(text) for text in ("1,000", "1.000", "1 000")] == [1000, "1.000", "1 000"]
    assert (share.component.value, count.component.value) == ("0", "1000")  # pyright: ignore[reportAttributeAccessIssue]


def test_whole_numbers_are_shown_plainly() -> None:
    assert [exact(value) for value in (3.0, -4.5, 1e-6, 3)] == ["3", "-4.5", "1e-06", "3"]
