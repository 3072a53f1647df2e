"""A sweep is the grid, complete and without repetition, and each of its runs is an ordinary one."""

from typing import Any

import pytest

from service import InvalidInput, JobStatus, TrainingService
from tests.conftest import message_of

WORKSPACE = "c" * 32
GRID: dict[str, Any] = {"learning_rates": [1e-3, 1e-4, 1e-3], "hidden": [[2], [4, 3]], "seeds": [0, 7]}


def test_every_combination_is_trained_once(lab: TrainingService) -> None:
    jobs = lab.sweep("challenge", GRID, {"activation": "relu"}, {"steps": 50}, workspace=WORKSPACE)
    models = [lab.model(job.model_id) for job in jobs]
    found = {
        (job.config.learning_rate, tuple(model.options["hidden"]), model.seed)
        for job, model in zip(jobs, models, strict=True)
    }
    assert found == {
        (rate, hidden, seed) for rate in (1e-3, 1e-4) for hidden in ((2,), (4, 3)) for seed in (0, 7)
    }
    assert len(jobs) == 8
    assert all(model.options["activation"] == "relu" for model in models)
    assert all(lab.wait(job.id).status is JobStatus.succeeded for job in jobs)
    runs = lab.runs.all(WORKSPACE)
    assert {run.model.id for run in runs} == {model.id for model in models}
    assert len({run.sweep for run in runs}) == 1


def test_a_run_of_a_sweep_is_the_run_it_would_be_alone(lab: TrainingService) -> None:
    (job,) = lab.sweep("memorize", {"learning_rates": [1e-3], "seeds": [3]}, {}, {"steps": 40})
    alone = lab.create_model("memorize", seed=3)
    lab.train(alone.id, learning_rate=1e-3, steps=40)
    lab.wait(job.id)
    assert lab.snapshot(job.model_id).parameters == lab.snapshot(alone.id).parameters


def test_a_sweep_without_a_workspace_is_no_run(lab: TrainingService) -> None:
    lab.sweep("product", {"learning_rates": [0.01]}, {}, {"steps": 5})
    assert lab.runs.all(WORKSPACE) == []


@pytest.mark.parametrize(
    ("grid", "options", "config", "sentence"),
    [
        ({"learning_rates": []}, {}, {}, "learning_rates must be a list of numbers, such as"),
        ({"learning_rates": 0.1}, {}, {}, "learning_rates must be"),
        ({"learning_rates": [0.1, -1]}, {}, {}, "learning_rate must be a number above 0"),
        (
            {"learning_rates": [0.1], "hidden": [[0]]},
            {},
            {},
            "hidden must be a list of lists of layer widths",
        ),
        ({"learning_rates": [0.1], "seeds": [-1]}, {}, {}, "seeds must be"),
        (
            {"learning_rates": [0.1, 0.2], "seeds": [0, *range(101)]},
            {},
            {},
            "The number of runs of a sweep must be at most 200, not 2 (learning_rate) * 101 (seed); got 202.",
        ),
        ({"learning_rates": [0.1], "colors": [1]}, {}, {}, "colors must be left out, for a sweep takes only"),
        ({"learning_rates": [0.1]}, {"activation": "gelu"}, {}, "activation must be one of"),
        ({"learning_rates": [0.1]}, {}, {"optimizer": "lion"}, "optimizer must be one of"),
        (
            {"learning_rates": [0.1], "seeds": [0, 1, 2, 3]},
            {},
            {"steps": 50_000_000},
            "steps must be at most 25,000,000 for each of the 4 runs",
        ),
    ],
)
def test_nothing_is_made_if_anything_is_wrong(
    lab: TrainingService, grid: Any, options: Any, config: Any, sentence: str
) -> None:
    message = message_of(
        lambda: lab.sweep("challenge", grid, options, config, workspace=WORKSPACE), InvalidInput
    )
    assert message.startswith(sentence)
    assert lab.runs.all(WORKSPACE) == []


def test_the_product_has_no_layers_to_sweep(lab: TrainingService) -> None:
    grid = {"learning_rates": [0.1], "hidden": [[2]]}
    assert "no layers" in message_of(lambda: lab.sweep("product", grid, {}, {}), InvalidInput)
