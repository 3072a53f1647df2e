"""The certificate: it never claims too much, and what it does not claim is nearly out of reach."""

from math import isfinite
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from service.networks import MyNetwork
from service.tasks import TASKS
from service.tasks.challenge.counterexamples import CORNERS, LARGEST_RADIUS, answers, right
from service.tasks.challenge.proof import Certificate, certify, share
from service.tasks.challenge.rule import RULE_BIAS, RULE_WEIGHT
from service.training.advance import Work, advance, first_checkpoint, load_module
from service.training.requests import step_limits, training_config

CUBE = np.stack(np.meshgrid(*[np.arange(-9, 10)] * 3, indexing="ij"), axis=-1).reshape(-1, 3)


def network_of(*layers: tuple[np.ndarray, np.ndarray]) -> MyNetwork:
    """The network of these weights and biases."""
    network = MyNetwork(3, *(len(bias) for _, bias in layers))
    for layer, (weight, bias) in zip(network.children(), layers, strict=True):
        assert isinstance(layer, torch.nn.Linear)
        layer.weight.data = torch.tensor(weight, dtype=torch.float32)
        layer.bias.data = torch.tensor(bias, dtype=torch.float32)
    return network


def hand_made(noise: float = 0.0, seed: int = 0, hidden: int | None = None, offset: float = 1.0) -> MyNetwork:
    """The rule itself, or nearly: one layer, or two of which the first is turned, stretched and moved."""
    random = np.random.default_rng(seed)
    weight, bias = RULE_WEIGHT.astype(float), RULE_BIAS.astype(float)
    layers = [(weight, bias)]
    if hidden is not None:
        first, moved = random.normal(size=(hidden, 3)), offset * random.normal(size=hidden)
        second = weight @ np.linalg.pinv(first)
        layers = [(first, moved), (second, bias - second @ moved)]
    return network_of(
        *(
            (w + noise * random.normal(size=w.shape), b + noise * random.normal(size=b.shape))
            for w, b in layers
        )
    )


def trained(*hidden: int, seed: int = 0, activation: str = "none", **config: Any) -> MyNetwork:
    """A network after some training on the challenge, as the service does it."""
    task = TASKS["challenge"]
    options = task.options.model_validate({"hidden": hidden, "activation": activation})
    parsed = training_config(task, config, step_limits())
    first = first_checkpoint("challenge", options, seed)
    work = Work("challenge", options, parsed, 0, parsed.steps, 0, first, seed)
    module = load_module("challenge", options, advance(work, parsed.steps).checkpoint)
    assert isinstance(module, MyNetwork)
    return module


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
        # The kernel that multiplies, and with it the order of a sum, depends on the size of a batch.
        for size in (1, 2, 5, 16, 33):
            vectors = faces(radius, 40 * size, seed=size)
            assert all(right(network, batch).all() for batch in np.array_split(vectors, len(vectors) // size))
    vector = np.array(certificate.counterexample)
    assert not right(network, vector[None]).any()
    assert np.abs(vector).max() > (-1 if radius is None else radius)
    given = answers(network, vector[None])[0].tolist()
    assert certificate.answer == [value if isfinite(value) else None for value in given]


@given(
    noise=st.sampled_from([0, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1, 0.5]),
    seed=st.integers(0, 10_000),
    hidden=st.sampled_from([None, 2, 3, 4, 8, 32]),
    offset=st.sampled_from([0, 1, 100, 1e6]),
)
@settings(max_examples=150)
def test_nothing_certified_is_wrong(noise: float, seed: int, hidden: int | None, offset: float) -> None:
    network = hand_made(noise, seed, hidden, offset)
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


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    ("hidden", "learning_rate", "steps"),
    [((), 1e-3, 20_000), ((3,), 1e-3, 20_000), ((8,), 3e-4, 200_000), ((4, 4), 3e-4, 200_000)],
    ids=str,
)
def test_of_a_well_trained_network_it_claims_nearly_all(
    hidden: tuple[int, ...], learning_rate: float, steps: int, seed: int
) -> None:
    """Half of what is possible where the weights limit it.

    Where float32 does, the certificate allows for every order of summation, and this machine takes but one
    (how near a hostile order comes to the bound is tested with it).
    """
    network = trained(*hidden, seed=seed, learning_rate=learning_rate, steps=steps)
    certificate = certify(network)
    expect_sound(network, certificate)
    assert certificate.method == "proved"
    assert certificate.rank == 3
    assert certificate.radius is not None
    assert certificate.radius > 100_000
    nearest = max(map(abs, certificate.counterexample))
    assert nearest <= {"weights": 2, "float32": 5}[certificate.limit or ""] * certificate.radius


@pytest.mark.parametrize("noise", [1e-6, 1e-5, 1e-4])
def test_what_limits_it(noise: float) -> None:
    certificate = certify(hand_made(noise))
    assert certificate.exact_error is not None
    assert certificate.rounding_error is not None
    assert 0.49 < certificate.exact_error + certificate.rounding_error < 0.5
    assert certificate.limit == "weights"
    assert "The weights limit it" in certificate.sentence


def test_float32_limits_it() -> None:
    certificate = certify(hand_made(noise=1e-9, hidden=8))
    assert certificate.limit == "float32"
    assert "float32 limits it" in certificate.sentence


def test_where_nothing_is_sure_to_be_right_it_says_why() -> None:
    wrong = certify(network_of((RULE_WEIGHT, RULE_BIAS + 1)))
    assert wrong.radius is None
    assert "the bias is wrong by about 1, and float32 can add" in wrong.sentence
    too_large = certify(hand_made(hidden=3, offset=1e38, noise=1e9))
    assert too_large.radius is None
    assert "float32 may not hold the numbers on the way" in too_large.sentence


def test_the_rule_itself_is_right_as_far_as_float32_goes() -> None:
    network = hand_made()
    certificate = certify(network)
    expect_sound(network, certificate)
    assert certificate.radius == LARGEST_RADIUS
    assert certificate.limit == "cap"
    assert (certificate.weight_error, certificate.bias_error, certificate.exact_error) == (0, 0, 0)
    assert max(map(abs, certificate.counterexample)) == LARGEST_RADIUS + 1


def test_weights_that_are_as_good_as_zero_cost_nothing() -> None:
    certificate = certify(hand_made(noise=0))
    network = network_of((RULE_WEIGHT + np.where(RULE_WEIGHT, 0, 1e-20), RULE_BIAS.astype(float)))
    expect_sound(network, certify(network))
    assert certificate.radius is not None
    assert (certify(network).radius or 0) > 0.99 * certificate.radius


@pytest.mark.parametrize("condition", [1e2, 1e4, 1e6])
def test_large_weights_that_cancel_between_layers(condition: float) -> None:
    """The rule in exact arithmetic, nearly; float32 loses the more of it the worse W1 can be inverted."""
    random = np.random.default_rng(0)
    left, right_ = (np.linalg.qr(random.normal(size=(3, 3)))[0] for _ in range(2))
    first = (left * np.geomspace(1, 1 / condition, 3) @ right_).astype(np.float32).astype(float)
    network = network_of((first, np.zeros(3)), (RULE_WEIGHT @ np.linalg.inv(first), RULE_BIAS.astype(float)))
    certificate = certify(network)
    expect_sound(network, certificate)
    assert certificate.radius is None or certificate.radius < 2**24 / condition


@pytest.mark.parametrize("offset", [1e5, 1e6, 1e7])
def test_large_biases_that_cancel(offset: float) -> None:
    for seed in range(10):
        network = hand_made(seed=seed, hidden=4, offset=offset)
        certificate = certify(network)
        expect_sound(network, certificate)
        assert (certificate.radius or 0) < (certify(hand_made(seed=seed, hidden=4)).radius or 0)


def test_denormal_weights_and_rows_of_zeros() -> None:
    for small in (1e-45, 1e-40, 2.0**-127):
        first = np.concatenate([np.eye(3), np.zeros((2, 3)), np.full((2, 3), small)])
        second = np.concatenate([RULE_WEIGHT, np.full((5, 2), 7.0), np.full((5, 2), 1e30)], axis=1)
        network = network_of((first, np.zeros(7)), (second, RULE_BIAS.astype(float)))
        certificate = certify(network)
        expect_sound(network, certificate)
        assert certificate.radius is not None
        assert certificate.radius > 1_000_000
    nothing = network_of((np.zeros((3, 3)), np.zeros(3)), (np.zeros((5, 3)), RULE_BIAS.astype(float)))
    certificate = certify(nothing)
    expect_sound(nothing, certificate)
    assert certificate.radius == 0
    assert certificate.rank == 0


def test_the_lab_s_network_of_2_is_never_right_for_long() -> None:
    network = trained(2)
    certificate = certify(network)
    expect_sound(network, certificate)
    assert certificate.rank == 2
    assert certificate.radius is None or certificate.radius < 3
    assert max(map(abs, certificate.counterexample)) <= 4


def test_a_network_with_activations_is_checked_not_proved() -> None:
    network = trained(16, activation="relu", learning_rate=3e-4, steps=200_000)
    certificate = certify(network)
    expect_sound(network, certificate)
    assert certificate.method == "checked"
    assert certificate.sentence.startswith("Checked")
    assert certificate.radius is not None
    assert certificate.radius >= 3
    assert certificate.weight is None


def constant(*values: float) -> MyNetwork:
    """A network with an activation that gives the same answer to every vector."""
    network = MyNetwork(3, 2, 5, activation="relu")
    for parameter in network.parameters():
        torch.nn.init.zeros_(parameter)
    *_, bias = network.parameters()
    bias.data = torch.tensor(values, dtype=torch.float32)
    return network


def test_checked_for_nothing_but_zero() -> None:
    certificate = certify(constant(*RULE_BIAS.tolist()))
    assert certificate.radius == 0
    assert certificate.sentence == (
        "Checked, one by one: right for [0, 0, 0] only, alone or in any batch. One of the next may be wrong."
    )
    assert max(map(abs, certificate.counterexample)) == 1


@pytest.mark.parametrize("network", [constant(0, 0, 0, 0, 0), network_of((np.zeros((5, 3)), np.zeros(5)))])
def test_wrong_for_zero(network: MyNetwork) -> None:
    certificate = certify(network)
    assert certificate.radius is None
    assert certificate.counterexample == [0, 0, 0]
    assert (certificate.answer, certificate.expected) == ([0] * 5, RULE_BIAS.tolist())


def test_shares() -> None:
    assert [share(part, 200) for part in (0, 1, 2, 101, 198, 199, 200)] == [
        "none",
        "less than 1%",
        "about 1%",
        "about 50%",
        "about 99%",
        "more than 99%",
        "all",
    ]


def test_numbers_too_large_for_float32_are_never_certified() -> None:
    network = network_of(
        (np.eye(3) * 2.0**120, np.zeros(3)), (RULE_WEIGHT * 2.0**-120, RULE_BIAS.astype(float))
    )
    certificate = certify(network)
    expect_sound(network, certificate)
    assert certificate.radius is not None
    assert certificate.radius < 2**8  # 2**120 times that is more than float32 holds
