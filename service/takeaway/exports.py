"""What a learner takes home: a trained model as a file, in one of the FORMATS.

Each format is a pure function from a Trained to bytes, and one line in the table.
"""

import csv
import io
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import safetensors.torch
from onnx import NodeProto, TensorProto, helper, numpy_helper
from torch import nn

from service.errors import one_of
from service.networks import MyNetwork
from service.records import History, Job, Model
from service.takeaway.notebooks import training_notebook
from service.takeaway.programs import training_program
from service.tasks import TASKS
from service.training.examples import Uploads

OPSET = 13
"""The version of ONNX's operators: old, so that old runtimes run the file too."""

OPERATORS = {"none": None, "relu": "Relu", "tanh": "Tanh"}
"""The ONNX operator of each of ACTIVATIONS. See https://onnx.ai/onnx/operators/."""


@dataclass(frozen=True)
class Trained:
    """A model with all that can be told of it, from one moment."""

    model: Model
    jobs: Sequence[Job]
    module: nn.Module
    history: History
    uploads: Uploads


@dataclass(frozen=True)
class Export:
    """A file: its name (of a-z, 0-9, "." and "-" alone), its bytes and their media type."""

    name: str
    content: bytes
    media_type: str


@dataclass(frozen=True)
class Format:
    """How a Trained is written down."""

    suffix: str
    media_type: str
    write: Callable[[Trained], bytes]


def export(trained: Trained, format: str) -> Export:
    """The model in the format of that name. Raises InvalidInput for a name that is not in FORMATS."""
    kind = FORMATS[one_of("format", format, FORMATS)]
    return Export(
        name=f"{_stem(trained)}.{kind.suffix}", content=kind.write(trained), media_type=kind.media_type
    )


def _stem(trained: Trained) -> str:
    """The task, the layers' widths and the step, as in "challenge-3-8-5-step-20000"."""
    widths = trained.module.widths if isinstance(trained.module, MyNetwork) else ()
    return "-".join(map(str, (trained.model.task, *widths, "step", trained.model.step)))


def _metadata(model: Model) -> dict[str, str]:
    return {
        "task": model.task,
        "options": json.dumps(model.options),
        "seed": str(model.seed),
        "step": str(model.step),
    }


def _safetensors(trained: Trained) -> bytes:
    # Transformers and huggingface_hub open a file with metadata only if "format" is among it.
    content = safetensors.torch.save(
        trained.module.state_dict(), {"format": "pt", **_metadata(trained.model)}
    )
    # safetensors writes the metadata in any order, another one every time. The header is JSON, its length
    # stands before it in 8 bytes, and tensors lie on 8: https://github.com/huggingface/safetensors#format
    end = 8 + int.from_bytes(content[:8], "little")
    header = json.dumps(json.loads(content[8:end]), sort_keys=True, separators=(",", ":")).encode()
    header += b" " * (-len(header) % 8)
    return len(header).to_bytes(8, "little") + header + content[end:]


def _onnx(trained: Trained) -> bytes:
    """The forward pass in float32, from "vectors", of any number of rows, to "outputs".

    The product has no input: its file takes nothing, and gives var_1 * var_2, a scalar. Where a runtime adds
    in another order than torch, its outputs differ from torch's by float32 rounding.
    """
    module = trained.module
    inputs: list[Any] = []
    shape: list[str | int] = []
    about = "Takes nothing and gives the product of the two numbers."
    if isinstance(module, MyNetwork):
        nodes = _layers(module)
        inputs = [helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["batch", module.widths[0]])]
        shape = ["batch", module.widths[-1]]
        about = f"Takes vectors of {module.widths[0]} numbers and gives {module.widths[-1]} for each."
    else:
        nodes = [helper.make_node("Mul", ["var_1", "var_2"], ["outputs"], name="product")]
    graph = helper.make_graph(
        nodes,
        name=trained.model.task,
        inputs=inputs,
        outputs=[helper.make_tensor_value_info("outputs", TensorProto.FLOAT, shape)],
        initializer=[
            numpy_helper.from_array(tensor.numpy(), name) for name, tensor in module.state_dict().items()
        ],
        doc_string=f"{TASKS[trained.model.task].title}, after {trained.model.step:,} steps. {about}",
    )
    # The oldest version of the file format that has these operators, for the same reason as OPSET.
    model = helper.make_model_gen_version(
        graph, opset_imports=[helper.make_opsetid("", OPSET)], producer_name="backprop-lab"
    )
    helper.set_model_props(model, _metadata(trained.model))
    return model.SerializeToString(deterministic=True)


def _layers(network: MyNetwork) -> list[NodeProto]:
    operator = OPERATORS[network.activation]
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


def _python(trained: Trained) -> bytes:
    return training_program(trained.model, trained.jobs, trained.uploads).encode()


def _notebook(trained: Trained) -> bytes:
    parameters = {name: tensor.tolist() for name, tensor in trained.module.state_dict().items()}
    return training_notebook(
        trained.model, trained.jobs, trained.history, trained.uploads, parameters
    ).encode()


def _csv(trained: Trained) -> bytes:
    """The history, a column for each that it has, with commas between and decimal points in the numbers.

    Every number reads back as the same float64. A cell is empty where the history has None. A spreadsheet
    finds no formula: all cells are numbers.
    """
    columns = trained.history.columns()
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(zip(*columns.values(), strict=True))
    return text.getvalue().encode()


FORMATS: dict[str, Format] = {
    "safetensors": Format("safetensors", "application/octet-stream", _safetensors),
    "onnx": Format("onnx", "application/octet-stream", _onnx),
    "python": Format("py", "text/x-python", _python),
    "notebook": Format("ipynb", "application/x-ipynb+json", _notebook),
    "csv": Format("csv", "text/csv", _csv),
}
"""By name."""
