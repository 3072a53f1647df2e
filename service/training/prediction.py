"""What a module answers to vectors, beside what its task expects."""

from math import isfinite

import torch
from torch import nn

from service.data.vectors import parse_vectors
from service.records import Model, Predictions
from service.tasks import TASKS

# Beyond 64 bits an integer cannot be sent as JSON.
FIRST_BEYOND_JSON = 2.0**63
FIRST_INEXACT = 2.0**53
"""Below this size float64 holds every integer, so an expected one is exactly what is written."""


def answer(model: Model, module: nn.Module, vectors: object) -> Predictions:
    """Run `module` in float32 on every vector, and compare what its outputs round to with what is expected.

    Raises InvalidInput naming the first vector that the task cannot take.
    """
    task = TASKS[model.task]
    inputs = parse_vectors(vectors, task.inputs)
    with torch.no_grad():
        rows = module(torch.tensor(inputs)).reshape(-1, task.outputs).expand(len(inputs), -1)
    outputs = [[value if isfinite(value) else None for value in row] for row in rows.tolist()]
    rounded = [[_rounded(value) for value in row] for row in outputs]
    expected = task.expected(task.options.model_validate(model.options), inputs)
    return Predictions(
        step=model.step,
        inputs=inputs,
        outputs=outputs,
        rounded=rounded,
        expected=expected,
        correct=[_correct(*answers) for answers in zip(outputs, rounded, expected, strict=True)],
    )


def _rounded(value: float | None) -> int | None:
    return None if value is None or abs(value) >= FIRST_BEYOND_JSON else round(value)


def _correct(
    outputs: list[float | None], rounded: list[int | None], expected: list[float] | None
) -> bool | None:
    if expected is None:
        return None
    if None in outputs:
        return False
    if not all(value.is_integer() and abs(value) < FIRST_INEXACT for value in expected):
        return None
    return rounded == expected
