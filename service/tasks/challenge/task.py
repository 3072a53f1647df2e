"""Challenge: [a, b, c] -> [a, b, c, c+1, c+2], for every integer vector.

The exercise: generate examples, train on them one after another, and end with a network that is right
for vectors it has never seen. One hidden layer of 2 cannot do it, however long it trains: everything
would have to pass through two numbers, and three are needed. A layer of 3 or more can.
"""

from collections.abc import Sequence
from typing import Any

import torch

import datasets
from datasets import integers
from service.data import uploads
from service.engines.base import Examples
from service.errors import one_of
from service.records import DataConfig
from service.tasks.base import NetworkOptions, NetworkTask


class Challenge(NetworkTask):
    """The challenge task."""

    name = "challenge"
    title = "A network that knows the rule for every vector"
    options = NetworkOptions
    training = {"learning_rate": 1e-3, "steps": 20_000}
    chooses_data = True

    def examples(self, options: Any, data: DataConfig, upload: bytes | None = None) -> Examples:
        """The named set, or generated integer vectors. Raises InvalidInput for an unknown name."""
        if data.dataset is None:
            inputs, targets = integers.generate(data.examples, data.low, data.high, data.data_seed)
        elif upload is not None:
            inputs, targets = uploads.load(upload)
        else:
            inputs, targets = datasets.load(one_of("dataset", data.dataset, datasets.names()))
        return Examples(torch.tensor(inputs).float(), torch.tensor(targets).float())

    def expected(self, options: Any, vectors: Sequence[Sequence[float]]) -> list[list[float] | None]:
        """[a, b, c, c+1, c+2], whether the vector's numbers are integers or not."""
        return [[a, b, c, c + 1, c + 2] for a, b, c in vectors]
