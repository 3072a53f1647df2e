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
from service.tasks.base import Source, largest
from service.tasks.network import Hidden, NetworkOptions, NetworkTask

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
    compiled_first = (({"hidden": [2]}, 1),)

    def examples(self, options: Any, data: DataConfig, upload: bytes | None = None) -> Examples:
        """[1, 2, 3] and its target."""
        return Examples(torch.tensor([INPUT]), torch.tensor([options.target]))

    def expected(self, options: Any, vectors: Sequence[Sequence[float]]) -> list[list[float] | None]:
        """The target for [1, 2, 3]; about other vectors the task says nothing."""
        return [list(options.target) if tuple(vector) == INPUT else None for vector in vectors]

    def source(self, options: Any, seed: int) -> Source:
        """The lab's program."""
        given, wanted = list(INPUT), list(options.target)
        data = f"my_input = torch.tensor({given})\nmy_desired_output = torch.tensor({wanted})\n"
        return Source(
            setup=self.setup_source(options, seed),
            parameters="my_network.parameters()",
            data=lambda _data, _upload: data,
            loss=lambda _config, _count: (
                "    loss = torch.sum((my_network(my_input) - my_desired_output) ** 2)\n"
            ),
            result="print(my_network(my_input))\n",
            weights="my_network.state_dict()",
        )

    def too_large(self, _module: Any, examples: Examples) -> str:
        """The target."""
        return (
            f"The answer to memorize reaches {largest(examples.targets):.3g}, and float32 cannot hold that "
            "number squared. Create a model with a target of numbers below 1e+18."
        )
