"""The bottleneck: its floor is one that training reaches and never passes, its vector is really wrong."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from datasets import integers
from service.bottleneck import average_floor, bottleneck, floor, narrowest
from service.counterexamples import RULE_BIAS, RULE_WEIGHT, right
from service.networks import MyNetwork
from service.records import DataConfig

DATA = DataConfig()


def examples(data: DataConfig = DATA) -> tuple[np.ndarray, np.ndarray]:
    inputs, targets = integers.generate(data.examples, data.low, data.high, data.data_seed)
    return inputs.astype(float), targets.astype(float)


@pytest.mark.parametrize(
    ("widths", "activation", "width"),
    [
        ((3, 2, 5), "none", 2),
        ((3, 1, 5), "relu", 1),
        ((3, 8, 2, 5), "tanh", 2),
        ((3, 2, 8, 5), "none", 2),
        ((3, 2, 8, 5), "relu", None),  # folding a plane might reach further; nothing is claimed
        ((3, 3, 5), "none", None),
        ((3, 5), "none", None),
    ],
)
def test_where_everything_has_to_pass(widths: tuple[int, ...], activation: str, width: int | None) -> None:
    network = MyNetwork(*widths, activation=activation)
    assert narrowest(widths[1:-1], activation) == width
    assert (bottleneck(network, DATA, *examples()) is None) == (width is None)


@given(width=st.integers(1, 2), seed=st.integers(0, 1000), scale=st.floats(0.1, 10))
@settings(max_examples=50)
def test_no_network_gets_below_the_floor(width: int, seed: int, scale: float) -> None:
    random = np.random.default_rng(seed)
    inputs, targets = examples()
    # The best last layer there is for whatever the narrow layer says.
    narrow = np.tanh(inputs @ random.normal(size=(3, width)) * scale)
    design = np.column_stack([narrow, np.ones(len(inputs))])
    answers = design @ np.linalg.lstsq(design, targets)[0]
    assert ((answers - targets) ** 2).sum(axis=1).mean() >= floor(width, targets) - 1e-9


@pytest.mark.parametrize("width", [1, 2])
def test_the_best_network_reaches_the_floor(width: int) -> None:
    _, targets = examples()
    center = targets.mean(axis=0)
    basis = np.linalg.svd(targets - center)[2][:width]
    answers = (targets - center) @ basis.T @ basis + center
    assert ((answers - targets) ** 2).sum(axis=1).mean() == pytest.approx(floor(width, targets))


@pytest.mark.parametrize("reach", [1, 10, 100])
def test_on_average_the_floor_of_two_numbers_is_a_third_of_r_times_r_plus_1(reach: int) -> None:
    assert average_floor(2, DataConfig(low=-reach, high=reach)) == pytest.approx(reach * (reach + 1) / 3)
    cube = integers.answer(integers.cube(min(reach, 10))).astype(float)
    expected = average_floor(2, DataConfig(low=-min(reach, 10), high=min(reach, 10)))
    assert floor(2, cube) == pytest.approx(expected)


def test_a_set_that_was_not_drawn_evenly_has_no_average() -> None:
    assert average_floor(2, DataConfig(dataset="cube")) is None


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
    assert found.vector is None or max(map(abs, found.vector)) < 2**53
