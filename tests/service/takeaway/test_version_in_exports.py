"""The version that wrote a file is told where there is a place for it: a comment would stop readers of CSV."""

import json

import onnx
import pytest

from service import TrainingService, __version__, export, packed_recipe
from service.takeaway.exports import FORMATS
from service.takeaway.recipes import unpacked


@pytest.fixture
def contents(lab: TrainingService) -> dict[str, bytes]:
    model = lab.create_model("product")
    lab.train(model.id, steps=5)
    return {format: export(lab.snapshot(model.id), format).content for format in FORMATS}


def test_it_stands_in_files_that_others_read(contents: dict[str, bytes]) -> None:
    assert contents["python"].startswith(f"# Written by Backprop Lab {__version__}.\n".encode())
    (first, *_) = json.loads(contents["notebook"])["cells"]
    assert f"as Backprop Lab {__version__} did" in "".join(first["source"])
    graph = onnx.load_from_string(contents["onnx"])
    assert (graph.producer_name, graph.producer_version) == ("backprop-lab", __version__)
    header_bytes = int.from_bytes(contents["safetensors"][:8], "little")
    header = json.loads(contents["safetensors"][8 : 8 + header_bytes])
    assert header["__metadata__"]["backprop_lab_version"] == __version__


def test_a_table_is_left_to_its_numbers(contents: dict[str, bytes]) -> None:
    assert contents["csv"].startswith(b"step,loss\n")


def test_a_link_does_not_tell_it(lab: TrainingService) -> None:
    recipe = packed_recipe(lab.snapshot(lab.create_model("challenge").id))
    assert __version__ not in unpacked(recipe).model_dump_json()
