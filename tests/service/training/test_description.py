"""A training as JSON: whole, and in the layout that it says."""

import json
from base64 import b64decode
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.lib.stride_tricks import as_strided

from service import TrainingService
from service.engines.base import epoch_orders
from service.tasks import TASKS
from service.training.advance import Work, advance, restore
from service.training.description import describe
from tests.service.engines.works import state
from tests.service.works import make_work

BUFFERS = {"adam": ["exp_avg", "exp_avg_sq"], "sgd": []}


def described(work: Work) -> dict[str, Any]:
    """What arrives where the description is sent."""
    return json.loads(json.dumps(describe(work)))


def floats(text: str) -> np.ndarray[Any, Any]:
    return np.frombuffer(b64decode(text), np.float32)


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("optimizer", BUFFERS)
def test_its_views_find_every_number_of_the_training(task: str, optimizer: str) -> None:
    work = make_work(task, 9, engine="compiled", optimizer=optimizer, learning_rate=1e-3)
    trained = advance(work, 4)
    work = replace(work, step=trained.step, checkpoint=trained.checkpoint)
    found, wanted = described(work), state(restore(work))
    arrays = {"": found["parameters"]}
    arrays |= {f"/{name}": text for name, text in zip(BUFFERS[optimizer], found["buffers"], strict=True)}
    for suffix, text in arrays.items():
        for view in found["views"]:
            strides = [4 * stride for stride in view["strides"]]
            seen = as_strided(floats(text)[view["offset"] :], view["shape"], strides)
            assert np.array_equal(seen, wanted[view["name"] + suffix].numpy())
    assert found["updates"] == (4 if optimizer == "adam" else 0)
    assert (found["start_step"], found["step"], found["target_step"]) == (0, 4, 9)


def test_it_begins_with_the_loss_that_the_run_begins_with() -> None:
    work = make_work("challenge", 9, engine="compiled", examples=10, held_out=0.2)
    (first,) = described(work)["points"]
    assert first == advance(work, 1).points[0]._asdict()


def test_its_orders_reach_to_the_update_after_its_last() -> None:
    work = make_work("challenge", 200, engine="compiled", examples=3000, batch_size=60, order="shuffled")
    orders = described(replace(work, step=60))["orders"]
    assert (orders["steps_per_block"], orders["first_block"]) == (50, 1)
    places = np.frombuffer(b64decode(orders["places"]), np.uint16).reshape(-1, 3000)
    for block, found in enumerate(places, start=1):
        assert np.array_equal(found, epoch_orders(work.config, 3000, block)[0])
    assert len(places) == 4


@pytest.mark.parametrize("given", [{"engine": "autograd"}, {"engine": "compiled", "optimizer": "nadam"}])
def test_there_is_none_where_only_the_engine_can_run_it(given: dict[str, Any]) -> None:
    assert describe(make_work("memorize", 9, **given)) is None


class TestBeginnings:
    def test_they_are_those_of_the_first_training_of_every_seed(self, lab: TrainingService) -> None:
        given = {"examples": 30, "held_out": 0.2, "learning_rate": 1e-3, "steps": 9}
        told = json.loads(lab.descriptions.describe("challenge", {"hidden": [4], "seed": 2**32 - 1}, given))
        assert set(told["first"]) == {*map(str, range(100)), str(2**32 - 1)}
        for seed in (0, 99, 2**32 - 1):
            model = lab.create_model("challenge", hidden=[4], seed=seed)
            weights = [np.ravel(each) for each in lab.snapshot(model.id).parameters.values()]
            assert np.array_equal(
                floats(told["first"][str(seed)]["weights"]), np.concatenate(weights, dtype="f4")
            )
            history = (lab.train(model.id, **given), lab.snapshot(model.id).history)[1]
            (point,) = told["first"][str(seed)]["points"]
            assert history.held_out_loss is not None
            assert (point["loss"], point["held_out_loss"]) == (history.loss[0], history.held_out_loss[0])
        assert told["loss_floor"] == lab.snapshot(model.id).loss_floor

    def test_of_a_large_network_there_are_fewer(self, lab: TrainingService) -> None:
        told = json.loads(lab.descriptions.describe("memorize", {"hidden": [64, 64, 64], "seed": 7}, {}))
        assert set(told["first"]) == {"0", "7"}

    def test_shuffled_orders_reach_as_far_as_there_is_room(self, lab: TrainingService) -> None:
        given = {"examples": 100, "batch_size": 3, "order": "shuffled", "steps": 5}
        orders = json.loads(lab.descriptions.describe("challenge", {}, given))["orders"]
        assert 131_072 - 4096 <= len(b64decode(orders["places"])) / 2 <= 131_072 + 4096

    def test_without_a_finite_loss_there_is_no_point(self, lab: TrainingService) -> None:
        told = json.loads(lab.descriptions.describe("product", {"start": [1e30, 1e30]}, {}))
        assert told["first"]["0"]["points"] == []

    def test_there_are_none_where_only_the_engine_can_run_it(self, lab: TrainingService) -> None:
        assert lab.descriptions.describe("memorize", {}, {"engine": "autograd"}) == "null"
        assert lab.descriptions.describe("memorize", {}, {"optimizer": "nadam"}) == "null"
