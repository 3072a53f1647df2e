"""How steep a loss is, and the learning rates that are tried because of it."""

from itertools import pairwise
from typing import Any

import pytest
import torch

from service.engines.base import Training
from service.training.advance import restore
from service.training.outcomes import Advice
from service.training.stability import MAX_RATES_TRIED, advise, down_from, largest_curvature
from tests.service.works import make_work


def hessian_s_largest(run: Training) -> float:
    """The same by writing the whole Hessian out, for the batch of the largest inputs."""
    parameters = dict(run.module.named_parameters())
    shapes = {name: parameter.shape for name, parameter in parameters.items()}
    flat = torch.cat([parameter.detach().flatten() for parameter in parameters.values()])
    order = run.examples.inputs.norm(dim=1).argsort(descending=True)[: run.config.batch_size]
    inputs, targets = run.examples.inputs[order].squeeze(0), run.examples.targets[order].squeeze(0)

    def loss(vector: torch.Tensor) -> torch.Tensor:
        parts = vector.split([shape.numel() for shape in shapes.values()])
        named = {name: part.reshape(shapes[name]) for name, part in zip(shapes, parts, strict=True)}
        return run.loss(torch.func.functional_call(run.module, named, (inputs,)), targets)

    hessian = torch.func.hessian(loss)(flat)
    assert isinstance(hessian, torch.Tensor)
    return torch.linalg.eigvalsh(hessian).abs().max().item()


@pytest.mark.parametrize("options", [{}, {"hidden": [4, 3], "activation": "tanh"}, {"hidden": []}])
def test_the_curvature_is_the_hessian_s(options: dict[str, Any]) -> None:
    run = restore(make_work("memorize", 1, options))
    assert largest_curvature(run) == pytest.approx(hessian_s_largest(run), rel=0.02)


@pytest.mark.parametrize("batch_size", [1, 2, 5])
def test_so_it_is_for_a_batch(batch_size: int) -> None:
    run = restore(make_work("challenge", 1, {"hidden": []}, examples=20, batch_size=batch_size))
    assert largest_curvature(run) == pytest.approx(hessian_s_largest(run), rel=0.02)


def test_for_the_product_it_follows_from_the_curvature_at_the_start() -> None:
    # At (3, 4) the Hessian is [[32, 18], [18, 18]]; half of 2 over its largest eigenvalue, rounded down.
    largest = torch.linalg.eigvalsh(torch.tensor([[32.0, 18.0], [18.0, 18.0]])).max().item()
    found = advise(make_work("product", 100, learning_rate=0.1))
    assert isinstance(found, Advice)
    assert (found.learning_rate, found.offer, found.steps) == (0.022, 0.022, 100)
    assert 1 / largest == pytest.approx(0.0226, abs=1e-4)


def test_the_rates_tried_fall_by_ever_larger_factors() -> None:
    rates = list(down_from(0.8))
    assert len(rates) == MAX_RATES_TRIED
    factors = [one / other for one, other in pairwise(rates)]
    for trial, factor in enumerate(factors, start=1):  # of two digits each
        assert factor == pytest.approx(2**trial, rel=0.1)
