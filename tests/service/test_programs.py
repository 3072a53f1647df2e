"""A model's training as a plain program: it ends at the same weights."""

from typing import Any

import pytest
import torch

from service import JobStatus, TrainingService
from service.optimizers import OPTIMIZERS
from tests.conftest import under_way, until
from tests.service.programs import printed_alone, printed_by, run

AUTOGRAD = {"engine": "autograd"}

TRAININGS: dict[str, tuple[str, dict[str, Any], list[dict[str, Any]]]] = {
    "product, twice": (
        "product",
        {"start": [2.5, 4]},
        [{"steps": 20}, {"steps": 30, "learning_rate": 1e-3}],
    ),
    "memorize, momentum and then adam": (
        "memorize",
        {"seed": 3, "hidden": [4], "activation": "tanh"},
        [
            {"steps": 40, "learning_rate": 1e-3, "settings": {"momentum": 0.9, "nesterov": True}},
            {"steps": 40, "learning_rate": 1e-3, "optimizer": "adam", "settings": {"betas": [0.8, 0.99]}},
        ],
    ),
    "challenge, in order": ("challenge", {}, [{"steps": 150, "examples": 40}]),
    "challenge, shuffled batches": (
        "challenge",
        {"hidden": [8, 4], "activation": "relu"},
        [{"steps": 30, "batch_size": 7, "order": "shuffled", "examples": 30, "data_seed": 5}] * 2,
    ),
    "challenge, examples held out, then others, then none": (
        "challenge",
        {},
        [
            {
                "steps": 30,
                "examples": 40,
                "held_out": 0.25,
                "batch_size": 7,
                "order": "shuffled",
                "data_seed": 3,
            },
            {"steps": 30, "dataset": "cube", "held_out": 0.5},
            {"steps": 10, "dataset": "cube"},
        ],
    ),
    "challenge, a data set": (
        "challenge",
        {"hidden": []},
        [{"steps": 60, "dataset": "cube", "optimizer": "rmsprop", "batch_size": 27}],
    ),
}


def weights_after(program: str) -> dict[str, Any]:
    """The weights that the program ends with."""
    names, _ = run(program)
    if "my_network" in names:
        return {name: weight.tolist() for name, weight in names["my_network"].state_dict().items()}
    return {name: names[name].tolist() for name in ("var_1", "var_2")}


@pytest.mark.parametrize("name", TRAININGS)
def test_on_autograd_it_ends_at_the_same_bits(lab: TrainingService, name: str) -> None:
    task, options, trainings = TRAININGS[name]
    model = lab.create_model(task, **options)
    for training in trainings:
        lab.train(model.id, **{**AUTOGRAD, **training})
    assert weights_after(lab.program(model.id)) == lab.parameters(model.id)


def test_it_does_so_with_every_optimizer_one_after_another(lab: TrainingService) -> None:
    model = lab.create_model("challenge", hidden=[4], activation="tanh")
    given = {
        **AUTOGRAD,
        "steps": 25,
        "learning_rate": 1e-3,
        "examples": 20,
        "settings": {"weight_decay": 0.1},
    }
    for optimizer in OPTIMIZERS:
        lab.train(model.id, optimizer=optimizer, **given)
    # Each once more: with the same settings it goes on, at another learning rate too.
    for optimizer in OPTIMIZERS:
        for learning_rate in (1e-3, 2e-3, 2e-3):
            lab.train(model.id, optimizer=optimizer, **{**given, "learning_rate": learning_rate})
    assert lab.model(model.id).step == 25 * 4 * len(OPTIMIZERS)
    assert weights_after(lab.program(model.id)) == lab.parameters(model.id)


def test_a_run_that_was_cancelled_counts_as_far_as_it_came(lab: TrainingService) -> None:
    model = lab.create_model("memorize")
    long = {**AUTOGRAD, "learning_rate": 1e-6, "settings": {"momentum": 0.9}}
    job = lab.submit(model.id, steps=5_000_000, **long)
    until(lab, job.id, under_way)
    cancelled = lab.cancel(job.id)
    assert cancelled.status is JobStatus.cancelled
    assert 0 < cancelled.step < cancelled.target_step
    assert weights_after(lab.program(model.id)) == lab.parameters(model.id)
    lab.train(model.id, steps=10, **long)
    assert weights_after(lab.program(model.id)) == lab.parameters(model.id)


def test_a_run_that_diverged_counts_as_far_as_it_came(lab: TrainingService) -> None:
    model = lab.create_model("product")
    job = lab.train(model.id, steps=100, learning_rate=0.1, **AUTOGRAD)
    assert job.status is JobStatus.diverged
    assert job.step > 0
    assert weights_after(lab.program(model.id)) == lab.parameters(model.id)


def test_a_run_that_diverged_at_once_is_as_if_it_had_not_been(lab: TrainingService) -> None:
    model = lab.create_model("product", start=[3e9, 4e9])
    with_momentum = {**AUTOGRAD, "steps": 5, "learning_rate": 1e-25, "settings": {"momentum": 0.9}}
    lab.train(model.id, **with_momentum)
    between = lab.train(model.id, steps=5, learning_rate=1000, **AUTOGRAD)
    assert (between.status, between.step) == (JobStatus.diverged, 5)
    lab.train(model.id, **with_momentum)
    assert weights_after(lab.program(model.id)) == lab.parameters(model.id)


@pytest.mark.parametrize("optimizer", ["sgd", "adam", "adamw"])
@pytest.mark.parametrize(
    ("task", "options"),
    [("product", {}), ("memorize", {"activation": "tanh"}), ("challenge", {"activation": "relu"})],
)
def test_after_the_compiled_engine_its_weights_differ_by_rounding_at_most(
    lab: TrainingService, task: str, options: dict[str, Any], optimizer: str
) -> None:
    model = lab.create_model(task, **options)
    for steps in (100, 50):
        job = lab.train(model.id, steps=steps, learning_rate=1e-3, optimizer=optimizer)
        assert job.config.engine == "compiled"
    weights = weights_after(lab.program(model.id))
    for name, expected in lab.parameters(model.id).items():
        torch.testing.assert_close(torch.tensor(weights[name]), torch.tensor(expected), rtol=1e-5, atol=1e-5)


def test_an_added_data_set_is_in_the_program(lab: TrainingService) -> None:
    rows = [
        "a,b,c,y1,y2,y3,y4,y5",
        "0.1,2,3,1e8,-2,3,4,5",
        "-1,0.3333333,3,1,2,3,4,1e-20",
        "1,1,1,1,1,1,2,3",
    ]
    name = lab.add_dataset("\n".join(rows)).name
    model = lab.create_model("challenge")
    lab.train(model.id, dataset=name, steps=1, learning_rate=1e-9, held_out=0.4, **AUTOGRAD)
    lab.train(model.id, dataset=name, steps=20, learning_rate=1e-9, **AUTOGRAD)
    program = lab.program(model.id)
    assert "# 1 examples are kept out of training." in program
    assert weights_after(program) == lab.parameters(model.id)


def test_both_losses_are_printed(lab: TrainingService) -> None:
    model = lab.create_model("challenge")
    lab.train(model.id, steps=50, examples=40, held_out=0.25, **AUTOGRAD)
    history = lab.history(model.id)
    assert history.held_out_loss is not None
    printed = printed_by(lab.program(model.id)).splitlines()
    found = [float(line.removeprefix("tensor(").split(",")[0]) for line in printed]
    assert found == pytest.approx([history.loss[-1], history.held_out_loss[-1]], rel=1e-4)


def test_on_the_compiled_engine_it_ends_within_rounding(lab: TrainingService) -> None:
    model = lab.create_model("memorize")
    lab.train(model.id, learning_rate=1e-2, steps=200)
    (outputs,) = lab.predict(model.id, [[1, 2, 3]]).outputs
    printed = printed_alone(lab.program(model.id))
    assert printed == f"{torch.tensor(outputs)!r}"[:-1] + ", grad_fn=<ViewBackward0>)"


def test_an_untrained_model_has_a_program_too(lab: TrainingService) -> None:
    program = lab.program(lab.create_model("challenge").id)
    compile(program, "program.py", "exec")
    assert "for " not in program
