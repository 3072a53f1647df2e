"""What a learner takes home: a trained model as a file, in one of the FORMATS.

Each format is a pure function from a Snapshot to bytes, and one line in the table.
"""

import csv
import io
import json
from collections.abc import Callable
from dataclasses import dataclass

import safetensors.torch
from onnx import TensorProto, helper, numpy_helper

from service.errors import InvalidInput, one_of
from service.records import Model
from service.takeaway.notebooks import training_notebook
from service.takeaway.programs import training_program
from service.training.snapshot import Snapshot
from service.version import __version__

OPSET = 13
"""The version of ONNX's operators: old, so that old runtimes run the file too."""


@dataclass(frozen=True)
class Export:
    """A file: its name (of a-z, 0-9, "." and "-" alone), its bytes and their media type."""

    name: str
    content: bytes
    media_type: str


@dataclass(frozen=True)
class Format:
    """How a Snapshot is written down."""

    suffix: str
    media_type: str
    write: Callable[[Snapshot], bytes]


def export(snapshot: Snapshot, format: str) -> Export:
    """The model in the format of that name. Raises InvalidInput for a name that is not in FORMATS."""
    kind = FORMATS[one_of("format", format, FORMATS)]
    return Export(
        name=f"{_stem(snapshot)}.{kind.suffix}", content=kind.write(snapshot), media_type=kind.media_type
    )


def _stem(snapshot: Snapshot) -> str:
    """The task, the layers' widths and the step, as in "challenge-3-8-5-step-20000"."""
    task = snapshot.task
    widths = task.widths(snapshot.options)
    return "-".join(map(str, (task.name, *widths, "step", snapshot.model.step)))


def _metadata(model: Model) -> dict[str, str]:
    return {
        "task": model.task,
        "options": json.dumps(model.options),
        "seed": str(model.seed),
        "step": str(model.step),
        "backprop_lab_version": __version__,
    }


def _safetensors(snapshot: Snapshot) -> bytes:
    # Transformers and huggingface_hub open a file with metadata only if "format" is among it.
    content = safetensors.torch.save(
        snapshot.module.state_dict(), {"format": "pt", **_metadata(snapshot.model)}
    )
    # safetensors writes the metadata in any order, another one every time. The header is JSON, its length
    # stands before it in 8 bytes, and tensors lie on 8: https://github.com/huggingface/safetensors#format
    end = 8 + int.from_bytes(content[:8], "little")
    header = json.dumps(json.loads(content[8:end]), sort_keys=True, separators=(",", ":")).encode()
    header += b" " * (-len(header) % 8)
    return len(header).to_bytes(8, "little") + header + content[end:]


def _onnx(snapshot: Snapshot) -> bytes:
    """The forward pass in float32, from "vectors", of any number of rows, to "outputs".

    Where the task has no inputs, it takes nothing. Where a runtime adds in another order than torch, its
    outputs differ from torch's by float32 rounding. Raises InvalidInput where the task has no graph.
    """
    task, state = snapshot.task, snapshot.module.state_dict()
    written = task.graph(snapshot.module)
    if written is None:
        others = ", ".join(name for name in FORMATS if name != "onnx")
        raise InvalidInput("format", "onnx", f"one of {others}: the task {task.name} has no ONNX graph")
    batch = ["batch"] if task.inputs else []
    inputs = [helper.make_tensor_value_info("vectors", TensorProto.FLOAT, [*batch, task.inputs])]
    outputs = helper.make_tensor_value_info(
        "outputs", TensorProto.FLOAT, [*batch, task.outputs] if batch else []
    )
    graph = helper.make_graph(
        written.nodes,
        name=task.name,
        inputs=inputs if task.inputs else [],
        outputs=[outputs],
        initializer=[numpy_helper.from_array(tensor.numpy(), name) for name, tensor in state.items()],
        doc_string=f"{task.title}, after {snapshot.model.step:,} steps. {written.about}",
    )
    # The oldest version of the file format that has these operators, for the same reason as OPSET.
    model = helper.make_model_gen_version(
        graph,
        opset_imports=[helper.make_opsetid("", OPSET)],
        producer_name="backprop-lab",
        producer_version=__version__,
    )
    helper.set_model_props(model, _metadata(snapshot.model))
    return model.SerializeToString(deterministic=True)


def _python(snapshot: Snapshot) -> bytes:
    """The program, with a first line that says what wrote it, unless a learner did."""
    written_by = f"# Written by Backprop Lab {__version__}.\n" if snapshot.model.program is None else ""
    return f"{written_by}{training_program(snapshot)}".encode()


def _notebook(snapshot: Snapshot) -> bytes:
    """Raises InvalidInput for a model that came out of a program."""
    if snapshot.model.program is not None:
        others = ", ".join(name for name in FORMATS if name != "notebook")
        raise InvalidInput("format", "notebook", f"one of {others}, for this model came out of a program")
    return training_notebook(snapshot).encode()


def _csv(snapshot: Snapshot) -> bytes:
    """The history, a column for each that it has, with commas between and decimal points in the numbers.

    Every number reads back as the same float64. A cell is empty where the history has None. A spreadsheet
    finds no formula: all cells are numbers.
    """
    columns = snapshot.history.columns()
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
