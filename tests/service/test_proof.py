"""The certificate: it never claims too much, and what it does not claim is nearly out of reach."""

from fractions import Fraction

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from service.networks import MyNetwork
from service.proof import (
    CORNERS,
    FURTHEST,
    RULE_BIAS,
    RULE_WEIGHT,
    Certificate,
    answers,
    certify,
    rank,
    right,
)
from service.rounding import collapse, forward_error, layers_of

CUBE = np.stack(np.meshgrid(*[np.arange(-9, 10)] * 3, indexing="ij"), axis=-1).reshape(-1, 3)


def hand_made(noise: float = 0.0, seed: int = 0, hidden: int | None = None) -> MyNetwork:
    """The rule itself, or nearly: one layer, or two of which the first is turned and stretched."""
    random = np.random.default_rng(seed)
    weight, bias = RULE_WEIGHT.astype(float), RULE_BIAS.astype(float)
    if hidden is None:
        network = MyNetwork(3, 5)
        layers = [(weight, bias)]
    else:
        network = MyNetwork(3, hidden, 5)
        first, offset = random.normal(size=(hidden, 3)), random.normal(size=hidden)
        second = weight @ np.linalg.pinv(first)
        layers = [(first, offset), (second, bias - second @ offset)]
    for layer, (layer_weight, layer_bias) in zip(network.children(), layers, strict=True):
        assert isinstance(layer, torch.nn.Linear)
        shape, length = layer_weight.shape, len(layer_bias)
        layer.weight.data = torch.tensor(
            layer_weight + noise * random.normal(size=shape), dtype=torch.float32
        )
        layer.bias.data = torch.tensor(layer_bias + noise * random.normal(size=length), dtype=torch.float32)
    return network


def trained(*widths: int, activation: str = "none", steps: int = 4000, seed: int = 0) -> MyNetwork:
    """A network after some training on the challenge, by torch alone."""
    torch.manual_seed(seed)
    network = MyNetwork(*widths, activation=activation)
    optimizer = torch.optim.Adam(network.parameters(), lr=3e-3)
    weight, bias = torch.tensor(RULE_WEIGHT).float(), torch.tensor(RULE_BIAS).float()
    for step in range(steps):
        for group in optimizer.param_groups:
            group["lr"] = 3e-3 * (1 - step / steps)
        vectors = torch.randint(-10, 11, (64, 3)).float()
        loss = ((network(vectors) - (vectors @ weight.T + bias)) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return network


def faces(radius: int, count: int, seed: int = 0) -> np.ndarray:
    """Integer vectors on the faces of the cube, its corners among them."""
    random = np.random.default_rng(seed)
    vectors = random.integers(-radius, radius + 1, size=(count, 3))
    vectors[np.arange(count), random.integers(3, size=count)] = radius * random.choice([-1, 1], size=count)
    return np.concatenate([CORNERS * radius, vectors])


def expect_sound(network: MyNetwork, certificate: Certificate) -> None:
    """No vector within the radius is wrong, alone or in a batch; the counterexample is, and lies outside."""
    radius = certificate.radius
    if radius is not None:
        inside = CUBE[np.abs(CUBE).max(axis=1) <= radius]
        assert right(network, inside).all()
        assert right(network, faces(radius, 20_000)).all()
        assert all(right(network, vector[None]).all() for vector in faces(radius, 50, seed=1))
    if certificate.counterexample is not None:
        vector = np.array(certificate.counterexample)
        assert not right(network, vector[None]).any()
        assert np.abs(vector).max() > (-1 if radius is None else radius)
        assert certificate.answer == pytest.approx(answers(network, vector[None])[0].tolist())


@given(
    noise=st.sampled_from([0, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1, 0.5]),
    seed=st.integers(0, 10_000),
    hidden=st.sampled_from([None, 2, 3, 4, 8, 32]),
)
@settings(max_examples=200)
def test_nothing_certified_is_wrong(noise: float, seed: int, hidden: int | None) -> None:
    network = hand_made(noise, seed, hidden)
    expect_sound(network, certify(network))


@given(
    widths=st.lists(st.integers(1, 6), max_size=3),
    activation=st.sampled_from(["none", "relu", "tanh"]),
    seed=st.integers(0, 10_000),
)
@settings(max_examples=30)
def test_nothing_certified_of_a_random_network_is_wrong(
    widths: list[int], activation: str, seed: int
) -> None:
    torch.manual_seed(seed)
    network = MyNetwork(3, *widths, 5, activation=activation)
    expect_sound(network, certify(network))


@pytest.mark.parametrize("widths", [(3, 5), (3, 3, 5), (3, 8, 5), (3, 4, 4, 5)], ids=str)
def test_of_a_well_trained_network_it_claims_at_least_half(widths: tuple[int, ...]) -> None:
    network = trained(*widths)
    certificate = certify(network)
    expect_sound(network, certificate)
    assert certificate.method == "proved"
    assert certificate.rank == 3
    assert certificate.radius is not None
    assert certificate.radius > 1000
    assert certificate.counterexample is not None
    assert max(map(abs, certificate.counterexample)) <= 2 * certificate.radius


def test_the_rule_itself_is_right_as_far_as_float32_goes() -> None:
    certificate = certify(hand_made())
    assert certificate.radius is not None
    assert FURTHEST / 16 < certificate.radius < FURTHEST
    assert (certificate.weight_error, certificate.bias_error, certificate.exact_error) == (0, 0, 0)


def test_the_lab_s_network_of_2_is_never_right_for_long() -> None:
    network = trained(3, 2, 5)
    certificate = certify(network)
    expect_sound(network, certificate)
    assert certificate.rank == 2
    assert certificate.radius is None or certificate.radius < 3
    assert certificate.counterexample is not None
    assert max(map(abs, certificate.counterexample)) <= 4


def test_a_network_with_activations_is_checked_not_proved() -> None:
    network = trained(3, 16, 5, activation="relu")
    certificate = certify(network)
    expect_sound(network, certificate)
    assert certificate.method == "checked"
    assert certificate.sentence.startswith("Checked")
    assert certificate.radius is not None
    assert certificate.radius >= 3
    assert certificate.weight is None


def test_numbers_too_large_for_float32_are_never_certified() -> None:
    network = MyNetwork(3, 3, 5)
    with torch.no_grad():
        first, second = network.children()
        assert isinstance(first, torch.nn.Linear)
        assert isinstance(second, torch.nn.Linear)
        first.weight.copy_(torch.eye(3) * 2.0**120)
        second.weight.copy_(torch.tensor(RULE_WEIGHT) * 2.0**-120)
        first.bias.zero_()
        second.bias.copy_(torch.tensor(RULE_BIAS))
    certificate = certify(network)
    expect_sound(network, certificate)
    assert certificate.radius is not None
    assert certificate.radius < 2**8  # 2**120 times that is more than float32 holds


@given(seed=st.integers(0, 10_000), widths=st.lists(st.integers(1, 5), min_size=1, max_size=3))
@settings(max_examples=50)
def test_collapsing_is_exact(seed: int, widths: list[int]) -> None:
    torch.manual_seed(seed)
    network = MyNetwork(3, *widths, 5)
    vector = [Fraction(number) for number in (7, -3, 11)]
    for weight, bias in layers_of(network):
        vector = [
            sum((Fraction(w) * v for w, v in zip(row, vector, strict=True)), Fraction(b))
            for row, b in zip(weight.tolist(), bias.tolist(), strict=True)
        ]
    whole = collapse(layers_of(network))
    output = whole.weight @ np.array([7, -3, 11], dtype=object) + whole.bias
    assert [Fraction(number, 2**whole.bits) for number in output] == vector
    assert rank(whole.weight) <= min(widths)


@given(seed=st.integers(0, 10_000), size=st.sampled_from([1, 100, 10_000, 1_000_000]))
@settings(max_examples=50)
def test_float32_stays_within_its_bound(seed: int, size: int) -> None:
    torch.manual_seed(seed)
    network = MyNetwork(3, 6, 4, 5)
    layers = layers_of(network)
    vectors = faces(size, 200, seed)
    exact = vectors.astype(float)
    for weight, bias in layers:
        exact = exact @ weight.T + bias  # float64 is exact enough to judge float32 by
    assert (np.abs(answers(network, vectors) - exact) <= forward_error(layers, vectors.astype(float))).all()
