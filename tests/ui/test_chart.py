"""Axes, and what is left out of a curve that has more points than a panel."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.components.chart import MAX_CURVE_POINTS, linear_axis, log_axis, thin


@given(st.lists(st.integers(), min_size=1, max_size=2000))
def test_thinning_keeps_the_ends_and_the_order(values: list[int]) -> None:
    kept = thin(values)
    assert len(kept) == min(len(values), MAX_CURVE_POINTS)
    assert (kept[0], kept[-1]) == (values[0], values[-1])
    remaining = iter(values)
    assert all(value in remaining for value in kept)


@given(low=st.floats(-1e6, 1e6), width=st.floats(1e-3, 1e6))
def test_linear_ticks_are_few_and_inside(low: float, width: float) -> None:
    axis = linear_axis(low, low + width)
    assert 1 <= len(axis.ticks) <= 6
    assert all(-1e-6 <= position <= 1 + 1e-6 for position, _ in axis.ticks)


@pytest.mark.parametrize(
    ("values", "labels"),
    [
        ([1.0, 10.0], ["1", "1e1"]),
        ([3e-4, 0.5], ["1e-4", "1e-3", "1e-2", "1e-1", "1"]),
        ([0.0], ["1", "1e1"]),
    ],
)
def test_log_ticks_are_decades(values: list[float], labels: list[str]) -> None:
    assert [label for _, label in log_axis(values).ticks] == labels


def test_zero_lies_on_the_lower_edge_of_the_log_axis() -> None:
    axis = log_axis([1e-3, 1.0])
    assert axis.position(0.0) == 0.0
    assert axis.position(1e-3) == 0.0
    assert axis.position(1.0) == 1.0
