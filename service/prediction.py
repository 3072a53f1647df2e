"""What a module answers to vectors, beside what its task expects."""

from collections.abc import Sequence
from typing import Any

import torch
from torch import nn

from service.records import Predictions, parse_vectors
from service.tasks import Task


def answer(task: Task, options: dict[str, Any], module: nn.Module, vectors: object) -> Predictions:
    """Run `module` in float32 on every vector and compare, in float64, with the right answers.

    Raises InvalidInput naming the first vector that the task cannot take.
    """
    inputs = parse_vectors(vectors, task.inputs)
    with torch.no_grad():
        outputs = module(torch.tensor(inputs)).double().reshape(-1, task.outputs)
    rows = outputs.expand(len(inputs), -1)
    expected = task.expected(task.options.model_validate(options), inputs)
    return Predictions(
        inputs=inputs,
        outputs=[_finite(row, float) for row in rows],
        rounded=[_finite(row.round(), int) for row in rows],
        expected=expected,
        correct=[_correct(row, right) for row, right in zip(rows, expected, strict=True)],
    )


def _finite(row: torch.Tensor, kind: type) -> list[Any]:
    pairs = zip(row.tolist(), row.isfinite().tolist(), strict=True)
    return [kind(value) if finite else None for value, finite in pairs]


def _correct(row: torch.Tensor, right: Sequence[float] | None) -> bool | None:
    if right is None:
        return None
    return bool(((row - torch.tensor(right, dtype=torch.float64)).abs() < 0.5).all())
