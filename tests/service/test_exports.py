"""What can be taken home: each file holds the model, and other programs read it as it is meant."""

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import nbformat
import onnx
import onnxruntime
import pytest
import safetensors
import safetensors.torch
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from service import Export, InvalidInput, NotFound, TrainingService
from service.exports import FORMATS, OPERATORS, Trained, export
from service.networks import ACTIVATIONS, LatentProduct, MyNetwork
from service.records import History, Model
from tests.conftest import message_of, under_way, until


def trained(module: nn.Module, task: str = "challenge", **history: Any) -> Trained:
    """A module as if it had been trained, with any history."""
    model = Model(id="0" * 32, task=task, options={}, seed=7, step=20, created="")
    return Trained(model, [], module, History(**{"step": [], "loss": [], **history}), {})


class TestEveryFormat:
    @pytest.mark.parametrize("format", FORMATS)
    @pytest.mark.parametrize(
        ("task", "options", "stem"),
        [
            ("product", {"start": [-1.5, 1e-7]}, "product-step-0"),
            ("memorize", {"hidden": [4, 2]}, "memorize-3-4-2-5-step-0"),
            ("challenge", {"hidden": [], "activation": "tanh"}, "challenge-3-5-step-0"),
        ],
    )
    def test_a_model_that_was_not_trained_can_be_had_too(
        self, lab: TrainingService, format: str, task: str, options: dict[str, Any], stem: str
    ) -> None:
        file = lab.export(lab.create_model(task, **options).id, format)
        assert isinstance(file, Export)
        assert file.name == f"{stem}.{FORMATS[format].suffix}"
        assert re.fullmatch(r"[a-z0-9.-]+", file.name)
        assert file.content
        assert file.media_type == FORMATS[format].media_type

    @pytest.mark.parametrize(
        "format", [name for name in FORMATS if name != "safetensors"]
    )  # its header is in any order
    def test_the_same_model_gives_the_same_bytes(self, lab: TrainingService, format: str) -> None:
        model = lab.create_model("challenge")
        lab.train(model.id, steps=20)
        assert lab.export(model.id, format) == lab.export(model.id, format)

    def test_all_that_a_file_tells_is_from_one_moment(self, lab: TrainingService) -> None:
        model = lab.create_model("product")
        job = lab.submit(model.id, learning_rate=1e-6, steps=5_000_000, engine="autograd")
        until(lab, job.id, under_way)
        files = [lab.export(model.id, "python") for _ in range(50)]
        lab.cancel(job.id)
        for file in files:
            found = re.fullmatch(r"product-step-(\d+)\.py", file.name)
            assert found is not None
            assert f"in range({found[1]}):" in file.content.decode()

    @pytest.mark.parametrize("format", ["pickle", "", "../x", None, 3, ["onnx"]])
    def test_another_format_is_refused(self, lab: TrainingService, format: Any) -> None:
        model = lab.create_model("product")
        message = message_of(lambda: lab.export(model.id, format), InvalidInput)
        formats = "safetensors, onnx, python, notebook, csv"
        assert message == f"format must be one of {formats}; got {format!r}."

    def test_an_unknown_model_is_refused(self, lab: TrainingService) -> None:
        with pytest.raises(NotFound):
            lab.export("0" * 32, "onnx")
        with pytest.raises(InvalidInput):
            lab.export("../etc", "onnx")


def test_safetensors_is_the_state_dict_and_says_what_it_is_of(lab: TrainingService, tmp_path: Path) -> None:
    options = {"hidden": [4], "activation": "tanh"}
    model = lab.create_model("memorize", seed=5, **options)
    lab.train(model.id, steps=30, learning_rate=1e-3, optimizer="adam")
    file = lab.export(model.id, "safetensors")
    tensors = safetensors.torch.load(file.content)
    network = MyNetwork(3, 4, 5, activation="tanh")
    network.load_state_dict(tensors)  # all of them and no others
    assert {name: tensor.tolist() for name, tensor in tensors.items()} == lab.parameters(model.id)
    path = tmp_path / file.name
    path.write_bytes(file.content)
    with safetensors.safe_open(path, "pt") as opened:
        metadata = opened.metadata()
    assert (metadata["task"], metadata["seed"], metadata["step"]) == ("memorize", "5", "30")
    assert json.loads(metadata["options"]) == model.options


class TestOnnx:
    def run(self, content: bytes, **inputs: Any) -> Any:
        (outputs,) = onnxruntime.InferenceSession(content).run(["outputs"], inputs)
        return torch.tensor(outputs)

    @pytest.mark.parametrize("activation", ACTIVATIONS)
    @pytest.mark.parametrize("widths", [(3, 5), (3, 1, 5), (3, 8, 5), (3, 64, 2, 7, 5)])
    def test_a_runtime_gives_what_torch_gives(self, widths: tuple[int, ...], activation: str) -> None:
        torch.manual_seed(len(widths))
        network = MyNetwork(*widths, activation=activation)
        content = export(trained(network), "onnx").content
        onnx.checker.check_model(content, full_check=True)
        for batch in (1, 2, 33):
            vectors = torch.randint(-50, 51, (batch, 3)).float()
            with torch.no_grad():
                expected = network(vectors)
                # The sums are taken in another order, and rounded to a few units in the last place of the
                # largest number on the way.
                largest = max(sums.abs().max().item() for *_, sums, _ in network.walk(vectors))
            tolerance = 100 * torch.finfo(torch.float32).eps * max(largest, 50)
            outputs = self.run(content, vectors=vectors.numpy())
            torch.testing.assert_close(outputs, expected, rtol=0, atol=tolerance)

    def test_its_inputs_and_outputs_have_names_and_a_free_number_of_rows(self) -> None:
        session = onnxruntime.InferenceSession(export(trained(MyNetwork(3, 2, 5)), "onnx").content)
        (given,), (result,) = session.get_inputs(), session.get_outputs()
        assert (given.name, given.type, given.shape) == ("vectors", "tensor(float)", ["batch", 3])
        assert (result.name, result.type, result.shape) == ("outputs", "tensor(float)", ["batch", 5])
        assert session.get_modelmeta().custom_metadata_map["task"] == "challenge"

    def test_the_product_takes_nothing_and_gives_the_product(self) -> None:
        product = LatentProduct(3.072, -4.054)
        outputs = self.run(export(trained(product, "product"), "onnx").content)
        assert torch.equal(outputs, product().detach())

    def test_every_activation_has_its_operator(self) -> None:
        assert set(OPERATORS) == set(ACTIVATIONS)


def test_python_is_the_program(lab: TrainingService) -> None:
    model = lab.create_model("product")
    lab.train(model.id, steps=5)
    assert lab.export(model.id, "python").content.decode() == lab.program(model.id)


def test_a_notebook_is_a_valid_one(lab: TrainingService) -> None:
    model = lab.create_model("memorize")
    lab.train(model.id, steps=5)
    nbformat.validate(nbformat.reads(lab.export(model.id, "notebook").content.decode(), as_version=4))


class TestCsv:
    def rows(self, **history: Any) -> list[list[str]]:
        content = export(trained(LatentProduct(), "product", **history), "csv").content
        return list(csv.reader(io.StringIO(content.decode())))

    def test_it_is_the_history(self, lab: TrainingService) -> None:
        model = lab.create_model("product")
        lab.train(model.id, steps=3)
        history = lab.history(model.id)
        assert self.rows(step=history.step, loss=history.loss) == [
            ["step", "loss"],
            *([str(step), repr(loss)] for step, loss in zip(history.step, history.loss, strict=True)),
        ]

    @given(st.lists(st.floats(allow_nan=False)))
    def test_no_cell_is_a_formula(self, losses: list[float]) -> None:
        header, *rows = self.rows(step=list(range(len(losses))), loss=losses)
        assert all(re.fullmatch("[a-z_]+", name) for name in header)
        assert [(int(step), float(loss)) for step, loss in rows] == list(enumerate(losses))
