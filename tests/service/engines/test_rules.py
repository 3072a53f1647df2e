"""The powers of Adam's betas: correctly rounded, and the same wherever a run was cut."""

from decimal import Context, Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from numba import njit
from numpy.typing import NDArray

from service.engines import rules
from service.engines.rules import ANCHOR, LARGEST_STEP_COUNT

BASE = st.sampled_from([0.0, 0.5, 0.9, 0.999]) | st.floats(0, 1, exclude_max=True)
# Near 1, where a power of many factors is still a number that counts.
NEAR_1 = st.floats(1e-9, 1e-2).map(lambda gap: 1 - gap)
SMALL = 1e-30
"""1 minus it is 1, so Adam cannot tell it from any smaller power."""


@njit
def power(base: float, exponent: int) -> float:
    return rules.power(base, exponent)[0]


@njit
def powers(base: float, first: int, count: int) -> NDArray[np.float64]:
    """The powers from `first` on as pairs of numbers, each got from the one before it."""
    found = np.empty((count, 2))
    pair = rules.power(base, first)
    for index in range(count):
        found[index, 0], found[index, 1] = pair
        pair = rules.next_power(base, first + index + 1, pair)
    return found


class TestPower:
    @given(BASE | NEAR_1, st.integers(0, 3 * ANCHOR))
    @example(0.999, ANCHOR - 1)
    @example(0.999, ANCHOR)
    @example(0.999, ANCHOR + 1)
    def test_it_is_correctly_rounded(self, base: float, exponent: int) -> None:
        expected = float(Fraction(base) ** exponent)
        if expected > SMALL:
            assert power(base, exponent) == expected
        else:
            assert 0 <= power(base, exponent) <= 1.01 * SMALL

    @given(NEAR_1, st.integers(0, LARGEST_STEP_COUNT))
    def test_so_it_is_for_the_largest_counts(self, base: float, exponent: int) -> None:
        expected = float(Context(prec=60).power(Decimal(base), exponent))
        if expected > SMALL:
            assert power(base, exponent) == expected
        else:
            assert 0 <= power(base, exponent) <= 1.01 * SMALL


class TestNextPower:
    @given(BASE | NEAR_1, st.integers(0, 3 * ANCHOR), st.integers(1, 50))
    @example(0.999, ANCHOR - 20, 40)
    @example(1 - 1e-7, 1000 * ANCHOR - 20, 40)
    def test_it_is_what_power_gives_to_the_bit(self, base: float, first: int, count: int) -> None:
        for exponent, found in enumerate(powers(base, first, count), start=first):
            afresh = powers(base, exponent, 1)[0]
            assert (found == afresh).all() or max(found[0], afresh[0]) < SMALL

    @pytest.mark.parametrize("base", [0.0, 0.3, 0.9])
    def test_what_is_too_small_to_count_becomes_0(self, base: float) -> None:
        assert powers(base, 0, 1000)[-1].tolist() == [0, 0]
