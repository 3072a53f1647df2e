"""The search for a vector that a network gets wrong: what it finds is wrong, outside, and near."""

import numpy as np
import pytest
import torch

from service.networks import MyNetwork
from service.tasks.challenge.counterexamples import (
    ALWAYS_WRONG,
    LARGEST_RADIUS,
    counterexample,
    right,
    shells,
)
from service.tasks.challenge.rule import RULE_BIAS, RULE_WEIGHT


def rule(error: float = 0.0) -> MyNetwork:
    """One layer: the rule, with an error in its first weight."""
    network = MyNetwork(3, 5)
    with torch.no_grad():
        (layer,) = network.children()
        assert isinstance(layer, torch.nn.Linear)
        layer.weight.copy_(torch.tensor(RULE_WEIGHT))
        layer.weight[0, 0] += error
        layer.bias.copy_(torch.tensor(RULE_BIAS))
    return network


def test_shells_hold_each_vector_once() -> None:
    vectors = np.concatenate([shell for _, shell in shells(0, 3)])
    assert len(np.unique(vectors, axis=0)) == len(vectors) == 7**3
    for size, shell in shells(2, 5):
        assert (np.abs(shell).max(axis=1) == size).all()
        assert len(shell) == (2 * size + 1) ** 3 - (2 * size - 1) ** 3


@pytest.mark.parametrize("error", [0.3, 1e-2, 1e-3, 1e-5])
def test_it_finds_nearly_the_nearest(error: float) -> None:
    nearest = int(0.5 / error) + 1
    found = counterexample(rule(error), -1)
    assert not right(rule(error), np.array([found])).any()
    assert 0.99 * nearest - 1 <= max(map(abs, found)) <= 1.05 * nearest
    assert max(map(abs, counterexample(rule(error), 3 * nearest))) > 3 * nearest


def test_there_always_is_one() -> None:
    assert max(map(abs, counterexample(rule(), LARGEST_RADIUS))) == LARGEST_RADIUS + 1
    assert max(map(abs, counterexample(rule(), 0))) == LARGEST_RADIUS + 1
    assert not right(rule(), np.array([ALWAYS_WRONG])).any()
    assert right(rule(), np.array([[LARGEST_RADIUS, -LARGEST_RADIUS, LARGEST_RADIUS]])).all()
