"""A fourth task, which only the tests register: y = m x + b by one nn.Linear, and the sum of absolute errors.

It is all that a task has to be, and nothing that it may be: no compiled loop, no ONNX graph, no analysis.
"""

from collections.abc import Sequence
from typing import Any

import torch
from pydantic import Field
from torch import Tensor, nn

from service.engines.base import Examples
from service.numbers import Float32
from service.records import DataConfig, Record, TrainingConfig
from service.tasks.base import Source, Task

X = torch.linspace(-2, 2, 9)


class LineOptions(Record):
    """The line to learn."""

    slope: Float32 = Field(default=2.0, title="its slope", description="a finite number")
    intercept: Float32 = Field(default=-1.0, title="its value at 0", description="a finite number")


class Line(Task):
    """The line task."""

    name = "line"
    title = "A straight line"
    inputs = 1
    outputs = 1
    options = LineOptions
    training = {"learning_rate": 1e-2, "steps": 60}

    def build(self, options: Any) -> nn.Module:
        return nn.Linear(1, 1)

    def examples(self, options: Any, data: DataConfig, upload: bytes | None = None) -> Examples:
        return Examples(X[:, None], options.slope * X[:, None] + options.intercept)

    def loss(self, outputs: Tensor, targets: Tensor) -> Tensor:
        total = torch.sum(torch.abs(outputs - targets))
        return total if outputs.dim() < 2 else total / len(outputs)

    def expected(self, options: Any, vectors: Sequence[Sequence[float]]) -> list[list[float] | None]:
        return [[options.slope * x + options.intercept] for (x,) in vectors]

    def source(self, options: Any, seed: int) -> Source:
        made = "inputs = torch.linspace(-2, 2, 9)[:, None]\n"

        def loss(config: TrainingConfig, count: int) -> str:
            assert config.batch_size == 1
            assert config.order == "sequential"
            line = f"    index = step % {count}\n"
            return line + "    loss = torch.sum(torch.abs(my_line(inputs[index]) - targets[index]))\n"

        return Source(
            setup=f"torch.set_num_threads(1)\ntorch.manual_seed({seed})\nmy_line = nn.Linear(1, 1)\n",
            parameters="my_line.parameters()",
            data=lambda _data, _upload: f"{made}targets = {options.slope} * inputs + {options.intercept}\n",
            loss=loss,
            result="print(my_line.weight, my_line.bias)\n",
            weights="my_line.state_dict()",
        )
