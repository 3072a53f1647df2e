"""The optimizer table."""

import inspect
from typing import Any

import pytest
import torch

from service.errors import InvalidInput
from service.optimizers import OPTIMIZERS, build_optimizer, complete_settings
from tests.conftest import message_of


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_the_defaults_are_torch_s(name: str) -> None:
    kind = OPTIMIZERS[name]
    signature = inspect.signature(kind.torch_class).parameters
    for setting, value in complete_settings(name, {}).items():
        assert value == signature[setting].default, setting


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_torch_takes_every_setting(name: str) -> None:
    weight = torch.nn.Parameter(torch.ones(2))
    optimizer = build_optimizer(name, [weight], 0.1, complete_settings(name, {}))
    assert type(optimizer) is OPTIMIZERS[name].torch_class
    assert optimizer.param_groups[0]["lr"] == 0.1


@pytest.mark.parametrize(
    ("name", "settings", "words"),
    [
        ("sgdx", {}, "optimizer must be one of sgd, adam, adamw, nadam, rmsprop, adagrad; got 'sgdx'."),
        (7, {}, "optimizer must be one of"),
        (
            "adam",
            {"momentum": 0.9},
            "momentum must be left out, for the optimizer adam takes only betas, eps, weight_decay; got 0.9.",
        ),
        (
            "sgd",
            {"betas": [0.9, 0.9]},
            "betas must be left out, for the optimizer sgd takes only momentum, nesterov",
        ),
        ("sgd", {"momentum": 1.1}, "momentum must be a number from 0 to 1; got 1.1."),
        ("sgd", {"nesterov": True}, "nesterov must be false while momentum is 0; got true."),
        ("sgd", {"nesterov": 1, "momentum": 0.9}, "nesterov must be true or false; got 1."),
        (
            "adam",
            {"betas": [0.9]},
            "betas must be two numbers from 0 up to, but not including, 1; got [0.9].",
        ),
        ("adam", {"betas": [0.9, 1.0]}, "betas must be two numbers"),
        ("adamw", {"weight_decay": -1}, "weight_decay must be a number from 0 to 1000; got -1."),
        (
            "rmsprop",
            {"alpha": float("nan")},
            "alpha must be a number from 0 up to, but not including, 1; got NaN.",
        ),
        ("adagrad", {"eps": 0}, "eps must be a number above 0 and at most 1; got 0."),
    ],
)
def test_another_optimizer_s_setting_or_a_bad_one_is_named(
    name: Any, settings: dict[str, Any], words: str
) -> None:
    assert message_of(lambda: complete_settings(name, settings), InvalidInput).startswith(words)


def test_momentum_may_be_1_for_that_is_never_resetting() -> None:
    assert complete_settings("sgd", {"momentum": 1.0})["momentum"] == 1.0
