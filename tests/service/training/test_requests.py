"""What a training may ask for: anything else is refused in one sentence, and nothing changes."""

import math
from typing import Any

import pytest

from service import InvalidInput, TrainingService
from service.training.requests import model_arguments, step_limits, training_arguments
from tests.conftest import message_of


@pytest.mark.parametrize(
    ("task", "given", "words"),
    [
        ("product", {"learning_rate": math.nan}, "learning_rate must be a number above 0"),
        (
            "product",
            {"steps": 100_000_001},
            "steps must be a whole number from 1 to 100,000,000 with engine compiled",
        ),
        (
            "product",
            {"steps": 0},
            "steps must be a whole number from 1 to 100,000,000 with engine compiled; got 0.",
        ),
        (
            "product",
            {"steps": 1e300},
            "steps must be a whole number from 1 to 100,000,000 with engine compiled; got 1e+300.",
        ),
        ("product", {"engine": 5}, "engine must be one of compiled, autograd; got 5."),
        ("product", {"optimizer": 5}, "optimizer must be one of sgd, adam"),
        (
            "product",
            {"settings": {"\ud800": 1}},
            "'\\ud800' must be left out, for the optimizer sgd takes only",
        ),
        ("challenge", {"key": "\ud800"}, "key must be a text of 1 to 200 printable characters"),
        ("challenge", {"dataset": ""}, "dataset must be one of cube, plane, positive; got ''."),
        ("product", {"engine": "warp"}, "engine must be one of compiled, autograd; got 'warp'."),
        ("product", {"optimizer": "lion"}, "optimizer must be one of sgd, adam"),
        (
            "product",
            {"settings": {"betas": [0, 0]}},
            "betas must be left out, for the optimizer sgd takes only",
        ),
        (
            "product",
            {"settings": "none"},
            "settings must be the optimizer's own settings, by name; got 'none'.",
        ),
        ("product", {"order": "random"}, "order must be one of sequential, shuffled; got 'random'."),
        (
            "product",
            {"batch_size": 2},
            "batch_size must be at most 1, the number of examples to train on; got 2.",
        ),
        ("product", {"low": 0}, "low must be left out, for the task product has its own example; got 0."),
        ("memorize", {"dataset": "cube"}, "dataset must be left out, for the task memorize"),
        ("challenge", {"dataset": "../x"}, "dataset must be one of cube, plane, positive; got '../x'."),
        ("challenge", {"dataset": "cube", "batch_size": 28}, "batch_size must be at most 27"),
        ("challenge", {"low": 3, "high": 3}, "low must be below the highest entry, 3; got 3."),
        (
            "challenge",
            {"examples": 10_001},
            "examples must be a whole number from 1 to 10,000; got 10001.",
        ),
        ("challenge", {"data_seed": -1}, "data_seed must be a whole number from 0"),
        ("challenge", {"held_out": 0.91}, "held_out must be a number from 0 to 0.9; got 0.91."),
        ("challenge", {"held_out": math.nan}, "held_out must be a number from 0 to 0.9; got NaN."),
        ("challenge", {"held_out": "0.1"}, "held_out must be a number from 0 to 0.9; got '0.1'."),
        ("memorize", {"held_out": 0.1}, "held_out must be left out, for the task memorize"),
        (
            "challenge",
            {"dataset": "cube", "held_out": 0.5, "batch_size": 14},
            "batch_size must be at most 13, the number of examples to train on; got 14.",
        ),
        (
            "challenge",
            {"dataset": "upload-" + "0" * 32},
            "dataset must be one of cube, plane, positive, or a set",
        ),
        (
            "challenge",
            {"dataset": "upload-0"},
            "dataset must be one of cube, plane, positive; got 'upload-0'.",
        ),
        ("challenge", {"key": ""}, "key must be a text of 1 to 200 printable characters; got ''."),
        ("challenge", {"lr": 1}, "lr must be left out, for a training takes only"),
    ],
)
def test_a_bad_training_is_refused_and_changes_nothing(
    lab: TrainingService, task: str, given: dict[str, Any], words: str
) -> None:
    model = lab.create_model(task)
    before = lab.snapshot(model.id).parameters
    assert message_of(lambda: lab.train(model.id, **given), InvalidInput).startswith(words)
    assert lab.latest_job(model.id) is None
    assert lab.snapshot(model.id).parameters == before


def test_a_training_need_not_be_given_what_its_task_has() -> None:
    rate = training_arguments(step_limits())["learning_rate"]
    assert (rate.type, rate.default) == (float | None, None)
    assert rate.title == "the step size (null: the task's default)"


def test_an_option_of_several_tasks_says_what_each_allows() -> None:
    target = model_arguments()["target"]
    assert target.default is None
    assert target.title == "what the two numbers should multiply to, or the answer to memorize"
    assert target.allowed == (
        "a finite number of at most 3.4e+38 (product), "
        "or a list of 5 finite numbers of at most 3.4e+38 (memorize)"
    )
    assert model_arguments()["hidden"].allowed.endswith(" from 1 to 64 (memorize, challenge)")
