"""A link's text gives the same weights again, to the bit, and anything else gives one sentence."""

import base64
import json
import zlib
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from service import InvalidInput, TrainingService, packed_recipe
from service.networks import MyNetwork
from service.takeaway.recipes import MAX_LINK_CHARACTERS, MAX_RECIPE_BYTES, Recipe, packed, unpacked
from service.training.fingerprint import fingerprint
from tests.conftest import message_of


def again(lab: TrainingService, recipe: str) -> str:
    model, trainings = lab.recreate(recipe)
    for training in trainings:
        lab.train(model.id, **training)
    return model.id


@pytest.mark.parametrize(
    ("task", "options", "trainings"),
    [
        ("product", {"start": [2, 5], "target": 12}, [{"learning_rate": 0.01, "steps": 30}]),
        (
            "memorize",
            {"hidden": [4], "seed": 9},
            [{"steps": 100, "optimizer": "adam", "learning_rate": 0.01}],
        ),
        ("memorize", {}, []),
        (
            "challenge",
            {"hidden": [3], "activation": "tanh", "seed": 1},
            [
                {"steps": 200, "order": "shuffled", "batch_size": 4, "data_seed": 3, "examples": 50},
                {"steps": 100, "engine": "autograd", "learning_rate": 1e-4, "dataset": "cube"},
            ],
        ),
    ],
)
def test_the_weights_are_the_same_to_the_bit(
    lab: TrainingService, task: str, options: Any, trainings: Any
) -> None:
    model = lab.create_model(task, **options)
    for training in trainings:
        lab.train(model.id, **training)
    recipe = packed_recipe(lab.snapshot(model.id))
    assert recipe.replace("-", "").replace("_", "").isalnum()
    other = again(lab, recipe)
    assert other != model.id
    assert lab.snapshot(other).parameters == lab.snapshot(model.id).parameters
    assert lab.snapshot(other).fingerprint == lab.snapshot(model.id).fingerprint
    assert packed_recipe(lab.snapshot(other)) == recipe


def test_a_training_that_was_stopped_counts_as_far_as_it_came(lab: TrainingService) -> None:
    model = lab.create_model("product")
    diverged = lab.train(model.id, learning_rate=0.1, steps=1000)
    assert diverged.step < 1000
    assert (
        lab.snapshot(again(lab, packed_recipe(lab.snapshot(model.id)))).parameters
        == lab.snapshot(model.id).parameters
    )


def test_a_single_bit_changes_the_fingerprint() -> None:
    torch.manual_seed(0)
    network = MyNetwork(3, 2, 5)
    before = fingerprint(network)
    assert len(before) == 16
    layer = next(network.children())
    with torch.no_grad():
        layer.bias[0] = torch.nextafter(layer.bias[0], torch.tensor(9.0))  # pyright: ignore[reportIndexIssue, reportArgumentType]
    assert fingerprint(network) != before


def packed_json(value: Any) -> str:
    return base64.urlsafe_b64encode(zlib.compress(json.dumps(value).encode())).decode().rstrip("=")


GOOD: dict[str, Any] = {"task": "product", "options": {}, "seed": 0, "trainings": [{"steps": 3}]}


def test_the_good_one_is_good(lab: TrainingService) -> None:
    assert lab.recreate(packed_json(GOOD))[0].task == "product"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "é" * 8,
        "A" * (MAX_LINK_CHARACTERS + 1),
        packed_json([]),
        packed_json("x" * (2 * MAX_RECIPE_BYTES)),
        packed_json({**GOOD, "more": 1}),
        packed_json({**GOOD, "trainings": [{}]}),
        packed_json({**GOOD, "trainings": [{"steps": 1}] * 51}),
        packed_json(GOOD)[:-4],
    ],
    ids=range(10),
)
def test_what_is_no_recipe_is_refused(lab: TrainingService, text: str) -> None:
    assert message_of(lambda: lab.recreate(text), InvalidInput).startswith("run must be")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"task": "chess"}, "task must be one of"),
        ({"seed": -1}, "seed must be"),
        (
            {"options": {"task": "challenge"}},
            "task must be left out, for the task product takes only start, target",
        ),
        ({"trainings": [{"steps": 10**12}]}, "steps must be"),
        (
            {"trainings": [{"steps": 5, "model_id": "x"}]},
            "model_id must be left out, for a training takes only",
        ),
    ],
)
def test_what_is_not_allowed_is_named_and_nothing_is_made(
    lab: TrainingService, change: dict[str, Any], sentence: str
) -> None:
    message = message_of(lambda: lab.recreate(packed_json({**GOOD, **change})), InvalidInput)
    assert message.startswith(sentence)
    assert lab._database.rows("SELECT COUNT(*) FROM models")[0][0] == 0


def test_a_run_that_is_too_long_for_a_link_has_none() -> None:
    trainings: list[dict[str, Any]] = [{"steps": 1, "dataset": f"{number:0200x}"} for number in range(50)]
    recipe = Recipe(task="product", options={}, seed=0, trainings=trainings)
    assert unpacked(packed(recipe)) == recipe
    random = np.random.default_rng(0)
    noise = [{"steps": 1, "dataset": random.bytes(100).hex()} for _ in range(50)]
    message = message_of(lambda: packed(recipe.model_copy(update={"trainings": noise})), InvalidInput)
    assert message.startswith("The link to this run must be at most 8,000 characters")


@given(
    options=st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=5), max_size=3),
    seed=st.integers(0, 2**32 - 1),
    steps=st.lists(st.integers(1, 10**8), max_size=5),
)
def test_packing_loses_nothing(options: dict[str, Any], seed: int, steps: list[int]) -> None:
    trainings: list[dict[str, Any]] = [{"steps": each} for each in steps]
    recipe = Recipe(task="product", options=options, seed=seed, trainings=trainings)
    assert unpacked(packed(recipe)) == recipe
