"""A network taken apart gives the numbers that torch gives."""

from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from service import InvalidInput, dissect
from service.networks import MyNetwork
from tests.conftest import message_of


@given(
    hidden=st.lists(st.integers(1, 8), max_size=3),
    activation=st.sampled_from(["none", "relu", "tanh"]),
    seed=st.integers(0, 50),
    vector=st.lists(st.floats(-10, 10, width=32), min_size=3, max_size=3),
)
def test_it_is_torch_s_network_layer_by_layer(
    hidden: list[int], activation: str, seed: int, vector: list[float]
) -> None:
    found = dissect(hidden, activation, seed, vector)
    torch.manual_seed(seed)
    network = MyNetwork(3, *hidden, 5, activation=activation)
    assert found.printed == repr(network)
    assert found.count == sum(parameter.numel() for parameter in network.parameters())
    assert found.parameters == tuple((name, tuple(p.shape)) for name, p in network.named_parameters())
    assert found.answer == repr(network(torch.tensor(vector)).detach())
    for layer in found.layers:
        expected = torch.nn.functional.linear(
            torch.tensor(layer.inputs), torch.tensor(layer.weight), torch.tensor(layer.bias)
        )
        assert torch.equal(torch.tensor(layer.sums), expected)
        sums = torch.tensor(layer.products).sum(1) + torch.tensor(layer.bias)
        assert torch.allclose(sums, expected, atol=1e-4)
    for layer, following in zip(found.layers, found.layers[1:], strict=False):
        assert layer.outputs == following.inputs


def test_the_lab_s_network_has_23_numbers() -> None:
    found = dissect([2], "none", 0, [1, 2, 3])
    assert found.count == 23
    assert [layer.name for layer in found.layers] == ["m1", "m2"]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (([0], "none", 0, [1, 2, 3]), "hidden must be a list of at most 3 layer widths"),
        (([2], "sigmoid", 0, [1, 2, 3]), "activation must be one of none, relu, tanh"),
        (([2], "none", -1, [1, 2, 3]), "seed must be a whole number"),
        (([2], "none", 0, [1, 2]), "vectors[0] must be a list of 3 finite numbers"),
    ],
)
def test_what_is_wrong_is_named(given: Any, words: str) -> None:
    assert message_of(lambda: dissect(*given), InvalidInput).startswith(words)
