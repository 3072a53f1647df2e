"""What a module answers to vectors, beside what its task expects."""

from math import isfinite

import torch
from torch import nn

from service.records import Model, Predictions, parse_vectors
from service.tasks import TASKS

# Beyond 64 bits an integer cannot be sent as JSON.
MOST_JSON = 2.0**63


def answer(model: Model, module: nn.Module, vectors: object) -> Predictions:
    """Run `module` in float32 on every vector and compare, in float64, with the right answers.

    Raises InvalidInput naming the first vector that the task cannot take.
    """
    task = TASKS[model.task]
    inputs = parse_vectors(vectors, task.inputs)
    with torch.no_grad():
        rows = module(torch.tensor(inputs)).reshape(-1, task.outputs).expand(len(inputs), -1)
    outputs = [[value if isfinite(value) else None for value in row] for row in rows.tolist()]
    expected = task.expected(task.options.model_validate(model.options), inputs)
    return Predictions(
        step=model.step,
        inputs=inputs,
        outputs=outputs,
        rounded=[[_rounded(value) for value in row] for row in outputs],
        expected=expected,
        correct=[
            None if right is None else _correct(row, right)
            for row, right in zip(outputs, expected, strict=True)
        ],
    )


def _rounded(value: float | None) -> int | None:
    return None if value is None or abs(value) >= MOST_JSON else round(value)


def _correct(row: list[float | None], right: list[float]) -> bool:
    return all(
        value is not None and abs(value - wanted) < 0.5 for value, wanted in zip(row, right, strict=True)
    )
