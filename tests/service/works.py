"""Works at their beginning, in slices, and what is in their results."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import safetensors.torch
import torch
from torch import Tensor

from service.data.uploads import kept
from service.engines import ENGINES
from service.records import DataConfig
from service.tasks import TASKS
from service.training.advance import MODULE, Slice, Work, advance, first_checkpoint
from service.training.examples import held_out_rows
from service.training.requests import step_limits, training_config

every_engine = pytest.mark.parametrize("engine", ENGINES)


def make_work(
    task: str, steps: int, options: dict[str, Any] | None = None, seed: int = 0, **given: Any
) -> Work:
    """A Work that stands at its beginning, on the reference engine unless another is given."""
    given = {"engine": "autograd", **given}
    parsed = TASKS[task].options.parse(options or {})
    config = training_config(TASKS[task], {"steps": steps, **given}, step_limits())
    checkpoint = first_checkpoint(task, parsed, seed)
    return Work(task, parsed, config, 0, steps, 0, checkpoint)


def overflowing_unseen(engine: str) -> Work:
    """A work of 30 updates, the first of which makes all of m1.weight -inf, for its gradient overflows.

    With positive inputs relu then gives 0 for ever, so no loss ever tells.
    """
    options = {"hidden": [1], "activation": "relu"}
    work = make_work("challenge", 30, options, learning_rate=1.0, low=5, high=6, examples=40, engine=engine)
    weights = {
        "m1.weight": torch.zeros(1, 3),
        "m1.bias": torch.tensor([0.01]),
        "m2.weight": torch.full((5, 1), 1e20),
        "m2.bias": torch.zeros(5),
    }
    return _with_weights(work, weights)


def held_out_too_large(engine: str) -> Work:
    """A work of 30 updates with one example held out, whose loss is more than a float can hold."""
    table = np.ones((2, 8), np.float32)
    table[held_out_rows(2, DataConfig(held_out=0.5)), :3] = 3e38
    name, upload = kept(table)
    work = make_work("challenge", 30, {"hidden": []}, held_out=0.5, examples=2, engine=engine)
    work = replace(work, config=work.config.model_copy(update={"dataset": name}), upload=upload)
    return _with_weights(work, {"m1.weight": torch.ones(5, 3), "m1.bias": torch.ones(5)})


def _with_weights(work: Work, weights: dict[str, Tensor]) -> Work:
    named = {MODULE + name: tensor for name, tensor in weights.items()}
    return replace(work, checkpoint=safetensors.torch.save(named))


def parameters(result: Slice) -> dict[str, Tensor]:
    tensors = safetensors.torch.load(result.checkpoint)
    return {key.removeprefix(MODULE): value for key, value in tensors.items() if key.startswith(MODULE)}


def in_slices(work: Work, sizes: list[int]) -> Slice:
    """The work done in slices of these sizes, and one last for the rest."""
    points: list[Any] = []
    upcoming = iter([*sizes, work.target_step])
    while True:
        result = advance(work, next(upcoming))
        points += result.points
        work = replace(work, step=result.step, checkpoint=result.checkpoint)
        if result.diverged_at is not None or result.step == work.target_step:
            return replace(result, points=tuple(points))
