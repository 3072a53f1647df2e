"""What a network makes of examples: one or eight at a time, with the same bits; and its hyperbolic tangent."""

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from numba import njit
from numpy.typing import NDArray

from service.engines import forward
from service.engines.network_kernel import evaluate

Floats = NDArray[np.float32]


class TestMeanLoss:
    @pytest.mark.parametrize("activation", [forward.NONE, forward.RELU, forward.TANH])
    @pytest.mark.parametrize("widths", [(3, 5), (3, 2, 5), (9, 8, 17), (64, 1, 64, 64, 7)])
    def test_it_is_the_sum_over_one_example_after_the_other(
        self, widths: tuple[int, ...], activation: int
    ) -> None:
        numbers = np.random.default_rng(0)
        length = sum(forward.layer_length(*pair) for pair in pairwise(widths))
        parameters = numbers.normal(size=length).astype(np.float32)
        network = np.array(widths), activation, parameters
        for count in range(1, 18):
            inputs, targets = (numbers.normal(size=(count, width)) for width in (widths[0], widths[-1]))
            examples = in_rows(inputs), in_rows(targets)
            room = np.full(8 * forward.WIDEST * len(widths), np.nan, np.float32)
            assert evaluate(*network, room, *examples) == one_by_one(*network, room.copy(), *examples)


def in_rows(numbers: NDArray[Any]) -> Floats:
    """As one array, which ends where what lies beyond it would be noticed."""
    width = numbers.shape[1]
    rows = np.zeros((len(numbers) + 8, forward.row_length(width)), np.float32)
    rows[: len(numbers), :width] = numbers
    rows[len(numbers) :] = np.nan
    return rows[: len(numbers)].ravel()


@njit
def one_by_one(
    widths: NDArray[np.int64],
    activation: int,
    parameters: Floats,
    values: Floats,
    inputs: Floats,
    targets: Floats,
) -> float:
    """The mean loss as training comes by the outputs."""
    last = len(widths) - 1
    row = forward.row_length(widths[last])
    count = len(targets) // row
    summed = 0.0
    for example in range(count):
        forward.forward(widths, activation, parameters, values, inputs, example)
        for output in range(widths[last]):
            value = values[last * forward.WIDEST + output]
            summed += np.float64(value - targets[example * row + output]) ** 2
    return summed / count


class TestTanh:
    def test_it_is_right_to_an_ulp_of_float32(self) -> None:
        numbers = np.concatenate([np.linspace(-12, 12, 200_001), np.geomspace(1e-38, 1e30, 50_001)])
        numbers = numbers.astype(np.float32)
        expected = np.array([math.tanh(number) for number in numbers.tolist()])
        error = np.abs(tanh(numbers) - expected)
        assert (error <= np.spacing(np.abs(expected).astype(np.float32))).all()

    def test_it_is_odd(self) -> None:
        numbers = np.geomspace(1e-38, 1e30, 10_001, dtype=np.float32)
        assert (tanh(-numbers) == -tanh(numbers)).all()

    def test_what_has_no_size_keeps_its_meaning(self) -> None:
        found = tanh(np.array([math.inf, -math.inf, math.nan, 0.0], np.float32))
        np.testing.assert_array_equal(found, [1, -1, math.nan, 0])


@njit
def tanh(numbers: Floats) -> Floats:
    """What a network's layer makes of these numbers."""
    found = np.empty_like(numbers)
    for index in range(len(numbers)):
        found[index] = forward.tanh(np.float64(numbers[index]))
    return found
