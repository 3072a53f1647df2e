"""What a module answers to vectors, beside what its task expects."""

from math import isfinite
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
        rows = module(torch.tensor(inputs)).reshape(-1, task.outputs).expand(len(inputs), -1)
    outputs = [[value if isfinite(value) else None for value in row] for row in rows.tolist()]
    expected = task.expected(task.options.model_validate(options), inputs)
    return Predictions(
        inputs=inputs,
        outputs=outputs,
        rounded=[[None if value is None else round(value) for value in row] for row in outputs],
        expected=expected,
        correct=[
            None if right is None else _correct(row, right)
            for row, right in zip(outputs, expected, strict=True)
        ],
    )


def _correct(row: list[float | None], right: list[float]) -> bool:
    return all(
        value is not None and abs(value - wanted) < 0.5 for value, wanted in zip(row, right, strict=True)
    )
