"""Memorize: one vector in, one vector out.

The exercise: train MyNetwork, 3 -> 2 -> 5, until it answers [1, 2, 3] with [1, 2, 3, 4, 5]. The loss
is the sum of the five squared errors. The lab's settings (learning rate 1e-6, 50,000 steps) get part
of the way; 50,000 steps more get further.
"""

from collections.abc import Sequence
from typing import Any

import torch
from pydantic import Field

from service.engines.base import Examples
from service.numbers import Float32
from service.records import DataConfig
from service.tasks.base import Hidden, NetworkOptions, NetworkTask

INPUT = (1.0, 2.0, 3.0)
Output = tuple[Float32, Float32, Float32, Float32, Float32]


class MemorizeOptions(NetworkOptions):
    """The network between the 3 inputs and the 5 outputs, and the answer to memorize."""

    hidden: Hidden = (2,)
    target: Output = Field(
        default=(1.0, 2.0, 3.0, 4.0, 5.0),
        title="the answer to memorize",
        description="a list of 5 finite numbers of at most 3.4e+38",
    )


class Memorize(NetworkTask):
    """The memorize task."""

    name = "memorize"
    title = "A network that memorizes one vector"
    options = MemorizeOptions
    training = {"learning_rate": 1e-6, "steps": 50_000}
    chooses_data = False

    def examples(self, options: Any, data: DataConfig, upload: bytes | None = None) -> Examples:
        """[1, 2, 3] and its target."""
        return Examples(torch.tensor([INPUT]), torch.tensor([options.target]))

    def expected(self, options: Any, vectors: Sequence[Sequence[float]]) -> list[list[float] | None]:
        """The target for [1, 2, 3]; about other vectors the task says nothing."""
        return [list(options.target) if tuple(vector) == INPUT else None for vector in vectors]
