"""What holds for every optimizer."""

from typing import Any

import gradio as gr
import pytest
import torch
from hypothesis import given
from hypothesis import settings as few
from hypothesis import strategies as st

from service import JobStatus, TrainingService, packed_recipe, training_program
from service.optimizers import OPTIMIZERS, complete_settings
from service.training.advance import advance
from tests.service.programs import weights_after
from tests.service.works import every_engine, in_slices, make_work, parameters
from ui.fields import OptimizerControls

every_optimizer = pytest.mark.parametrize("optimizer", OPTIMIZERS)
OTHER_SETTINGS: dict[str, dict[str, Any]] = {
    "sgd": {"momentum": 0.9, "nesterov": True},
    "adam": {"betas": [0.8, 0.9]},
    "adamw": {"weight_decay": 0.1},
    "nadam": {"momentum_decay": 0.1},
    "rmsprop": {"alpha": 0.9, "momentum": 0.5},
    "adagrad": {"lr_decay": 0.1},
}


@every_optimizer
@pytest.mark.parametrize("changed", [False, True], ids=["defaults", "other settings"])
def test_it_makes_the_steps_that_torch_makes(optimizer: str, changed: bool) -> None:
    settings = OTHER_SETTINGS[optimizer] if changed else {}
    work = make_work("memorize", 30, optimizer=optimizer, settings=settings, learning_rate=1e-2)
    torch.manual_seed(0)
    layers = torch.nn.ModuleDict({"m1": torch.nn.Linear(3, 2), "m2": torch.nn.Linear(2, 5)})
    given = complete_settings(optimizer, settings)
    steps = OPTIMIZERS[optimizer].torch_class(layers.parameters(), lr=1e-2, **given)  # pyright: ignore[reportCallIssue]
    for _ in range(30):
        outputs = layers["m2"](layers["m1"](torch.tensor([1.0, 2.0, 3.0])))
        torch.sum((outputs - torch.tensor([1.0, 2.0, 3.0, 4.0, 5.0])) ** 2).backward()
        steps.step()
        steps.zero_grad()
    ours = parameters(advance(work, 30))
    assert all(torch.equal(ours[name], weight) for name, weight in layers.named_parameters())


@every_optimizer
@every_engine
@few(max_examples=10)
@given(sizes=st.lists(st.integers(1, 12), max_size=4))
def test_it_goes_on_after_every_cut(optimizer: str, engine: str, sizes: list[int]) -> None:
    settings = OTHER_SETTINGS[optimizer]
    work = make_work("memorize", 40, optimizer=optimizer, settings=settings, engine=engine)
    assert in_slices(work, sizes).checkpoint == advance(work, 40).checkpoint


@every_optimizer
def test_it_leaves_as_a_program_and_as_a_link(lab: TrainingService, optimizer: str) -> None:
    model = lab.create_model("product")
    given = {"optimizer": optimizer, "engine": "autograd", "steps": 8}
    for settings in ({}, OTHER_SETTINGS[optimizer]):
        assert lab.train(model.id, settings=settings, **given).status is JobStatus.succeeded
    now = lab.snapshot(model.id)
    assert weights_after(training_program(now)) == now.parameters
    again, trainings = lab.recreate(packed_recipe(now))
    for training in trainings:
        lab.train(again.id, **training)
    assert lab.snapshot(again.id).fingerprint == now.fingerprint


@every_optimizer
def test_the_page_has_a_control_for_each_of_its_settings(lab: TrainingService, optimizer: str) -> None:
    with gr.Blocks():
        controls = OptimizerControls(lab, "memorize")
    data = {each: getattr(each, "value", None) for each in controls.components}
    read = controls.read({**data, controls.components[0]: optimizer})
    assert list(read["settings"]) == list(lab.catalog.optimizers()[optimizer].settings)
