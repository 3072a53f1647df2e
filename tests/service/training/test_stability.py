"""What is advised after a divergence: it is tried, and who follows it to the letter does not diverge."""

import time
from dataclasses import replace
from typing import Any

import pytest
import safetensors.torch
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service import JobStatus, TrainingService
from service.engines import ENGINES
from service.optimizers import OPTIMIZERS
from service.training.advance import advance, restore
from service.training.outcomes import Advice
from service.training.stability import advise, trial_steps
from tests.service.following import divisor, follow, steps_tried
from tests.service.works import every_engine, make_work


@pytest.mark.parametrize(
    ("task", "options", "training"),
    [
        ("product", {}, {"learning_rate": 0.5}),
        ("product", {"start": [-8, 9]}, {"learning_rate": 0.1}),
        ("product", {"start": [1000, 1000]}, {}),
        ("product", {"start": [1e9, 1e9]}, {}),
        ("memorize", {}, {"learning_rate": 1.0}),
        ("memorize", {}, {"learning_rate": 1.0, "settings": {"momentum": 0.99}}),
        ("memorize", {}, {"learning_rate": 1.0, "settings": {"momentum": 0.99, "nesterov": True}}),
        ("memorize", {"hidden": [16, 16]}, {"learning_rate": 1.0, "steps": 2000}),
        ("memorize", {"target": [1e10] * 5}, {"learning_rate": 1e-3, "steps": 1000}),
        ("challenge", {}, {"learning_rate": 0.1, "steps": 5000}),
        ("challenge", {"hidden": [8], "activation": "relu"}, {"learning_rate": 1, "steps": 5000}),
        ("challenge", {}, {"learning_rate": 0.5, "steps": 3000, "batch_size": 20}),
        ("challenge", {}, {"learning_rate": 0.5, "steps": 3000, "order": "shuffled", "held_out": 0.2}),
    ],
)
def test_what_is_offered_holds_with_all_else_as_it_was(
    lab: TrainingService, task: str, options: dict[str, Any], training: dict[str, Any]
) -> None:
    diverged = lab.train(lab.create_model(task, **options).id, **training)
    assert diverged.status is JobStatus.diverged
    rate = diverged.stable_learning_rate
    assert rate is not None
    assert rate < diverged.config.learning_rate
    assert f"Rewind the model, then train with learning rate {rate!r}, and everything else as it was." in (
        diverged.error or ""
    )
    again = follow(lab, diverged)
    assert (again.status, again.config.learning_rate) == (JobStatus.succeeded, rate)
    assert again.config.model_copy(update={"learning_rate": 1.0}) == diverged.config.model_copy(
        update={"learning_rate": 1.0}
    )
    history = lab.snapshot(again.model_id).history
    assert history.loss[-1] < history.loss[0]
    assert f"from {history.loss[0]:.3g} to {history.loss[-1]:.3g}." in (diverged.error or "")


def test_a_model_that_was_trained_before_is_advised_from_its_first_weights(lab: TrainingService) -> None:
    model = lab.create_model("memorize")
    lab.train(model.id, learning_rate=0.01, steps=300)
    diverged = lab.train(model.id, learning_rate=1.0, settings={"momentum": 0.9})
    assert (diverged.status, diverged.start_step) == (JobStatus.diverged, 300)
    again = lab.train(model.id, learning_rate=1e-6, steps=100)
    assert again.status is JobStatus.diverged or (again.loss or 0) > 1  # its weights are broken
    assert follow(lab, diverged).status is JobStatus.succeeded


def test_weights_that_a_divergence_broke_are_not_taken_for_a_rate_too_large(lab: TrainingService) -> None:
    model = lab.create_model("memorize")
    lab.train(model.id, learning_rate=1.0)
    again = lab.train(model.id, learning_rate=0.001)
    assert again.status is JobStatus.diverged
    assert again.stable_learning_rate == 0.001
    assert follow(lab, again).status is JobStatus.succeeded


MOMENTA = st.sampled_from([0.0, 0.5, 0.99, 1.0])
SETTINGS = {
    "sgd": st.fixed_dictionaries({"momentum": MOMENTA, "weight_decay": st.sampled_from([0, 0.1, 1000])}),
    "rmsprop": st.fixed_dictionaries({"momentum": MOMENTA, "eps": st.sampled_from([1e-8, 1e-37])}),
    "adagrad": st.fixed_dictionaries({"lr_decay": st.sampled_from([0, 1000])}),
    "adam": st.fixed_dictionaries({"eps": st.sampled_from([1e-8, 1e-37, 1])}),
    "adamw": st.fixed_dictionaries({"weight_decay": st.sampled_from([0.01, 1000])}),
    "nadam": st.fixed_dictionaries({"momentum_decay": st.sampled_from([0.004, 1000])}),
}
NUMBERS = st.sampled_from([0.0, 1.0, -3.0, 1e-20, 1e3, 2.0**30, 2.0**50, 2.0**63, -(2.0**100)])
WIDTHS = st.sampled_from([[], [1], [8], [2, 64], [4, 4, 4]])
OPTIONS = {
    "product": st.fixed_dictionaries({"start": st.tuples(NUMBERS, NUMBERS), "target": NUMBERS}),
    "memorize": st.fixed_dictionaries({"target": st.tuples(*[NUMBERS] * 5), "hidden": WIDTHS}),
    "challenge": st.fixed_dictionaries(
        {"hidden": WIDTHS, "activation": st.sampled_from(["none", "relu", "tanh"])}
    ),
}


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whoever_follows_the_sentence_does_not_diverge_again(
    lab: TrainingService, data: st.DataObject
) -> None:
    task, optimizer = (
        data.draw(st.sampled_from(sorted(OPTIONS))),
        data.draw(st.sampled_from(sorted(OPTIMIZERS))),
    )
    training: dict[str, Any] = {
        "optimizer": optimizer,
        "settings": data.draw(SETTINGS[optimizer]),
        "engine": data.draw(st.sampled_from(list(ENGINES))),
        "learning_rate": data.draw(st.sampled_from([1e-3, 0.3, 10, 1000])),
        "steps": data.draw(st.sampled_from([1, 2, 30, 300])),
    }
    if task == "challenge":
        most = data.draw(st.sampled_from([10, 20_000, 1_000_000]))
        training |= {"low": data.draw(st.sampled_from([0, -most])), "high": most, "examples": 20}
        training |= {"batch_size": data.draw(st.sampled_from([1, 7]))}
    options = data.draw(OPTIONS[task])
    model = lab.create_model(task, **options)
    if data.draw(st.booleans()):
        lab.train(model.id, **{**training, "steps": 3})
    job = lab.train(model.id, **training)
    if job.status is not JobStatus.diverged or "Create a model" in (job.error or ""):
        return
    again = follow(lab, job)
    assert again.status is JobStatus.succeeded, job.error


def test_only_from_the_first_weights_is_the_run_s_own_rate_known_to_be_too_large() -> None:
    work = make_work("product", 1, learning_rate=0.001)
    rates = []
    for start in (0, 1):
        found = advise(replace(work, start_step=start, step=start, target_step=start + 1))
        assert isinstance(found, Advice)
        rates.append(found.learning_rate)
    assert rates == [0.0005, 0.001]


def test_a_loss_that_stays_as_it_is_does_not_get_down() -> None:
    # So near to the target, with slopes far below eps, a step is too small to change a weight.
    near = {"start": [3, 4], "target": 12.0001}
    found = advise(make_work("product", 1, near, optimizer="adam", learning_rate=1e-5, settings={"eps": 1}))
    assert isinstance(found, Advice)
    assert found.last_loss < found.first_loss
    assert found.changes == {"eps": 1e-8}


@every_engine
def test_the_same_run_gets_the_same_advice_however_busy_the_machine_is(
    engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = make_work("memorize", 3000, learning_rate=1.0, engine=engine)
    calm = advise(work)
    clock = time.perf_counter
    monkeypatch.setattr("service.training.advance.perf_counter", lambda: 1000 * clock())
    assert advise(work) == calm


def test_where_fewer_steps_were_tried_than_asked_for_it_is_said(lab: TrainingService) -> None:
    diverged = lab.train(lab.create_model("memorize").id, learning_rate=1.0, engine="autograd", steps=5000)
    tried = steps_tried(diverged.error or "")
    assert tried == trial_steps(restore(make_work("memorize", 5000))) < 5000
    assert f"the first {tried:,} of 5,000 steps stayed finite" in (diverged.error or "")
    assert follow(lab, diverged).step == tried


class TestInputsThatAreTooLarge:
    @pytest.mark.parametrize("options", [{}, {"hidden": []}, {"hidden": [8], "activation": "relu"}])
    def test_a_range_is_named_and_a_smaller_one_is_tried(
        self, lab: TrainingService, options: dict[str, Any]
    ) -> None:
        diverged = lab.train(lab.create_model("challenge", **options).id, low=-20_000, high=20_000)
        assert "The inputs reach 19,998;" in (diverged.error or "")
        assert "lowest entry -10 and highest entry 10" in (diverged.error or "")
        assert diverged.stable_learning_rate is None
        again = follow(lab, diverged)
        assert (again.status, again.config.low, again.config.high) == (JobStatus.succeeded, -10, 10)

    def test_the_numbers_of_a_data_set_are_to_be_divided(self, lab: TrainingService) -> None:
        rows = [[a * 1000, b * 700, -a * b] for a in range(1, 21) for b in range(1, 6)]

        def added(by: float) -> str:
            lines = [[*row, row[0], row[1], row[2], row[2] + 1, row[2] + 2] for row in rows]
            text = "\n".join(",".join(repr(number / by) for number in line) for line in lines)
            return lab.add_dataset(f"a,b,c,y1,y2,y3,y4,y5\n{text}").name

        diverged = lab.train(lab.create_model("challenge").id, dataset=added(1))
        assert diverged.stable_learning_rate is None
        by = divisor(diverged.error or "")
        assert by == 100_000
        assert "The inputs reach 20,000;" in (diverged.error or "")
        smaller = diverged.model_copy(
            update={"config": diverged.config.model_copy(update={"dataset": added(by)})}
        )
        assert follow(lab, smaller).status is JobStatus.succeeded

    def test_inputs_of_a_usual_size_are_not_blamed(self, lab: TrainingService) -> None:
        for steps in (20, 20_000):
            job = lab.train(lab.create_model("challenge").id, learning_rate=1.0, steps=steps)
            assert job.stable_learning_rate is not None
            assert "inputs" not in (job.error or "")


class TestInputsAndSettingsThatAreToBlameTogether:
    WORK = make_work("challenge", 450, learning_rate=0.01, settings={"weight_decay": 1000}, examples=10)
    """Either alone leaves only steps that are too short."""

    def test_a_range_and_a_setting_are_both_named(self) -> None:
        config = self.WORK.config.model_copy(update={"low": -20_000, "high": 20_000})
        found = advise(replace(self.WORK, config=config))
        assert isinstance(found, Advice)
        assert found.changes == {"weight_decay": 0.0, "low": -10, "high": 10}
        assert found.learning_rate > 1e-3

    def test_a_data_set_is_to_be_divided_and_a_setting_changed(self) -> None:
        inputs = torch.tensor([[2e4, 0, 1], [1e4, 3e3, 1]])
        targets = torch.cat([inputs, inputs[:, 2:] + 1, inputs[:, 2:] + 2], 1)
        content = safetensors.torch.save({"inputs": inputs, "targets": targets})
        config = self.WORK.config.model_copy(update={"dataset": "upload-" + "0" * 32})
        found = advise(replace(self.WORK, config=config, upload=content))
        assert isinstance(found, Advice)
        assert (found.changes, found.divisor) == ({"weight_decay": 0.0}, 100_000)
        assert found.learning_rate > 1e-3


class TestSettingsThatAreToBlame:
    @pytest.mark.parametrize(
        ("training", "words"),
        [
            ({"learning_rate": 1.0, "settings": {"weight_decay": 1000}}, "weight decay 0.0"),
            ({"settings": {"weight_decay": 1000}}, "weight decay 0.0"),
        ],
    )
    def test_they_are_named_with_a_value_that_holds(
        self, lab: TrainingService, training: dict[str, Any], words: str
    ) -> None:
        diverged = lab.train(lab.create_model("product").id, **training)
        assert diverged.status is JobStatus.diverged
        assert words in (diverged.error or "")
        assert diverged.stable_learning_rate is None
        assert follow(lab, diverged).status is JobStatus.succeeded


class TestFirstWeightsWithoutAFiniteLoss:
    @pytest.mark.parametrize(
        ("start", "target"), [([1e30, 1e30], 15), ([3, 4], 3e38), ([1e10, -1e10], 0), ([0, 0], -1e20)]
    )
    def test_a_product_is_to_start_nearer_to_its_target(
        self, lab: TrainingService, start: list[float], target: float
    ) -> None:
        job = lab.train(lab.create_model("product", start=start, target=target).id)
        assert (job.status, job.step) == (JobStatus.diverged, 0)
        away = abs(start[0] * start[1] - target)
        assert f"starts {away:.3g} away from the target" in (job.error or "")
        assert "Create a model that starts less than 1e+19 away from its target." in (job.error or "")

    @pytest.mark.parametrize("away", [9.9e18, -9.9e18])
    def test_a_product_that_starts_so_near_has_a_finite_loss(self, away: float) -> None:
        work = make_work("product", 1, {"start": [1, 1], "target": 1 + away}, learning_rate=1e-30)
        assert advance(work, 1).diverged_at is None

    def test_an_answer_too_large_to_memorize_is_named(self, lab: TrainingService) -> None:
        job = lab.train(lab.create_model("memorize", target=[0, 0, -1e25, 0, 0]).id)
        assert "The answer to memorize reaches 1e+25" in (job.error or "")
        near = lab.train(lab.create_model("memorize", target=[0.99e18] * 5).id, learning_rate=1e-30)
        assert near.status is JobStatus.succeeded

    def test_numbers_whose_gradients_overflow_are_to_be_smaller(self, lab: TrainingService) -> None:
        model = lab.create_model("product", start=[0, -(2.0**100)], target=2.0**30)
        job = lab.train(model.id, steps=5, learning_rate=1, optimizer="adagrad")
        assert (job.error or "").endswith(
            "Nothing else that was tried stayed finite: the model's numbers reach 1.27e+30. "
            "Create a model with numbers below 1e+15."
        )
        smaller = lab.create_model("product", start=[0, -(2.0**49)], target=2.0**30)
        job = lab.train(smaller.id, steps=5, learning_rate=1, optimizer="adagrad")
        if job.status is not JobStatus.succeeded:
            assert follow(lab, job).status is JobStatus.succeeded

    @pytest.mark.parametrize(("most", "target"), [(1e30, 1), (1, 1e30)])
    def test_a_data_set_too_large_is_to_be_divided(self, most: float, target: float) -> None:
        work = make_work("challenge", 50, examples=10)
        inputs, targets = torch.tensor([[most, 0, 1], [1, 0, 1]]), torch.full((2, 5), target)
        content = safetensors.torch.save({"inputs": inputs, "targets": targets})
        config = work.config.model_copy(update={"dataset": "upload-" + "0" * 32})
        found = advise(replace(work, config=config, upload=content))
        assert isinstance(found, Advice)
        assert found.divisor >= 1e30


def test_a_run_that_ends_well_is_offered_nothing(lab: TrainingService) -> None:
    assert lab.train(lab.create_model("product").id).stable_learning_rate is None
