"""What is said about a run that got to its end and can learn no further."""

from dataclasses import replace
from typing import Any

import pytest
import safetensors.torch
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service import JobStatus, TrainingService
from service.engines import ENGINES
from service.training.advance import MODULE, advance
from service.training.standstill import standstill
from tests.service.works import every_engine, make_work

NUMBERS = st.sampled_from([0.0, -0.0, 2.0**-133, 1e-20, 1.0, -3.0, 5.0, 1e3])


def dead_network() -> bytes:
    """Weights of 3 -> 2 -> 5 with which no hidden neuron is active for inputs from -10 to 10."""
    weights = {
        "m1.weight": torch.ones(2, 3),
        "m1.bias": torch.full((2,), -100.0),
        "m2.weight": torch.ones(5, 2),
        "m2.bias": torch.zeros(5),
    }
    return safetensors.torch.save({MODULE + name: value for name, value in weights.items()})


class TestAllGradientsAreZero:
    @every_engine
    @pytest.mark.parametrize(
        "training", [{}, {"settings": {"momentum": 0.9}}, {"optimizer": "adam"}, {"optimizer": "adamw"}]
    )
    def test_a_product_at_its_saddle_names_them_and_how_to_start(
        self, lab: TrainingService, engine: str, training: dict[str, Any]
    ) -> None:
        job = lab.train(lab.create_model("product", start=[0, 0]).id, engine=engine, **training)
        assert (job.status, job.error, job.loss) == (JobStatus.succeeded, None, 225.0)
        assert job.note == (
            "All gradients are exactly 0 here (var_1.grad, var_2.grad), though the loss is 225: training on "
            "changes nothing. Create a model whose two numbers do not both start at 0."
        )
        assert lab.progress(job.id).note == job.note
        begun = lab.train(lab.create_model("product", start=[0, 0.5]).id, steps=1000)
        assert begun.loss is not None
        assert begun.loss < 1

    @settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        start=st.tuples(NUMBERS, NUMBERS),
        target=NUMBERS,
        rate=st.sampled_from([1e-30, 1e-9, 1e-3]),
        steps=st.sampled_from([1, 50]),
    )
    def test_it_is_said_where_torch_says_so_and_nowhere_else(
        self, start: tuple[float, float], target: float, rate: float, steps: int
    ) -> None:
        work = make_work("product", steps, {"start": start, "target": target}, learning_rate=rate)
        end = advance(work, steps)
        if end.diverged_at is not None:
            return
        said = standstill(work, end) or ""
        tensors = safetensors.torch.load(end.checkpoint)
        var_1, var_2 = (tensors[f"{MODULE}var_{number}"].requires_grad_() for number in (1, 2))
        loss = (torch.tensor(target) - var_1 * var_2) ** 2
        slopes = torch.autograd.grad(loss, (var_1, var_2))
        flat = not any(bool(slope) for slope in slopes)
        with torch.no_grad():
            moved = any(
                bool(each - rate * slope != each) for each, slope in zip((var_1, var_2), slopes, strict=True)
            )
        assert ("All gradients are exactly 0" in said) == (flat and end.loss != 0)
        assert ("come to a standstill" in said) == (not flat and not moved and end.loss != 0)


@every_engine
def test_a_dead_relu_network_names_the_gradients_that_are_zero(engine: str) -> None:
    options = {"hidden": [2], "activation": "relu"}
    work = make_work("challenge", 50, options, engine=engine, learning_rate=1e-3, examples=20)
    work = replace(work, checkpoint=dead_network())
    assert standstill(work, advance(work, 50)) == (
        "As the weights are now, the gradients of m1.weight, m1.bias and m2.weight are exactly 0 on every batch."
    )


@every_engine
@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_steps_too_small_for_float32_are_told(engine: str, optimizer: str) -> None:
    work = make_work("challenge", 30, engine=engine, optimizer=optimizer, learning_rate=1e-30, examples=40)
    assert standstill(work, advance(work, 30)) == (
        "It has come to a standstill: the next 40 steps change no weight, because they are too small for float32 to add."
    )


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("task", ["memorize", "challenge"])
def test_a_run_that_learns_has_nothing_said_about_it(lab: TrainingService, engine: str, task: str) -> None:
    job = lab.train(lab.create_model(task, activation="relu", hidden=[8]).id, engine=engine, steps=50)
    assert job.note is None


def test_a_run_without_any_loss_left_has_nothing_said_about_it(lab: TrainingService) -> None:
    assert lab.train(lab.create_model("product", start=[3, 5]).id).note is None


def test_a_loss_that_ended_above_its_beginning_is_told_however_the_run_was_cut(lab: TrainingService) -> None:
    training: dict[str, Any] = {"learning_rate": 0.05, "steps": 20_001, "engine": "autograd"}
    job = lab.train(lab.create_model("product").id, **training)
    assert job.loss is not None
    assert job.loss > 9
    assert job.note == f"The loss ended at {job.loss:.6g}, above the 9 that the run began with."
