"""What the page is told of a training: what stays while a slider moves, and what the sliders set."""

import json
from typing import Any

import pytest

from service import TrainingService
from ui.dragging import hand, hand_of


def told(lab: TrainingService, task: str, options: dict[str, Any], config: dict[str, Any]) -> Any:
    asked = lab.descriptions.asked(task, options, config)
    return hand(task, *asked, lab.catalog.engines())


def test_what_the_sliders_set_is_told_apart_from_the_rest(lab: TrainingService) -> None:
    one = told(
        lab, "memorize", {"seed": 3}, {"learning_rate": 0.5, "steps": 7, "settings": {"momentum": 0.25}}
    )
    assert one["live"] == {"learning_rate": 0.5, "steps": 7, "seed": 3, "optimizer.momentum": 0.25}
    other = told(lab, "memorize", {}, {"settings": {"momentum": 0.75}})
    assert one["of"] == other["of"]
    assert one["of"] != told(lab, "memorize", {"hidden": [9]}, {})["of"]


def test_where_the_product_starts_is_set_by_sliders(lab: TrainingService) -> None:
    found = told(lab, "product", {"start": [1.5, -2]}, {})
    assert (found["live"]["start.0"], found["live"]["start.1"]) == (1.5, -2.0)
    assert "start" not in json.loads(found["of"])["options"]


def test_the_rest_can_be_asked_for(lab: TrainingService) -> None:
    config = {"optimizer": "adamw", "settings": {"betas": [0.5, 0.9]}, "order": "shuffled", "examples": 10}
    asked = json.loads(told(lab, "challenge", {"hidden": [5]}, config)["of"])
    description = json.loads(lab.descriptions.describe(asked["task"], asked["options"], asked["config"]))
    assert description["widths"] == [3, 5, 5]
    assert description["settings"]["betas"] == [0.5, 0.9]


def test_with_nesterov_the_momentum_stays(lab: TrainingService) -> None:
    found = told(lab, "memorize", {}, {"settings": {"momentum": 0.5, "nesterov": True}})
    assert "optimizer.momentum" not in found["live"]
    assert json.loads(found["of"])["config"]["settings"]["momentum"] == 0.5


@pytest.mark.parametrize("config", [{"engine": "autograd"}, {"optimizer": "nadam"}])
def test_what_no_browser_can_run_is_left_to_the_server(lab: TrainingService, config: dict[str, Any]) -> None:
    assert told(lab, "memorize", {}, config) is None


def test_so_is_a_model_that_was_trained_on(lab: TrainingService) -> None:
    model = lab.create_model("product")
    engines = lab.catalog.engines()
    assert hand_of(lab.snapshot(model.id), engines) is None
    lab.train(model.id, steps=5)
    found = hand_of(lab.snapshot(model.id), engines)
    assert found == told(lab, "product", {}, {"steps": 5})
    lab.train(model.id, steps=5)
    assert hand_of(lab.snapshot(model.id), engines) is None
