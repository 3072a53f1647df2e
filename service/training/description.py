"""Trainings as plain JSON, for a browser to run on the same kernels: ui/static/kernel.js reads it."""

import json
from base64 import b64encode
from dataclasses import replace
from functools import lru_cache
from math import isfinite
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from service.engines import ENGINES
from service.engines.base import Examples, finite
from service.records import TrainingConfig
from service.tasks import TASKS
from service.training.advance import Work, begin, first_checkpoint, first_module, restore

MAX_SEEDS = 100
"""Of first weights that are described, and below, how many weights in all."""
MAX_FIRST_WEIGHTS = 16_384
MAX_ORDERED = 131_072
"""How many places of shuffled examples are described."""


def describe(work: Work) -> dict[str, Any] | None:
    """All that the rest of the work is made of, from its next update on; None if only its engine can run it.

    Who runs it gets the bits that `advance` gets: of the parameters, of the optimizer's buffers, and of the
    losses at the recorded steps. Arrays are told in base64, float32 and uint16 with the lowest byte first.
    A browser may set other numbers of the optimizer, and another `target_step` where the order is sequential.
    """
    to_json = ENGINES[work.config.engine].describe
    return None if to_json is None else _plain(to_json(begin(work)))


@lru_cache(maxsize=16)
def describe_beginnings(task: str, options: str, config: str, seed: int, upload: bytes | None) -> str:
    """`describe` as JSON for a new model's first training, with all that begins it otherwise.

    `options` and `config` are records as JSON. "first" has the first weights of seeds, among them `seed`,
    each with the losses that a training begins with, and "loss_floor" is that of `Snapshot`. Shuffled orders
    are told for as many steps as there is room for. "null" if only the engine can run it.
    """
    made = TASKS[task].options.model_validate_json(options)
    parsed = TrainingConfig.model_validate_json(config)
    work = Work(task, made, parsed, 0, parsed.steps, 0, first_checkpoint(task, made, seed), seed, upload)
    training = restore(work)
    ordered = max(MAX_ORDERED // len(training.examples), 1) * training.batches_per_epoch - 1
    description = describe(replace(work, target_step=max(ordered, 1)))
    if description is None:
        return json.dumps(None)
    weights = sum(parameter.numel() for parameter in training.module.parameters())
    first: dict[int, Any] = {}
    for each in {seed, *range(min(MAX_SEEDS, MAX_FIRST_WEIGHTS // weights))}:
        training.module.load_state_dict(first_module(task, made, each).state_dict())
        loss = training.mean_loss()
        first[each] = {
            "weights": weights_of(training.module),
            "points": [{"step": 0, "loss": loss, "held_out_loss": finite(training.held_out_loss())}]
            if isfinite(loss)
            else [],
        }
    return json.dumps({**description, "first": first, "loss_floor": _loss_floor(work, training.examples)})


def _loss_floor(work: Work, examples: Examples) -> float | None:
    analysis = TASKS[work.task].analysis
    if analysis is None:
        return None
    return analysis.floor(work.options, examples.inputs.double().numpy(), examples.targets.double().numpy())


def weights_of(module: nn.Module) -> str:
    """All numbers of the module's parameters, one parameter after the other, row by row, in base64."""
    parameters = [parameter.detach().flatten() for parameter in module.parameters()]
    return _base64(torch.cat(parameters).numpy())


def _plain(value: Any) -> Any:
    match value:
        case np.ndarray():
            return _base64(value)
        case dict():
            return {name: _plain(each) for name, each in value.items()}
        case list() | tuple():
            return [_plain(each) for each in value]
        case _:
            return value


def _base64(array: NDArray[Any]) -> str:
    return b64encode(array.tobytes()).decode()
