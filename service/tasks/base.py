"""What a task is: something to build, examples to learn it from, and a loss that says how far off it is.

All that only this task knows stands with it. What it does not offer is absent: without a compiled loop it
trains on PyTorch, without a graph it is not written as ONNX, without an analysis nothing is proved of it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray
from onnx import NodeProto
from torch import Tensor, nn

from service.engines.base import Examples, Kernel
from service.networks import LayerPass
from service.records import DataConfig, Record, TrainingConfig

if TYPE_CHECKING:
    from service.tasks.challenge.bottleneck import Bottleneck
    from service.tasks.challenge.distance import Distance
    from service.tasks.challenge.proof import Certificate

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Source:
    """A task with its options as a plain PyTorch program, in pieces: lines of code, each with its end."""

    setup: str
    """Make what is trained."""
    parameters: str
    """The expression of what the optimizer is given."""
    data: Callable[[DataConfig, bytes | None], str]
    """Make the examples; the bytes are those of an added data set. A task that chooses its data calls them
    `inputs` and `targets`."""
    loss: Callable[[TrainingConfig, int], str]
    """In the loop, make the `loss` at `step`, given how many examples there are."""
    result: str
    """Print what it ends at."""
    weights: str
    """The expression of all weights by the names that the lab gives them."""
    held_out_result: str = ""
    """Print the loss of `held_out_inputs` and `held_out_targets`."""
    trial: tuple[str, str] | None = None
    """For a notebook: a cell of Markdown and a cell of code that try what was trained."""


@dataclass(frozen=True)
class Graph:
    """A forward pass in ONNX, from "vectors" (if the task has inputs) to "outputs".

    The nodes call the parameters by their names in the state_dict.
    """

    nodes: Sequence[NodeProto]
    about: str
    """What it takes and gives, as a sentence."""


class Analysis(Protocol):
    """What can be proved of a task's modules, and how they do where they were not trained."""

    def certify(self, module: Any, /) -> Certificate:
        """How far the module is right for every vector."""
        ...

    def distances(self, module: Any, lows: Sequence[float], highs: Sequence[float], /) -> list[Distance]:
        """How it answers ever farther from its training examples, whose range is given."""
        ...

    def bottleneck(
        self, module: Any, data: DataConfig, inputs: Floats, targets: Floats, /
    ) -> Bottleneck | None:
        """Why it cannot learn the task from these examples; None if it may."""
        ...

    def floor(self, options: Any, inputs: Floats, targets: Floats, /) -> float | None:
        """A loss on these examples that no weights get below in exact arithmetic, if one is known."""
        ...


class Task(ABC):
    """One exercise of the lab. The options are what `create_model` takes."""

    name: ClassVar[str]
    title: ClassVar[str]
    inputs: ClassVar[int]
    """How many numbers a vector has, and below, how many its answer has."""
    outputs: ClassVar[int]
    options: ClassVar[type[Record]]
    training: ClassVar[dict[str, Any]]
    """The TrainingConfig fields in which this task's defaults differ."""
    chooses_data: ClassVar[bool] = False
    """Whether the fields of DataConfig mean anything to it."""
    kernel: ClassVar[type[Kernel] | None] = None
    """The compiled loop over what `build` makes and over this very `loss`, if there is one."""
    compiled_first: ClassVar[Sequence[tuple[Mapping[str, Any], int]]] = ()
    """Options and a batch size for each of its kernels, to have them compiled before somebody trains."""
    analysis: ClassVar[Analysis | None] = None

    def __init_subclass__(cls) -> None:
        """What is written for one module or one loss is not inherited by who makes another of either."""
        own = set(vars(cls))
        for changed, written_for_it in WRITTEN_FOR.items():
            for name in written_for_it - own if changed in own else ():
                setattr(cls, name, vars(Task)[name])

    @abstractmethod
    def build(self, options: Any) -> nn.Module:
        """A module with fresh weights; `torch_state.drawn` says from which seed."""

    @abstractmethod
    def examples(self, options: Any, data: DataConfig, upload: bytes | None = None) -> Examples:
        """The examples of a training; the same arguments give the same examples.

        `upload` are the kept bytes of the set that `data` names, if that is one that somebody added.
        """

    @abstractmethod
    def loss(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """The scalar to take to 0, for one example or for a batch of them (2-D): then their mean."""

    @abstractmethod
    def expected(self, options: Any, vectors: Sequence[Sequence[float]]) -> list[list[float] | None]:
        """The right answer to each vector, or None where the task says nothing about it."""

    @abstractmethod
    def source(self, options: Any, seed: int) -> Source:
        """The task as a program, with a module of this seed."""

    def recorded_loss(self, outputs: Tensor, targets: Tensor) -> float:
        """The mean loss of all examples, in float64, so that it is finite as long as the outputs are."""
        return self.loss(outputs.double(), targets.double()).item()

    def graph(self, _module: Any) -> Graph | None:
        """The module in ONNX, if the task can write that."""
        return None

    def widths(self, _options: Any) -> tuple[int, ...]:
        """The widths of the network from its inputs to its outputs; none where it has no layers."""
        return ()

    def shape(self, options: Any) -> str:
        """The options in a few words, for a table of many models."""
        return ", ".join(f"{name} {value}" for name, value in options.model_dump(mode="json").items())

    def layers(self, _module: Any, _vector: Tensor) -> Iterable[LayerPass]:
        """What each layer of the network makes of a vector; nothing where it has no layers."""
        return ()

    def too_large(self, _module: Any, examples: Examples) -> str:
        """What is too large, and what to do, where already the first loss is not a finite number."""
        size = max(largest(examples.inputs), largest(examples.targets))
        return f"The numbers of the examples reach {size:.3g}, and their loss is more than float32 can hold."

    def unstick(self, _module: Any) -> str:
        """What to do, as a sentence, where all gradients are 0 and the loss is not; "" if that is unknown."""
        return ""


WRITTEN_FOR = {
    "build": {"kernel", "graph", "layers", "source"},
    "loss": {"kernel", "recorded_loss", "source"},
}
"""What of a task goes with its module, and what with its loss."""


def squared_errors(outputs: Tensor, targets: Tensor) -> float:
    """The mean over the examples of the sum of squared errors, added in float64."""
    return (outputs - targets).double().square().sum().item() / len(targets)


def largest(numbers: Tensor) -> float:
    """The largest of the numbers by size; 0 if there are none."""
    return numbers.abs().max().item() if numbers.numel() else 0.0
