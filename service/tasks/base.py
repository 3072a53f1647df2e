"""What a task is: something to build, examples to learn it from, and a loss that says how far off it is."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Annotated, Any, ClassVar

import torch
from pydantic import BeforeValidator, Field
from torch import Tensor, nn

from service.engines.base import Examples
from service.errors import one_of
from service.networks import ACTIVATIONS, MyNetwork
from service.records import DataConfig, Record, Whole

Width = Annotated[Whole, Field(ge=1, le=64)]
Hidden = Annotated[
    tuple[Width, ...],
    Field(
        max_length=3,
        title="the widths of the layers between inputs and outputs ([] for a single nn.Linear)",
        description="a list of at most 3 layer widths, each a whole number from 1 to 64",
    ),
]
Activation = Annotated[
    str,
    BeforeValidator(lambda name: one_of("activation", name, ACTIVATIONS)),
    Field(title="the function after each hidden layer", description="one of " + ", ".join(ACTIVATIONS)),
]


class Task(ABC):
    """One exercise of the lab. The options records below are what `create_model` takes."""

    name: ClassVar[str]
    title: ClassVar[str]
    inputs: ClassVar[int]
    """How many numbers a vector has, and below, how many its answer has."""
    outputs: ClassVar[int]
    options: ClassVar[type[Record]]
    training: ClassVar[dict[str, Any]]
    """The TrainingConfig fields in which this task's defaults differ."""
    chooses_data: ClassVar[bool]
    """Whether the fields of DataConfig mean anything to it."""

    @abstractmethod
    def build(self, options: Any) -> nn.Module:
        """A module with fresh weights; `torch_state.drawn` says from which seed."""

    @abstractmethod
    def examples(self, options: Any, data: DataConfig, upload: bytes | None = None) -> Examples:
        """The examples of a run; the same arguments give the same examples.

        `upload` are the kept bytes of the set that `data` names, if that is one that somebody added.
        """

    @abstractmethod
    def loss(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """The scalar to take to 0, for one example or for a batch of them."""

    @abstractmethod
    def expected(self, options: Any, vectors: Sequence[Sequence[float]]) -> list[list[float] | None]:
        """The right answer to each vector, or None where the task says nothing about it."""


class NetworkOptions(Record):
    """The layers of a MyNetwork between its inputs and its outputs."""

    hidden: Hidden = (3,)
    activation: Activation = "none"


class NetworkTask(Task):
    """What the tasks that train MyNetwork on vectors of 3 and 5 numbers have in common."""

    inputs = 3
    outputs = 5

    def build(self, options: Any) -> MyNetwork:
        """MyNetwork(3, *hidden, 5)."""
        widths = (self.inputs, *options.hidden, self.outputs)
        return MyNetwork(*widths, activation=options.activation)

    def loss(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """The lab's sum of squared errors; of a batch (2-D), its mean over the examples."""
        total = torch.sum((outputs - targets) ** 2)
        return total if outputs.dim() < 2 else total / len(outputs)
