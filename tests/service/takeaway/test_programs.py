"""A model's training as a plain program: it ends at the same weights, and says the truth about it."""

import json
from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from service import InvalidInput, TrainingService, training_program
from service.numbers import FLOAT32_MAX
from service.optimizers import OPTIMIZERS
from tests.service.programs import printed_alone, printed_by, weights_after

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


@pytest.mark.parametrize("name", TRAININGS)
def test_on_autograd_it_ends_at_the_same_bits(lab: TrainingService, name: str) -> None:
    task, options, trainings = TRAININGS[name]
    model = lab.create_model(task, **options)
    for training in trainings:
        lab.train(model.id, **{**AUTOGRAD, **training})
    assert weights_after(training_program(lab.snapshot(model.id))) == lab.snapshot(model.id).parameters


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
    assert weights_after(training_program(lab.snapshot(model.id))) == lab.snapshot(model.id).parameters


def test_wide_networks_and_batches_do_too_whatever_threads_the_reader_has(lab: TrainingService) -> None:
    model = lab.create_model("challenge", hidden=[64])
    lab.train(model.id, steps=30, learning_rate=1e-4, batch_size=1000, **AUTOGRAD)
    assert weights_after(training_program(lab.snapshot(model.id))) == lab.snapshot(model.id).parameters


class TestAnything:
    """Odd numbers first, in every mixture: the program ends where the run did, to the bit."""

    NUMBERS = st.sampled_from([0.1, -0.0, 0.0, 2.0**99, -(2.0**-133), 2.0**-149, 3.0, -2.5, FLOAT32_MAX])
    ADAPTIVE = {
        "eps": st.sampled_from([1e-300, 1e-8, 1.0]),
        "weight_decay": st.sampled_from([-0.0, 0.0, 0.1]),
    }
    OPTIMIZERS = {
        "sgd": {
            "momentum": st.sampled_from([0.0, -0.0, 0.9, 1.0]),
            "weight_decay": st.sampled_from([0.0, -0.0, 1e-300, 0.1, 1000.0]),
        },
        "adam": ADAPTIVE,
        "adamw": ADAPTIVE,
        "rmsprop": ADAPTIVE,
        "adagrad": ADAPTIVE,
    }
    WIDTHS = st.lists(st.sampled_from([1, 2, 3, 33, 64]), max_size=3)
    NETWORK = {
        "hidden": WIDTHS,
        "activation": st.sampled_from(["none", "relu", "tanh"]),
        "seed": st.sampled_from([0, 2**32 - 1]),
    }
    OPTIONS = {
        "product": {"start": st.lists(NUMBERS, min_size=2, max_size=2), "target": NUMBERS},
        "memorize": {**NETWORK, "target": st.lists(NUMBERS, min_size=5, max_size=5)},
        "challenge": NETWORK,
    }
    DATA = {
        "product": {},
        "memorize": {},
        "challenge": {
            "dataset": st.sampled_from([None, None, "cube", "added"]),
            "examples": st.sampled_from([1, 2, 17, 1000]),
            "high": st.sampled_from([1, 10, 20_000]),
            "data_seed": st.sampled_from([0, 2**32 - 1]),
            "held_out": st.sampled_from([0.0, 0.1, 0.9]),
            "batch_size": st.sampled_from([1, 2, 7, 500]),
            "order": st.sampled_from(["sequential", "shuffled"]),
        },
    }

    @settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(data=st.data())
    def test_at_all(self, lab: TrainingService, data: st.DataObject) -> None:
        task = data.draw(st.sampled_from([*self.OPTIONS]))
        model = lab.create_model(task, **data.draw(st.fixed_dictionaries(self.OPTIONS[task])))
        rows = data.draw(st.lists(st.lists(self.NUMBERS, min_size=8, max_size=8), min_size=1, max_size=20))
        added = lab.add_dataset(
            "a,b,c,y1,y2,y3,y4,y5\n" + "\n".join(",".join(map(repr, row)) for row in rows)
        )
        for _ in range(data.draw(st.integers(1, 4))):
            optimizer = data.draw(st.sampled_from([*self.OPTIMIZERS]))
            training = data.draw(st.fixed_dictionaries(self.DATA[task]))
            if training.get("dataset") == "added":
                training["dataset"] = added.name
            if training.get("dataset"):
                training = {
                    name: value for name, value in training.items() if name not in ("examples", "high")
                }
            try:
                lab.train(
                    model.id,
                    optimizer=optimizer,
                    settings=data.draw(st.fixed_dictionaries({}, optional=self.OPTIMIZERS[optimizer])),
                    learning_rate=data.draw(st.sampled_from([5e-324, 1e-9, 1e-3, 0.1, 1000.0])),
                    steps=data.draw(st.sampled_from([1, 2, 30])),
                    **training,
                    **AUTOGRAD,
                )
            except InvalidInput:  # a batch of more examples than there are
                assume(False)
        # In JSON, for there 0.0 and -0.0 are two.
        assert json.dumps(weights_after(training_program(lab.snapshot(model.id)))) == json.dumps(
            lab.snapshot(model.id).parameters
        )


def test_another_sign_of_zero_begins_anew_as_in_the_lab(lab: TrainingService) -> None:
    model = lab.create_model("memorize")
    for weight_decay in (0.0, -0.0):
        chosen = {"momentum": 0.9, "weight_decay": weight_decay}
        lab.train(model.id, steps=5, learning_rate=1e-2, settings=chosen, **AUTOGRAD)
    assert weights_after(training_program(lab.snapshot(model.id))) == lab.snapshot(model.id).parameters


@pytest.mark.parametrize("optimizer", ["sgd", "adam", "adamw"])
@pytest.mark.parametrize(
    ("task", "options"),
    [("product", {}), ("memorize", {"activation": "tanh"}), ("challenge", {"activation": "relu"})],
)
def test_after_a_calm_training_of_the_compiled_engine_little_differs(
    lab: TrainingService, task: str, options: dict[str, Any], optimizer: str
) -> None:
    model = lab.create_model(task, **options)
    for steps in (100, 50):
        job = lab.train(model.id, steps=steps, learning_rate=1e-3, optimizer=optimizer)
        assert job.config.engine == "compiled"
    weights = weights_after(training_program(lab.snapshot(model.id)))
    for name, expected in lab.snapshot(model.id).parameters.items():
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
    program = training_program(lab.snapshot(model.id))
    assert "# 1 example is kept out of training." in program
    assert weights_after(program) == lab.snapshot(model.id).parameters


def test_both_losses_are_printed(lab: TrainingService) -> None:
    model = lab.create_model("challenge")
    lab.train(model.id, steps=50, examples=40, held_out=0.25, **AUTOGRAD)
    history = lab.snapshot(model.id).history
    assert history.held_out_loss is not None
    printed = printed_by(training_program(lab.snapshot(model.id))).splitlines()
    found = [float(line.removeprefix("tensor(").split(",")[0]) for line in printed]
    assert found == pytest.approx([history.loss[-1], history.held_out_loss[-1]], rel=1e-4)


def test_on_the_compiled_engine_it_ends_within_rounding(lab: TrainingService) -> None:
    model = lab.create_model("memorize")
    lab.train(model.id, learning_rate=1e-2, steps=200)
    (outputs,) = lab.snapshot(model.id).predict([[1, 2, 3]]).outputs
    printed = printed_alone(training_program(lab.snapshot(model.id)))
    assert printed == f"{torch.tensor(outputs)!r}"[:-1] + ", grad_fn=<ViewBackward0>)"


def test_an_untrained_model_has_a_program_too(lab: TrainingService) -> None:
    program = training_program(lab.snapshot(lab.create_model("challenge").id))
    compile(program, "program.py", "exec")
    assert "for " not in program
