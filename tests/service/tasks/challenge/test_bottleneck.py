"""The bottleneck: its floor is one that training reaches and never passes, its vector is really wrong."""

from itertools import product

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from datasets import integers
from service.networks import MyNetwork
from service.records import DataConfig
from service.tasks.challenge.bottleneck import bottleneck, floor, limit_floor
from service.tasks.challenge.counterexamples import LARGEST_RADIUS, right
from service.tasks.challenge.rule import RULE_BIAS, RULE_WEIGHT

DATA = DataConfig()


def examples(data: DataConfig = DATA) -> tuple[np.ndarray, np.ndarray]:
    inputs, targets = integers.generate(data.examples, data.low, data.high, data.data_seed)
    return inputs.astype(float), targets.astype(float)


@pytest.mark.parametrize(
    ("hidden", "activation", "width", "flat", "wide_enough"),
    [
        ((2,), "none", 2, 2, [3]),
        ((1,), "relu", 1, 1, [3]),
        ((8, 2), "tanh", 2, 2, [8, 3]),
        ((2, 8), "none", 2, 2, [3, 8]),
        ((2, 8), "relu", 2, None, [3, 8]),
        ((2, 8, 5), "tanh", 2, None, [3, 8, 5]),
        ((1, 2), "relu", 1, 2, [3, 3]),
        ((1, 2), "none", 1, 1, [3, 3]),
        ((2, 3, 1), "none", 1, 1, [3, 3, 3]),
    ],
)
def test_the_narrowest_layer_anywhere_counts(
    hidden: tuple[int, ...], activation: str, width: int, flat: int | None, wide_enough: list[int]
) -> None:
    found = bottleneck(MyNetwork(3, *hidden, 5, activation=activation), DATA, *examples())
    assert found is not None
    assert (found.width, found.flat, found.wide_enough) == (width, flat, wide_enough)
    assert found.missing == sum(wide_enough) - sum(hidden)
    assert (found.floor is None) == (found.limit_floor is None) == (flat is None)


@pytest.mark.parametrize("activation", ["none", "relu", "tanh"])
@pytest.mark.parametrize("hidden", [(), (3,), (64, 3, 4)])
def test_a_network_that_is_wide_enough_has_none(hidden: tuple[int, ...], activation: str) -> None:
    assert bottleneck(MyNetwork(3, *hidden, 5, activation=activation), DATA, *examples()) is None
    assert floor(hidden, activation, *examples()) is None


@pytest.mark.parametrize("activation", ["relu", "tanh"])
@pytest.mark.parametrize("width", [1, 2])
def test_two_opposite_vectors_come_out_of_a_narrow_layer_the_same(activation: str, width: int) -> None:
    """The theorem of Borsuk and Ulam on networks at hand: on every sphere there are such, here found."""
    for seed, radius in product(range(3), (0.1, 10, 1e4)):
        torch.manual_seed(seed)
        narrow = torch.nn.Linear(3, width).double()
        act = {"relu": torch.relu, "tanh": torch.tanh}[activation]
        # What a linear layer makes of x and of -x is the same where its matrix makes 0 of x.
        weight = narrow.weight.detach().numpy()
        lost = np.linalg.svd(weight)[2][-1] * radius
        there, back = (act(narrow(torch.tensor(sign * lost))) for sign in (1, -1))
        assert torch.allclose(there, back, atol=1e-9 * max(1, radius))


def test_some_examples_are_fitted_through_a_narrow_first_layer() -> None:
    """So no floor is claimed there: relu is right on these examples, and no matrix of rank 1 is."""
    inputs = np.array([[0.0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]])
    targets = integers.answer(inputs.astype(int)).astype(float)
    places = inputs @ [1.0, 2.0, 3.0]  # 0, 1, 2, 3
    bends = np.maximum(places[:, None] - np.arange(-1, 3), 0)
    solved = np.linalg.solve(bends, targets)
    assert ((bends @ solved - targets) ** 2).sum() < 1e-20
    assert (floor([1], "none", inputs, targets) or 0) > 0.1
    assert floor([1, 4], "relu", inputs, targets) is None


@given(width=st.integers(1, 2), seed=st.integers(0, 1000), scale=st.floats(0.1, 10))
@settings(max_examples=50)
def test_no_network_gets_below_the_floor(width: int, seed: int, scale: float) -> None:
    random = np.random.default_rng(seed)
    inputs, targets = examples()
    # The best last layer there is for whatever the narrow layer says.
    narrow = np.tanh(inputs @ random.normal(size=(3, width)) * scale)
    design = np.column_stack([narrow, np.ones(len(inputs))])
    answers = design @ np.linalg.lstsq(design, targets)[0]
    least = floor([width], "tanh", inputs, targets)
    assert least is not None
    assert ((answers - targets) ** 2).sum(axis=1).mean() >= least


@pytest.mark.parametrize("reach", [1, 10, 100])
def test_with_ever_more_examples_the_floor_of_two_numbers_tends_to_a_third_of_r_times_r_plus_1(
    reach: int,
) -> None:
    limit = reach * (reach + 1) / 3
    assert limit_floor([2], "none", DataConfig(low=-reach, high=reach)) == pytest.approx(limit)
    inputs, targets = examples(DataConfig(examples=10_000, low=-reach, high=reach))
    assert floor([2], "none", inputs, targets) == pytest.approx(limit, rel=0.05)


def test_a_set_that_was_not_drawn_evenly_has_no_limit() -> None:
    assert limit_floor([2], "none", DataConfig(dataset="cube")) is None


@given(
    seed=st.integers(0, 1000),
    hidden=st.lists(st.integers(1, 2), min_size=1, max_size=2),
    activation=st.sampled_from(["none", "relu", "tanh"]),
)
@settings(max_examples=50)
def test_the_vector_is_wrong_and_the_direction_is_lost(seed: int, hidden: list[int], activation: str) -> None:
    torch.manual_seed(seed)
    network = MyNetwork(3, *hidden, 5, activation=activation)
    found = bottleneck(network, DATA, *examples())
    assert found is not None
    if found.flat is None:
        assert found.vector is None
        return
    assert found.vector is not None
    vector = np.array(found.vector)
    assert not right(network, vector[None])[0]
    with torch.no_grad():
        assert found.answer == pytest.approx(network(torch.tensor(vector).float()).tolist())
        if found.lost_direction is None:
            assert activation != "none"
            return
        along = torch.tensor([[0.0] * 3, [100 * part for part in found.lost_direction]])
        there, back = network(along)
    assert (there - back).abs().max() < 1e-3
    assert found.rank == min(hidden)


def test_a_network_that_has_learned_all_it_can_is_still_wrong_along_the_lost_direction() -> None:
    network = MyNetwork(3, 2, 5)
    first, second = network.children()
    left, sizes, right_vectors = np.linalg.svd(RULE_WEIGHT, full_matrices=False)
    with torch.no_grad():
        first.weight.copy_(torch.tensor(right_vectors[:2]))  # pyright: ignore[reportCallIssue]
        first.bias.zero_()  # pyright: ignore[reportCallIssue]
        second.weight.copy_(torch.tensor(left[:, :2] * sizes[:2]))  # pyright: ignore[reportCallIssue]
        second.bias.copy_(torch.tensor(RULE_BIAS))  # pyright: ignore[reportCallIssue]
    found = bottleneck(network, DATA, *examples())
    assert found is not None
    assert found.rank == 2
    assert found.vector is not None
    assert max(map(abs, found.vector)) == 10


@pytest.mark.parametrize("activation", ["none", "relu"])
def test_examples_larger_than_float32_s_integers_change_nothing_about_that(activation: str) -> None:
    inputs, targets = examples()
    torch.manual_seed(0)
    found = bottleneck(MyNetwork(3, 2, 5, activation=activation), DATA, inputs * 1e30, targets)
    assert found is not None
    assert found.vector is None or max(map(abs, found.vector)) <= LARGEST_RADIUS
