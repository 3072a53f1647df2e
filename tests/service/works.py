"""Works at their beginning, in slices, and what is in their results."""

from dataclasses import replace
from typing import Any

import pytest
import safetensors.torch
from torch import Tensor

from service.engines import ENGINES
from service.tasks import TASKS
from service.training.advance import MODULE, Slice, Work, advance, first_checkpoint
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
