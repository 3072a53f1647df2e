"""What the tasks that train a MyNetwork have in common."""

from collections.abc import Iterator
from typing import Annotated, Any

import torch
from onnx import NodeProto, helper
from pydantic import BeforeValidator, Field
from torch import Tensor

from service.engines.kernels import NetworkKernel
from service.errors import one_of
from service.networks import ACTIVATIONS, LayerPass, MyNetwork, network_source
from service.numbers import Whole
from service.records import Record
from service.tasks.base import Graph, Task, squared_errors

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
    Field(
        title="the function after each hidden layer",
        description="one of " + ", ".join(ACTIVATIONS),
        json_schema_extra={"enum": [*ACTIVATIONS]},
    ),
]

ONNX_OPERATORS = {"none": None, "relu": "Relu", "tanh": "Tanh"}
"""Of each of ACTIVATIONS. See https://onnx.ai/onnx/operators/."""

ONE_THREAD = "torch.set_num_threads(1)  # The last bits of a sum can depend on how many threads add it."


class NetworkOptions(Record):
    """The layers of a MyNetwork between its inputs and its outputs."""

    hidden: Hidden = (3,)
    activation: Activation = "none"


class NetworkTask(Task):
    """A MyNetwork from vectors of 3 numbers to 5, and the lab's sum of squared errors."""

    inputs = 3
    outputs = 5
    kernel = NetworkKernel

    def build(self, options: Any) -> MyNetwork:
        """MyNetwork(3, *hidden, 5)."""
        return MyNetwork(*self.widths(options), activation=options.activation)

    def loss(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """The lab's sum of squared errors; of a batch, its mean over the examples."""
        total = torch.sum((outputs - targets) ** 2)
        return total if outputs.dim() < 2 else total / len(outputs)

    def recorded_loss(self, outputs: Tensor, targets: Tensor) -> float:
        """The difference is taken in float32, as in `loss`."""
        return squared_errors(outputs, targets)

    def widths(self, options: Any) -> tuple[int, ...]:
        """(3, *hidden, 5)."""
        return (self.inputs, *options.hidden, self.outputs)

    def shape(self, options: Any) -> str:
        """The layers, as 3 → 8 → 5 relu."""
        widths = " → ".join(map(str, self.widths(options)))
        return widths if options.activation == "none" else f"{widths} {options.activation}"

    def layers(self, module: MyNetwork, vector: Tensor) -> Iterator[LayerPass]:
        """Layer by layer, as in `forward`."""
        return module.walk(vector)

    def setup_source(self, options: Any, seed: int) -> str:
        """The lines that make the network with the weights of the seed."""
        network = network_source(self.widths(options), options.activation)
        return f"{network}\n\n{ONE_THREAD}\ntorch.manual_seed({seed})\nmy_network = MyNetwork()\n"

    def graph(self, module: MyNetwork) -> Graph:
        """A Gemm for each layer, and the activations."""
        about = f"Takes vectors of {self.inputs} numbers and gives {self.outputs} for each."
        return Graph(_layers(module), about)


def _layers(network: MyNetwork) -> list[NodeProto]:
    operator = ONNX_OPERATORS[network.activation]
    *hidden, last = [name for name, _ in network.named_children()]
    nodes: list[NodeProto] = []
    x = "vectors"
    for name in hidden:
        nodes.append(_linear(name, x, f"{name}.sums"))
        x = f"{name}.sums"
        if operator is not None:
            nodes.append(helper.make_node(operator, [x], [f"{name}.passed"], name=f"{name}.{operator}"))
            x = f"{name}.passed"
    return [*nodes, _linear(last, x, "outputs")]


def _linear(name: str, given: str, result: str) -> NodeProto:
    # transB: a Linear keeps its weight as (outputs, inputs).
    return helper.make_node("Gemm", [given, f"{name}.weight", f"{name}.bias"], [result], name=name, transB=1)
