"""Numbers on their way in: what is read, how to write what is not, and what float32 would change."""

import math
import unicodedata
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.numbers import FLOAT32_END, FLOAT32_MAX, ascii_digits, float32_change, read_number, spelled

finite = st.floats(allow_nan=False, allow_infinity=False)
DIGITS = "\u0660\u06f0\u0966\uff10"
"""The digit 0 in Arabic, Persian, Devanagari and full-width."""


class TestReading:
    @given(st.integers(-(10**300), 10**300) | finite, st.sampled_from([repr, "{:+}".format, " {} ".format]))
    def test_what_python_writes_is_read_back(self, number: float, form: Callable[[float], str]) -> None:
        assert read_number(form(number)) == number

    @given(st.integers(0, 10**6), st.sampled_from(DIGITS), st.sampled_from("-\u2212\u2013\uff0d"))
    def test_every_script_has_digits_and_every_minus_is_one(self, number: int, zero: str, minus: str) -> None:
        written = "".join(chr(ord(zero) + int(digit)) for digit in str(number))
        assert read_number(minus + written) == -number

    @pytest.mark.parametrize(
        ("text", "number"),
        [("1.000", 1), ("1_000", 1000), ("-1_234_567.5", -1234567.5), ("007", 7), (".5", 0.5), ("5.", 5), ("1E5", 1e5)],
    )  # fmt: skip
    def test_odd_but_clear(self, text: str, number: float) -> None:
        assert read_number(text) == number

    @pytest.mark.parametrize(
        "text",
        ["", " ", "-", ".", "e5", "1e", "nan", "inf", "-Infinity", "1_0", "_1", "1__000", "0x10", "1,5", "1 000",
         "1'000", "1/2", "50%", "$5", "²", "10²", "½", "--1", "1.2.3", "1d5", "(1)", "True", "1\n2"],
    )  # fmt: skip
    def test_whatever_else_python_or_people_call_a_number_is_not_read(self, text: str) -> None:
        assert read_number(text) is None

    @given(st.text(max_size=12) | st.text("0123456789.,-+eE_ '%/x\u2212", max_size=12))
    def test_nothing_is_read_otherwise_than_python_reads_it(self, text: str) -> None:
        number = read_number(text)
        if number is not None:
            assert float(ascii_digits(text)) == pytest.approx(number, abs=1e-300)
            assert not math.isnan(number)

    def test_only_a_zero_is_read_as_zero(self) -> None:
        assert read_number("0e-999") == read_number("-0.000") == 0
        assert read_number("1e-400") == -(read_number("-0.1e-999") or 0) == 5e-324
        assert read_number("9" * 5000) == math.inf


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1,5", ", written as 1.5"),
        ("-0,002", ", written as -0.002"),
        ("1,5e3", ", written as 1.5e3"),
        ("1,234", ", written as 1234 or as 1.234"),
        ("1.000", ", written as 1000 or as 1"),
        ("1,000,000", ", written as 1000000"),
        ("1.234,5", ", written as 1234.5"),
        ("1,234.5", ", written as 1234.5"),
        ("10 000", ", written as 10000"),
        ("1\u00a0000", ", written as 1000"),
        ("1\u202f000", ", written as 1000"),
        ("1'000", ", written as 1000"),
        ("\u22121 000", ", written as -1000"),
        ("50%", ", written as 0.5"),
        ("10 %", ", written as 0.1"),
        ("1,5%", ", written as 0.015"),
        ("1/2", ", written as 0.5"),
        ("0x10", ", written as 16"),
        ("$5", ", written as 5"),
        ("5 €", ", written as 5"),
        ("1,000 €", ", written as 1000 or as 1"),
        *[(text, "") for text in ("", "%", "$", "1", "1.5", "0.500", "1e5", "1/0", "fast", "0x", "1,2,3", "nan%")],
        ("1" * 100_000 + "%", ""),
    ],
)  # fmt: skip
def test_numbers_for_people_are_spelled_for_programs(text: str, words: str) -> None:
    assert spelled(text) == words


@given(st.text(max_size=20) | st.text("0123456789.,-+eE_ '%/x$", max_size=12))
def test_what_is_spelled_can_be_read(text: str) -> None:
    for written in spelled(text).replace(", written as ", "").split(" or as "):
        assert written == "" or read_number(written) is not None


class TestFloat32:
    @given(st.floats(width=32) | st.integers(-(2**24), 2**24))
    def test_what_float32_holds_it_does_not_change(self, number: float) -> None:
        assert float32_change(number) is None

    @given(st.floats(1e-30, 1e30))
    def test_decimals_are_rounded_and_that_is_no_change(self, number: float) -> None:
        if not number.is_integer():
            assert float32_change(number) is None

    @given(st.integers(-(2**127), 2**127))
    def test_integers_are_held_or_said_to_become_others(self, number: int) -> None:
        there = int(np.float32(number))
        assert float32_change(number) == (None if there == number else str(there))

    @given(st.integers(-(2**53), 2**53))
    def test_a_whole_float_is_an_integer(self, number: int) -> None:
        assert float32_change(float(number)) == float32_change(number)

    @given(finite)
    def test_nothing_becomes_zero_or_loses_its_digits(self, number: float) -> None:
        if float32_change(number) is None and abs(number) <= FLOAT32_MAX:
            assert abs(float(np.float32(number)) - number) <= 2**-24 * abs(number)

    @pytest.mark.parametrize(
        ("number", "change"),
        [(16777217, "16777216"), (16777217.0, "16777216"), (-16777219, "-16777220"), (1e-60, "0"), (-1e-60, "0"),
         (1e-45, "1.401298464324817e-45"), (5e-324, "0"), (10**30, "1000000015047466219876688855040")],
    )  # fmt: skip
    def test_what_becomes_of_the_others(self, number: float, change: str) -> None:
        assert float32_change(number) == change

    @pytest.mark.parametrize(
        "number", [0.1, -0.0, 1e30, 3.4028235e38, FLOAT32_END, -FLOAT32_END, math.inf, math.nan, 10**400]
    )
    def test_of_these_it_says_nothing(self, number: float) -> None:
        assert float32_change(number) is None

    def test_where_its_range_ends(self) -> None:
        with np.errstate(over="ignore"):
            assert np.float32(np.nextafter(FLOAT32_END, 0)) == np.float32(FLOAT32_MAX)
            assert np.isinf(np.float32(FLOAT32_END))


def test_full_width_characters_are_those_of_ascii() -> None:
    for code in range(0xFF01, 0xFF5F):
        assert ascii_digits(chr(code)) == unicodedata.normalize("NFKC", chr(code))
