"""The learning rate that is offered after a divergence: from the curvature, and it holds."""

from typing import Any

import pytest
import torch

from service import JobStatus, TrainingService
from service.engines.base import Run
from service.stability import largest_curvature, stable_learning_rate
from service.training import restore
from tests.service.works import make_work


def hessian_s_largest(run: Run) -> float:
    """The same by writing the whole Hessian out."""
    parameters = dict(run.module.named_parameters())
    shapes = {name: parameter.shape for name, parameter in parameters.items()}
    flat = torch.cat([parameter.detach().flatten() for parameter in parameters.values()])

    def loss(vector: torch.Tensor) -> torch.Tensor:
        parts = vector.split([shape.numel() for shape in shapes.values()])
        named = {name: part.reshape(shapes[name]) for name, part in zip(shapes, parts, strict=True)}
        outputs = torch.func.functional_call(run.module, named, (run.examples.inputs[0],))
        return run.loss(outputs, run.examples.targets[0])

    hessian = torch.func.hessian(loss)(flat)
    assert isinstance(hessian, torch.Tensor)
    return torch.linalg.eigvalsh(hessian).abs().max().item()


@pytest.mark.parametrize("options", [{}, {"hidden": [4, 3], "activation": "tanh"}, {"hidden": []}])
def test_the_curvature_is_the_hessian_s(options: dict[str, Any]) -> None:
    run = restore(make_work("memorize", 1, options))
    assert largest_curvature(run) == pytest.approx(hessian_s_largest(run), rel=0.02)


def test_for_the_product_it_follows_from_the_curvature_at_the_start() -> None:
    # At (3, 4) the Hessian is [[32, 18], [18, 18]]; half of 2 over its largest eigenvalue, rounded down.
    largest = torch.linalg.eigvalsh(torch.tensor([[32.0, 18.0], [18.0, 18.0]])).max().item()
    assert stable_learning_rate(make_work("product", 100, learning_rate=0.1)) == 0.022
    assert 1 / largest == pytest.approx(0.0226, abs=1e-4)


@pytest.mark.parametrize(
    ("task", "options", "training"),
    [
        ("product", {}, {"learning_rate": 0.5}),
        ("product", {"start": [-8, 9]}, {"learning_rate": 0.1}),
        ("memorize", {}, {"learning_rate": 0.2, "steps": 2000}),
        ("memorize", {"hidden": [16, 16]}, {"learning_rate": 1.0, "steps": 2000}),
        ("challenge", {}, {"learning_rate": 0.1, "steps": 5000}),
        ("challenge", {"hidden": [8], "activation": "relu"}, {"learning_rate": 1, "steps": 5000}),
        ("challenge", {}, {"learning_rate": 0.5, "steps": 3000, "batch_size": 20}),
        ("memorize", {}, {"learning_rate": 0.5, "settings": {"momentum": 0.9}, "steps": 1000}),
    ],
)
def test_what_is_offered_holds(
    lab: TrainingService, task: str, options: dict[str, Any], training: dict[str, Any]
) -> None:
    diverged = lab.train(lab.create_model(task, **options).id, **training)
    assert diverged.status is JobStatus.diverged
    assert diverged.stable_learning_rate is not None
    assert f"Try a learning rate of {diverged.stable_learning_rate:g} or below." in (diverged.error or "")
    again = lab.create_model(task, **options)
    job = lab.train(again.id, **{**training, "learning_rate": diverged.stable_learning_rate})
    assert job.status is JobStatus.succeeded
    history = lab.history(again.id)
    assert history.loss[-1] <= history.loss[0]


def test_a_run_that_ends_well_is_offered_nothing(lab: TrainingService) -> None:
    assert lab.train(lab.create_model("product").id).stable_learning_rate is None
