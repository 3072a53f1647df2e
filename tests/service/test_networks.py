"""The modules against plain torch."""

from itertools import pairwise

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from service.networks import LatentProduct, MyNetwork

widths = st.lists(st.integers(1, 8), min_size=2, max_size=5)


@given(widths=widths, activation=st.sampled_from(["none", "relu", "tanh"]), seed=st.integers(0, 100))
def test_my_network_is_nn_sequential(widths: list[int], activation: str, seed: int) -> None:
    torch.manual_seed(seed)
    network = MyNetwork(*widths, activation=activation)
    torch.manual_seed(seed)
    layers: list[nn.Module] = []
    for inputs, outputs in pairwise(widths):
        layers += [
            nn.Linear(inputs, outputs),
            {"none": nn.Identity, "relu": nn.ReLU, "tanh": nn.Tanh}[activation](),
        ]
    oracle = nn.Sequential(*layers[:-1])
    batch = torch.randn(4, widths[0])
    assert torch.equal(network(batch), oracle(batch))


def test_the_lab_s_network_has_the_lab_s_names() -> None:
    assert list(MyNetwork(3, 2, 5).state_dict()) == ["m1.weight", "m1.bias", "m2.weight", "m2.bias"]
    assert repr(MyNetwork(3, 2, 5)).splitlines()[1:3] == [
        "  (m1): Linear(in_features=3, out_features=2, bias=True)",
        "  (m2): Linear(in_features=2, out_features=5, bias=True)",
    ]


@pytest.mark.parametrize(("var_1", "var_2"), [(3.0, 4.0), (-2.5, 0.0)])
def test_the_product_is_a_product_with_gradients(var_1: float, var_2: float) -> None:
    module = LatentProduct(var_1, var_2)
    module().backward()
    assert module().item() == var_1 * var_2
    assert module.var_1.grad == var_2
    assert module.var_2.grad == var_1
