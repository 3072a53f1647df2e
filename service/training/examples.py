"""Which examples a run trains on, and which of them are held out of training to measure it by.

A run's data is a function of its task, its options, its config and, where the config names a set that
somebody added, the bytes of that set.
"""

from collections.abc import Mapping
from functools import lru_cache
from math import ceil, floor
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from service.engines.base import Examples
from service.errors import InvalidInput
from service.records import DataConfig, Record
from service.tasks import TASKS

Uploads = Mapping[str | None, bytes]
"""The kept bytes of the added data sets that some trainings ask for, by name."""


class Split(NamedTuple):
    """The examples to train on, in their order, and those held out, of which there may be none."""

    training: Examples
    held_out: Examples


def all_examples(task: str, options: Record, data: DataConfig, upload: bytes | None = None) -> Examples:
    """All examples of a run, whether held out or not."""
    return TASKS[task].examples(options, data, upload)


def split_examples(task: str, options: Record, data: DataConfig, upload: bytes | None = None) -> Split:
    """The examples of a run, split; the same arguments give the same tensors."""
    return _split(task, options.model_dump_json(), data.model_dump_json(), upload)


@lru_cache(maxsize=16)
def _split(task: str, options: str, data: str, upload: bytes | None) -> Split:
    config = DataConfig.model_validate_json(data)
    examples = all_examples(task, TASKS[task].options.model_validate_json(options), config, upload)
    held_out = torch.from_numpy(held_out_rows(len(examples), config))
    return Split(_chosen(examples, ~held_out), _chosen(examples, held_out))


def _chosen(examples: Examples, rows: Tensor) -> Examples:
    return Examples(examples.inputs[rows], examples.targets[rows])


def held_out_count(count: int, data: DataConfig) -> int:
    """How many of `count` examples are held out: the share asked for, rounded, and never all."""
    return min(round(data.held_out * count), count - 1)


def checked_held_out(count: int, data: DataConfig) -> int:
    """`held_out_count`, where that is what the share asks for.

    Raises InvalidInput for a share of so few examples that none would be held out, or none be left.
    """
    if data.held_out == 0 or 1 <= round(data.held_out * count) < count:
        return held_out_count(count, data)
    allowed = "0 where there is only 1 example"
    if count > 1:
        digits = len(str(count)) + 1
        scale = 10**digits
        # Half an example is rounded to an even number of them, so it may be allowed or not.
        least, most = floor(0.5 / count * scale) / scale, ceil((1 - 0.5 / count) * scale) / scale
        least += (round(least * count) < 1) / scale
        most -= (round(most * count) == count) / scale
        allowed = (
            f"0, or from {least:.{digits}f} to {min(most, 0.9):g} to hold out at least 1 of the {count:,} "
            "examples and train on at least 1"
        )
    raise InvalidInput("held_out", data.held_out, allowed)


def held_out_rows(count: int, data: DataConfig) -> NDArray[np.bool_]:
    """Which of `count` examples are held out: the first of a permutation drawn with data_seed."""
    rows = np.zeros(count, bool)
    if chosen := held_out_count(count, data):
        # The 0 and the 1 make it a stream of its own beside those of the examples and of their orders.
        rows[np.random.default_rng([data.data_seed, 0, 1]).permutation(count)[:chosen]] = True
    return rows
