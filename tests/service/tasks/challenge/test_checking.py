"""Checked vectors: right in every order of the sums, alone and in every batch, or not counted."""

from collections.abc import Callable, Iterator
from itertools import permutations, product

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from datasets import integers
from service.networks import MyNetwork
from service.tasks.challenge.checking import TANH_ERROR, check, surely_right
from service.tasks.challenge.counterexamples import answers, right, shells
from service.tasks.challenge.proof import certify
from service.tasks.challenge.rounding import UNIT_ROUNDOFF, Floats, layers_of
from service.tasks.challenge.rule import RULE_BIAS, RULE_WEIGHT


@pytest.fixture(autouse=True, scope="module")
def _in_little_time() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("service.tasks.challenge.checking.MAX_MULTIPLICATIONS", 4_000_000)
        yield


def network_of(activation: str, *layers: tuple[np.ndarray, np.ndarray]) -> MyNetwork:
    network = MyNetwork(3, *(len(bias) for _, bias in layers), activation=activation)
    for layer, (weight, bias) in zip(network.children(), layers, strict=True):
        assert isinstance(layer, torch.nn.Linear)
        layer.weight.data, layer.bias.data = torch.tensor(weight).float(), torch.tensor(bias).float()
    return network


def cancelling(size: float, offset: float = 500, seed: int = 0) -> MyNetwork:
    """The rule in exact arithmetic: relu sees positive numbers only, and large weights on them cancel."""
    random = np.random.default_rng(seed)
    first = np.concatenate([np.eye(3), np.eye(3)])
    large = np.rint(random.normal(size=(5, 3)) * size * 256) / 256
    second = np.concatenate([large, RULE_WEIGHT - large], axis=1)
    return network_of("relu", (first, np.full(6, offset)), (second, RULE_BIAS - offset))


def split(stretch: float = 1.0) -> MyNetwork:
    """The rule everywhere: each number as the difference of two relus."""
    first = np.concatenate([np.eye(3), -np.eye(3)]) * stretch
    second = np.concatenate([RULE_WEIGHT, -RULE_WEIGHT], axis=1) / stretch
    return network_of("relu", (first, np.zeros(6)), (second, RULE_BIAS))


def nearly_linear(small: float) -> MyNetwork:
    """The rule nearly, by the middle of tanh, where it is as good as straight."""
    return network_of("tanh", (np.eye(3) * small, np.zeros(3)), (RULE_WEIGHT / small, RULE_BIAS))


def rounded(numbers: Floats) -> Floats:
    with np.errstate(over="ignore"):
        return numbers.astype(np.float32).astype(float)


def in_order(weight: Floats, bias: Floats, inputs: Floats, order: tuple[int, ...], fused: bool) -> Floats:
    """The sums of a layer in float32, their terms (the bias is the last) added in this order."""
    products = weight * inputs[:, None]
    terms = np.concatenate([products, np.broadcast_to(bias[:, None], (*products.shape[:2], 1))], axis=2)
    terms = terms if fused else rounded(terms)
    total = rounded(terms[..., order[0]])
    for index in order[1:]:
        total = rounded(total + terms[..., index])
    return total


ACTIVATIONS: dict[str, Callable[[Floats], Floats]] = {
    "relu": lambda sums: np.maximum(sums, 0),
    "tanh": lambda sums: rounded(np.tanh(sums)),
}


def expect_right_in_every_order(network: MyNetwork, vectors: np.ndarray, seed: int) -> None:
    random = np.random.default_rng(seed)
    for trial, fused in product(range(12), (False, True)):
        numbers = vectors.astype(float)
        layers = layers_of(network)
        for place, (weight, bias) in enumerate(layers):
            count = weight.shape[1] + 1
            every = list(permutations(range(count))) if count <= 4 else []
            order = every[trial % len(every)] if every else tuple(random.permutation(count))
            numbers = in_order(weight, bias, numbers, order, fused)
            if place + 1 < len(layers):
                numbers = ACTIVATIONS[network.activation](numbers)
        assert (np.abs(numbers - integers.answer(vectors)) < 0.5).all()


def expect_sound(network: MyNetwork, seed: int = 0) -> int | None:
    """All that is checked is right alone, in batches of several sizes, and in other orders of the sums."""
    radius = check(network).radius
    if radius is not None:
        vectors = np.concatenate([shell for _, shell in shells(0, min(radius, 4))])
        random = np.random.default_rng(seed)
        some = random.integers(-radius, radius, size=(60, 3), endpoint=True)
        vectors = np.concatenate([vectors[:: max(1, len(vectors) // 100)], some])
        for size in (1, 2, 7, 33, len(vectors)):
            batches = np.array_split(vectors, -(-len(vectors) // size))
            assert all(right(network, batch).all() for batch in batches)
        expect_right_in_every_order(network, vectors, seed)
    return radius


@pytest.mark.parametrize("seed", range(5))
def test_what_is_right_in_one_batch_only_is_not_claimed(seed: int) -> None:
    """In exact arithmetic it is the rule; float32 takes it for right or wrong, depending on the batch."""
    network = cancelling(4000, seed=seed)
    certificate = certify(network)
    assert certificate.radius is None
    assert "may be wrong" in certificate.sentence
    vector = np.array([certificate.counterexample])
    assert not right(network, vector)[0]


@given(
    size=st.sampled_from([0, 1, 10, 100, 300, 1000, 1e6]),
    offset=st.sampled_from([0, 3, 8, 500, 1e6]),
    seed=st.integers(0, 1000),
)
@settings(max_examples=25)
def test_weights_and_biases_that_cancel(size: float, offset: float, seed: int) -> None:
    expect_sound(cancelling(size, offset, seed), seed)


@given(
    widths=st.lists(st.integers(1, 6), min_size=1, max_size=3),
    activation=st.sampled_from(["relu", "tanh"]),
    scale=st.sampled_from([0, 1e-45, 1e-30, 1, 30, 1e5, 1e30, 3e38]),
    seed=st.integers(0, 1000),
)
@settings(max_examples=40)
def test_weights_of_any_size(widths: list[int], activation: str, scale: float, seed: int) -> None:
    torch.manual_seed(seed)
    network = MyNetwork(3, *widths, 5, activation=activation)
    with torch.no_grad():
        for parameter in list(network.parameters())[:-1]:
            parameter *= scale
        list(network.parameters())[-1].copy_(torch.tensor(RULE_BIAS))
    expect_sound(network, seed)


@pytest.mark.parametrize("weight", [float("nan"), float("inf"), 3e38])
def test_what_float32_does_not_hold_is_never_checked(weight: float) -> None:
    network = split()
    with torch.no_grad():
        network.m1.weight[0, 0] = weight  # pyright: ignore
    assert check(network).radius in (None, 0)


@pytest.mark.parametrize("stretch", [1e-30, 1.0, 1e30])
def test_a_network_that_is_right_everywhere_is_checked_to_the_end(stretch: float) -> None:
    found = check(split(stretch))
    assert found.radius == found.furthest > 10


def test_weights_that_a_processor_may_take_for_0_count_as_0() -> None:
    assert check(split(2.0**-127)).radius in (None, 0)


@pytest.mark.parametrize(("small", "least"), [(1e-2, 3), (1e-3, 14)])
def test_tanh_costs_hardly_anything(small: float, least: int) -> None:
    radius = expect_sound(nearly_linear(small))
    assert radius is not None
    assert radius >= least


@pytest.mark.parametrize("activation", ["relu", "tanh"])
def test_one_layer_has_no_activation(activation: str) -> None:
    network = network_of(activation, (RULE_WEIGHT, RULE_BIAS))
    assert certify(network).method == "proved"


def test_widths_at_which_there_is_time_for_one_shell_only() -> None:
    network = MyNetwork(3, 2048, 2048, 5, activation="relu")
    assert check(network).furthest == 1


def test_torch_s_tanh_is_as_good_as_is_assumed() -> None:
    numbers = torch.cat([torch.linspace(-10, 10, 300_001), torch.logspace(-30, 1, 300_001)])
    exact = np.tanh(numbers.double().numpy())
    for batch in (1, 7, len(numbers)):
        part = numbers[:: max(1, len(numbers) // (1000 * batch))]
        expected = exact[:: max(1, len(numbers) // (1000 * batch))]
        given_ = np.concatenate([torch.tanh(few).double().numpy() for few in part.split(batch)])
        assert (np.abs(given_ - expected) <= TANH_ERROR * np.abs(expected) / 4).all()
    assert TANH_ERROR == 8 * UNIT_ROUNDOFF


def test_the_bound_is_not_far_from_what_happens() -> None:
    """Of the sums that cancel, some are wrong soon after the bound no longer allows them."""
    sizes = [2.0**power for power in range(4, 16)]
    counted = [size for size in sizes if surely_right(cancelling(size).double(), np.zeros((1, 3), np.int64))]
    wrong = [
        size
        for size in sizes
        for order in range(20)
        if not _right_in(cancelling(size), np.random.default_rng(order).permutation(7))
    ]
    assert max(counted) >= min(wrong) / 64


def _right_in(network: MyNetwork, order: np.ndarray) -> bool:
    (first, second), vectors = layers_of(network), np.concatenate([shell for _, shell in shells(0, 2)])
    inner = ACTIVATIONS["relu"](in_order(*first, vectors.astype(float), (0, 1, 2, 3), False))
    outer = in_order(*second, inner, tuple(order), False)
    return bool((np.abs(outer - integers.answer(vectors)) < 0.5).all())


def test_answers_are_taken_in_float64() -> None:
    network = split(1.1)
    vectors = np.array([[3, -2, 1]])
    assert np.abs(answers(network, vectors) - integers.answer(vectors)).max() > 0
    assert surely_right(network.double(), vectors)
