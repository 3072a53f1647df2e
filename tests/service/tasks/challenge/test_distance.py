"""Vectors ever further from the training examples: which they are, and what is counted."""

from itertools import pairwise

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from service.networks import MyNetwork
from service.tasks.challenge.distance import LARGEST_INTEGER, VECTORS_TRIED, distances
from service.tasks.challenge.proof import certify

LOWS, HIGHS = [-10.0] * 3, [10.0] * 3

edges = st.lists(st.floats(-1e9, 1e9, width=32) | st.floats(width=32, allow_nan=False, allow_infinity=False),
                 min_size=3, max_size=3)  # fmt: skip


def ruler(bias: float = 0.0, weight: float = 0.0) -> MyNetwork:
    """The rule itself, with an error of `bias` in the first bias and of `weight` in the first weight."""
    network = MyNetwork(3, 5)
    with torch.no_grad():
        network.m1.weight.copy_(torch.eye(3)[[0, 1, 2, 2, 2]])  # pyright: ignore
        network.m1.bias.copy_(torch.tensor([0.0, 0, 0, 1, 2]))  # pyright: ignore
        network.m1.weight[0, 0] += weight  # pyright: ignore
        network.m1.bias[0] += bias  # pyright: ignore
    return network


class Seen(MyNetwork):
    """The rule, remembering what it was asked."""

    def __init__(self) -> None:
        super().__init__(3, 5)
        self.asked: list[np.ndarray] = []

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.asked.append(x.numpy())
        return ruler()(x)


def test_the_rows_reach_from_the_examples_to_the_end_of_float32_s_integers() -> None:
    rows = distances(ruler(), LOWS, HIGHS)
    assert [row.times for row in rows] == [0, 1, 2, *(10**power for power in range(1, 7))]
    assert [(row.nearest, row.furthest) for row in rows[:4]] == [(0, 10), (11, 20), (21, 100), (101, 1000)]
    assert (rows[-1].nearest, rows[-1].furthest) == (10_000_001, LARGEST_INTEGER)
    for before, row in pairwise(rows):
        assert row.nearest == before.furthest + 1


@given(edges, edges, st.integers(0, 2**32 - 1))
@settings(max_examples=40)
def test_every_vector_lies_where_its_row_says(one: list[float], other: list[float], seed: int) -> None:
    lows, highs = np.minimum(one, other).tolist(), np.maximum(one, other).tolist()
    network = Seen()
    rows = distances(network, lows, highs, seed)
    assert len(rows) == len(network.asked)
    for row, asked in zip(rows, network.asked, strict=True):
        assert 1 <= row.tried == len(asked) == len(np.unique(asked, axis=0)) <= VECTORS_TRIED
        assert (asked == np.rint(asked)).all()
        sizes = np.abs(asked).max(axis=1)
        assert (row.nearest <= sizes).all()
        assert (sizes <= row.furthest).all()
        if row.times == 0:
            assert (np.floor(lows) <= asked).all()
            assert (asked <= np.ceil(highs)).all()


def test_the_rule_is_right_everywhere_but_where_float32_ends() -> None:
    rows = distances(ruler(), LOWS, HIGHS)
    assert all(row.right == row.tried for row in rows[:-1])
    assert all(row.largest_error == row.mean_loss == 0 for row in rows[:-1])


def test_a_wrong_weight_shows_at_the_distance_where_the_certificate_ends() -> None:
    network = ruler(weight=0.002)
    radius = certify(network).radius
    assert radius == 249
    for row in distances(network, LOWS, HIGHS):
        assert (row.right == row.tried) == (row.furthest <= radius)
        assert row.largest_error == pytest.approx(0.002 * row.furthest, rel=0.01)


def test_errors_and_losses_are_those_of_the_outputs() -> None:
    for row in distances(ruler(bias=0.25), LOWS, HIGHS)[:3]:
        assert (row.right, row.largest_error, row.mean_loss) == (row.tried, 0.25, 0.0625)
    for row in distances(ruler(bias=0.51), LOWS, HIGHS)[:3]:
        assert row.right == 0
    for row in distances(ruler(bias=0.5), LOWS, HIGHS)[:3]:
        assert 0 < row.right < row.tried  # half a number rounds to the even one


def test_examples_of_zeros_only_leave_no_gap() -> None:
    rows = distances(ruler(), [0.0] * 3, [0.0] * 3)
    assert [(row.times, row.nearest, row.furthest) for row in rows[:4]] == [
        (0, 0, 0), (1, 1, 2), (2, 3, 10), (10, 11, 100)
    ]  # fmt: skip
    assert rows[0].tried == 1


@pytest.mark.parametrize("weight", [float("nan"), float("inf"), 3e38])
def test_what_is_not_finite_is_wrong_and_has_no_number(weight: float) -> None:
    row = distances(ruler(weight=weight), LOWS, HIGHS)[3]
    assert row.right < 100  # those with a first number of 0 may be right
    assert (row.largest_error, row.mean_loss) == (None, None)


def test_the_same_seed_draws_the_same_vectors() -> None:
    network = MyNetwork(3, 4, 5, activation="tanh")
    assert distances(network, LOWS, HIGHS, 5) == distances(network, LOWS, HIGHS, 5)
    assert distances(network, LOWS, HIGHS, 5) != distances(network, LOWS, HIGHS, 6)


def test_examples_beyond_float32_s_integers_have_no_rows() -> None:
    assert distances(ruler(), [1e30] * 3, [2e30] * 3) == []
