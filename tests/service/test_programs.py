"""A model's training as a plain program: it ends at the same weights, and says the truth about it."""

import json
import re
import textwrap
from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from service import InvalidInput, JobStatus, TrainingConfig, TrainingService
from service.optimizers import OPTIMIZERS
from service.programs import ENDED, OTHER_BITS, SAME_BITS, ending
from service.records import FLOAT32_MAX, Job
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
    """The weights that the program ends with, in a process that adds with two threads."""
    torch.set_num_threads(2)
    try:
        names, _ = run(program)
    finally:
        torch.set_num_threads(1)
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


def test_wide_networks_and_batches_do_too_whatever_threads_the_reader_has(lab: TrainingService) -> None:
    model = lab.create_model("challenge", hidden=[64])
    lab.train(model.id, steps=30, learning_rate=1e-4, batch_size=1000, **AUTOGRAD)
    assert weights_after(lab.program(model.id)) == lab.parameters(model.id)


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
        assert json.dumps(weights_after(lab.program(model.id))) == json.dumps(lab.parameters(model.id))


class TestEndings:
    """What became of a training that did not succeed stands above its loop."""

    def test_a_run_that_was_cancelled_counts_as_far_as_it_came(self, lab: TrainingService) -> None:
        model = lab.create_model("memorize")
        long = {**AUTOGRAD, "learning_rate": 1e-6, "settings": {"momentum": 0.9}}
        job = lab.submit(model.id, steps=5_000_000, **long)
        until(lab, job.id, under_way)
        cancelled = lab.cancel(job.id)
        assert cancelled.status is JobStatus.cancelled
        assert 0 < cancelled.step < cancelled.target_step
        assert weights_after(lab.program(model.id)) == lab.parameters(model.id)
        lab.train(model.id, steps=10, **long)
        program = lab.program(model.id)
        assert weights_after(program) == lab.parameters(model.id)
        sentence = f"In the lab, the training to step 5,000,000 was stopped at step {cancelled.step:,}."
        assert comments(program) == [*textual(SAME_BITS), *textual(sentence), *RITUAL, *RITUAL]

    def test_a_run_that_diverged_counts_as_far_as_it_came(self, lab: TrainingService) -> None:
        model = lab.create_model("product")
        job = lab.train(model.id, steps=100, learning_rate=0.1, **AUTOGRAD)
        assert job.status is JobStatus.diverged
        assert job.step > 0
        program = lab.program(model.id)
        assert weights_after(program) == lab.parameters(model.id)
        diverged = f"the training to step 100 diverged at step {job.step + 1}"
        assert diverged in " ".join(comments(program))
        # And so it does: one step more, and the numbers or the loss are not finite.
        names, _ = run(program.replace(f"range({job.step})", f"range({job.step + 1})"))
        after = [names["var_1"], names["var_2"], (15.0 - names["var_1"] * names["var_2"]) ** 2]
        assert not all(number.isfinite() for number in after)

    def test_a_run_that_diverged_at_once_is_as_if_it_had_not_been(self, lab: TrainingService) -> None:
        model = lab.create_model("product", start=[3e9, 4e9])
        with_momentum = {**AUTOGRAD, "steps": 5, "learning_rate": 1e-25, "settings": {"momentum": 0.9}}
        lab.train(model.id, **with_momentum)
        between = lab.train(model.id, steps=5, learning_rate=1000, **AUTOGRAD)
        assert (between.status, between.step) == (JobStatus.diverged, 5)
        lab.train(model.id, **with_momentum)
        program = lab.program(model.id)
        assert weights_after(program) == lab.parameters(model.id)
        assert (
            "A training of 5 steps at learning rate 1000.0 diverged at once. It changed nothing and is left out."
        ) in " ".join(comments(program))

    def test_where_every_update_diverges_the_model_is_untrained(self, lab: TrainingService) -> None:
        model = lab.create_model("challenge")
        lab.train(model.id, steps=1, learning_rate=1000, low=999_999, high=1_000_000)
        program = lab.program(model.id)
        assert weights_after(program) == lab.parameters(model.id)
        assert "A training of 1 step at learning rate 1000.0" in program
        assert OTHER_BITS[:40] not in program

    @pytest.mark.parametrize("status", JobStatus)
    @pytest.mark.parametrize("step", [7, 8, 19])
    def test_every_ending_has_a_sentence(self, status: JobStatus, step: int) -> None:
        config = TrainingConfig(learning_rate=0.5, steps=13)
        job = Job(
            id="",
            model_id="",
            config=config,
            status=status,
            start_step=7,
            target_step=20,
            step=step,
            created="",
        )
        sentence = ending(job)
        if status is JobStatus.succeeded:
            assert sentence is None
            return
        assert sentence is not None
        assert ENDED[status] in sentence
        told = [int(number) for number in re.findall(r"step (\d+)", sentence)]
        if step == 7:
            assert "13 steps" in sentence
            assert "left out" in sentence
        elif status is JobStatus.diverged:
            assert told == [20, step + 1, step]
        else:
            assert told == [20, step]


RITUAL = ["Backprop", "Optimize", "Reset"]


def comments(program: str) -> list[str]:
    """The program's comments, a line each."""
    return re.findall(r"# (.*)", re.sub("torch.set_num_threads.*", "", program))


def textual(sentence: str) -> list[str]:
    """A sentence as comments."""
    return textwrap.wrap(sentence, 96)


def test_another_sign_of_zero_begins_anew_as_in_the_lab(lab: TrainingService) -> None:
    model = lab.create_model("memorize")
    for weight_decay in (0.0, -0.0):
        chosen = {"momentum": 0.9, "weight_decay": weight_decay}
        lab.train(model.id, steps=5, learning_rate=1e-2, settings=chosen, **AUTOGRAD)
    assert weights_after(lab.program(model.id)) == lab.parameters(model.id)


@pytest.mark.parametrize(
    ("engines", "claim"),
    [
        ([], None),
        (["autograd"], SAME_BITS),
        (["autograd", "autograd"], SAME_BITS),
        (["compiled"], OTHER_BITS),
        (["autograd", "compiled"], OTHER_BITS),
        (["compiled", "autograd"], OTHER_BITS),
    ],
)
def test_it_claims_bits_where_torch_trained_alone(
    lab: TrainingService, engines: list[str], claim: str | None
) -> None:
    model = lab.create_model("memorize")
    for engine in engines:
        lab.train(model.id, steps=2, engine=engine)
    found = comments(lab.program(model.id))
    assert found == ([] if claim is None else textual(claim)) + RITUAL * len(engines)


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
    assert "# 1 example is kept out of training." in program
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
