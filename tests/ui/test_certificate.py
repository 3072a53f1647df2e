"""The certificate's panel: filled for what is proved, with its reason, and a vector that is answered wrongly."""

import re
from typing import Any

import numpy as np
import pytest
import torch

from datasets import integers
from service import Certificate, TrainingService
from service.networks import MyNetwork
from service.tasks.challenge.proof import certify, share
from service.tasks.challenge.rule import RULE_BIAS, RULE_WEIGHT
from tests.service.tasks.challenge.test_proof import hand_made
from ui.components.certificate import certificate_panel


def panel(lab: TrainingService, activation: str = "none", **config: Any) -> str:
    model = lab.create_model("challenge", hidden=[3], activation=activation)
    if config:
        lab.train(model.id, **config)
    return certificate_panel(lab.snapshot(model.id).certify())


def test_a_trained_network_is_proved(lab: TrainingService) -> None:
    shown = panel(lab, learning_rate=1e-3, steps=20_000)
    assert 'data-certificate="proved"' in shown
    assert "Proved up to " in shown
    assert "weights limit it" in shown
    assert "What can help:" in shown
    assert "The nearest vector found that it gets wrong: <b>[" in shown
    assert "The whole network as one matrix and one bias" in shown


def test_one_that_is_too_narrow_is_not_told_to_train_on(lab: TrainingService) -> None:
    model = lab.create_model("challenge", hidden=[2])
    lab.train(model.id, learning_rate=1e-3, steps=20_000)
    shown = certificate_panel(lab.snapshot(model.id).certify())
    assert "Its width limits it" in shown
    assert "What can help" not in shown


def test_one_with_activations_is_checked(lab: TrainingService) -> None:
    shown = panel(lab, activation="relu", learning_rate=1e-3, steps=20_000)
    assert 'data-certificate="checked"' in shown or 'data-certificate="none"' in shown
    assert "one matrix" not in shown


def test_an_untrained_one_is_neither(lab: TrainingService) -> None:
    shown = panel(lab)
    assert 'data-certificate="none"' in shown
    assert "<b>[0, 0, 0]</b>" in shown


def sentences_of(certificate: Certificate) -> str:
    return certificate.sentence + certificate_panel(certificate)


@pytest.mark.parametrize("hidden", [None, 3])
@pytest.mark.parametrize("noise", [0, 2.0**-30, 1e-7, 1e-4, 0.4, 1e9])
@pytest.mark.parametrize("offset", [0.0, 1e7, 1e38])
def test_the_words_are_those_of_the_numbers(noise: float, hidden: int | None, offset: float) -> None:
    found = certify(hand_made(noise, seed=3, hidden=hidden, offset=offset))
    words = sentences_of(found)
    assert not re.search(r"-0\b(?!\.)|\b1 integer vectors|by at most|\b100%|\b0%|nan", words)
    if found.radius is None:
        assert found.limit is None
        assert "Not even [0, 0, 0] is sure" in found.sentence
        assert "Not even sure of [0, 0, 0]" in words
        return
    assert found.limit is not None
    assert found.weight_error is not None
    assert found.exact_error is not None
    assert found.rounding_error is not None
    assert found.exact_error + found.rounding_error < 0.5
    assert ("exactly 0 in the matrix" in words) == (found.weight_error == 0)
    assert ("exactly 0 in the bias" in words) == (found.bias_error == 0)
    assert ("every integer vector" in found.sentence) == (found.radius > 0)
    assert ("Proved for [0, 0, 0] only" in words) == (found.radius == 0)
    assert ("No network can do better" in words) == (found.radius == 2**24 - 2)
    assert ("weights limit it" in words) == (
        found.limit == "weights" and found.exact_error >= found.rounding_error
    )


@pytest.mark.parametrize(
    ("part", "whole", "words"),
    [
        (0, 0, "none"),
        (0, 3, "none"),
        (3, 3, "all"),
        (1e-300, 1, "less than 1%"),
        (0.0099, 1, "less than 1%"),
        (0.0101, 1, "about 1%"),
        (0.5, 1, "about 50%"),
        (0.9949, 1, "more than 99%"),
        (0.99999999, 1, "more than 99%"),
    ],
)
def test_0_and_100_percent_are_said_of_none_and_all_only(part: float, whole: float, words: str) -> None:
    assert share(part, whole) == words


@pytest.mark.parametrize("seed", range(20))
def test_no_matrix_of_rank_2_is_right_for_all_of_minus_1_0_and_1(seed: int) -> None:
    """Not the nearest to the rule, nor others; so a width that limits a network leaves a radius of 0 at most."""
    random = np.random.default_rng(seed)
    left, sizes, right_ = np.linalg.svd(RULE_WEIGHT + random.normal(size=(5, 3)) * seed / 10)
    flat = (left[:, :2] * sizes[:2]) @ right_[:2]
    cube = integers.cube(1)
    assert (np.abs(cube @ flat.T + RULE_BIAS - integers.answer(cube)) >= 0.5).any()
    certificate = certify(hand_made(seed / 100, seed, hidden=2))
    assert certificate.radius in (None, 0)
    assert certificate.limit == (None if certificate.radius is None else "width")


def test_a_checked_network_in_words() -> None:
    nothing = MyNetwork(3, 3, 5, activation="relu")
    with torch.no_grad():
        for parameter in nothing.parameters():
            parameter.zero_()
        nothing.m2.bias.copy_(torch.tensor(RULE_BIAS))  # pyright: ignore
    found = certify(nothing)
    assert found.sentence == (
        "Checked, one by one: right for [0, 0, 0] only, alone or in any batch. One of the next may be wrong."
    )
    assert "Checked for [0, 0, 0] only" in certificate_panel(found)
    assert 'data-certificate="none"' in certificate_panel(found)
