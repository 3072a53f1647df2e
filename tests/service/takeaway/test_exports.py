"""What can be taken home: each file holds the model, and other programs read it as it is meant."""

import csv
import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pandas as pd
import pytest
import safetensors
import safetensors.numpy
import safetensors.torch
import torch
from huggingface_hub import PyTorchModelHubMixin, load_state_dict_from_file, load_torch_model
from hypothesis import given
from hypothesis import strategies as st
from onnx.reference import ReferenceEvaluator
from onnx.version_converter import convert_version
from torch import nn

from service import Export, InvalidInput, NotFound, TrainingService, training_program
from service.networks import ACTIVATIONS, LatentProduct, MyNetwork
from service.records import History, Model
from service.takeaway.exports import FORMATS, export
from service.tasks.network import ONNX_OPERATORS
from service.training.advance import save
from service.training.snapshot import Snapshot
from tests.conftest import message_of, under_way, until
from tests.service.programs import run


def trained(module: nn.Module, task: str = "challenge", **history: Any) -> Snapshot:
    """A module as if it had been trained, with any history."""
    options = {}
    if isinstance(module, MyNetwork):
        options = {"hidden": list(module.widths[1:-1]), "activation": module.activation}
    model = Model(id="0" * 32, task=task, options=options, seed=7, step=20, created="")
    return Snapshot(model, save(module), [], History(**{"step": [], "loss": [], **history}), {}, {})


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
        file = export(lab.snapshot(lab.create_model(task, **options).id), format)
        assert isinstance(file, Export)
        assert file.name == f"{stem}.{FORMATS[format].suffix}"
        assert re.fullmatch(r"[a-z0-9.-]+", file.name)
        assert file.content
        assert file.media_type == FORMATS[format].media_type

    @pytest.mark.parametrize("format", FORMATS)
    def test_the_same_model_gives_the_same_bytes(self, lab: TrainingService, format: str) -> None:
        model = lab.create_model("challenge")
        lab.train(model.id, steps=20)
        assert len({export(lab.snapshot(model.id), format).content for _ in range(20)}) == 1

    def test_all_that_a_file_tells_is_from_one_moment(self, lab: TrainingService) -> None:
        model = lab.create_model("product")
        job = lab.submit(model.id, learning_rate=1e-6, steps=5_000_000, engine="autograd")
        until(lab, job.id, under_way)
        files = [export(lab.snapshot(model.id), "python") for _ in range(50)]
        lab.cancel(job.id)
        for file in files:
            found = re.fullmatch(r"product-step-(\d+)\.py", file.name)
            assert found is not None
            assert f"in range({found[1]}):" in file.content.decode()

    @pytest.mark.parametrize(
        ("format", "named"),
        [
            ("pickle", "'pickle'"),
            ("", "''"),
            ("../x", "'../x'"),
            (None, "null"),
            (3, "3"),
            (["onnx"], "['onnx']"),
        ],
    )
    def test_another_format_is_refused(self, lab: TrainingService, format: Any, named: str) -> None:
        model = lab.create_model("product")
        message = message_of(lambda: export(lab.snapshot(model.id), format), InvalidInput)
        formats = "safetensors, onnx, python, notebook, csv"
        assert message == f"format must be one of {formats}; got {named}."

    def test_an_unknown_model_is_refused(self, lab: TrainingService) -> None:
        with pytest.raises(NotFound):
            export(lab.snapshot("0" * 32), "onnx")
        with pytest.raises(InvalidInput):
            export(lab.snapshot("../etc"), "onnx")


class TestSafetensors:
    """The weights, as each of the usual loaders finds them."""

    @pytest.fixture
    def path(self, tmp_path: Path) -> Path:
        return tmp_path / "model.safetensors"

    @pytest.mark.parametrize(
        "make",
        [
            lambda: LatentProduct(-0.0, 1e-40),
            lambda: MyNetwork(3, 5),
            lambda: MyNetwork(3, 1, 33, 7, 5, activation="tanh"),
        ],
        ids=["product", "one layer", "odd widths"],
    )
    def test_torch_and_numpy_get_the_state_dict(self, make: Callable[[], nn.Module], path: Path) -> None:
        module = make()
        task = "product" if isinstance(module, LatentProduct) else "challenge"
        path.write_bytes(export(trained(module, task), "safetensors").content)
        expected = module.state_dict()
        for tensors in (safetensors.torch.load_file(path), load_state_dict_from_file(path)):
            assert set(tensors) == set(expected)
            assert all(torch.equal(tensors[name], expected[name]) for name in expected)
        arrays = safetensors.numpy.load_file(path)
        assert {name: array.tolist() for name, array in arrays.items()} == {
            name: tensor.tolist() for name, tensor in expected.items()
        }
        for framework in ("pt", "np"):
            with safetensors.safe_open(path, framework) as opened:
                assert set(opened.keys()) == set(expected)

    def test_a_module_of_the_program_takes_all_of_it(self, lab: TrainingService, path: Path) -> None:
        model = lab.create_model("challenge", hidden=[4], activation="relu", seed=3)
        lab.train(model.id, steps=20)
        path.write_bytes(export(lab.snapshot(model.id), "safetensors").content)
        names, _ = run(
            training_program(lab.snapshot(lab.create_model("challenge", hidden=[4], activation="relu").id))
        )
        network = names["my_network"]
        for load in (safetensors.torch.load_model, load_torch_model):
            nn.init.zeros_(network.m1.weight)
            missing, unexpected = load(network, path)
            assert not missing
            assert not unexpected
            weights = {name: tensor.tolist() for name, tensor in network.state_dict().items()}
            assert weights == lab.snapshot(model.id).parameters

    def test_the_hub_opens_a_folder_with_it(self, path: Path) -> None:
        class OnTheHub(nn.Module, PyTorchModelHubMixin):
            def __init__(self) -> None:
                super().__init__()
                self.m1 = nn.Linear(3, 5)

        network = MyNetwork(3, 5)
        path.write_bytes(export(trained(network), "safetensors").content)
        loaded = OnTheHub.from_pretrained(str(path.parent), strict=True)
        assert torch.equal(loaded.m1.weight, network.state_dict()["m1.weight"])

    def test_its_header_says_what_it_is_of(self, lab: TrainingService, path: Path) -> None:
        model = lab.create_model("memorize", seed=5, hidden=[4], target=[2**-149, -0.0, 1e3, 0.1, 5])
        lab.train(model.id, steps=30, learning_rate=1e-3, optimizer="adam")
        path.write_bytes(export(lab.snapshot(model.id), "safetensors").content)
        with safetensors.safe_open(path, "pt") as opened:
            metadata = opened.metadata()
        # Transformers asks for one of "pt", "tf", "flax" and "mlx", huggingface_hub for "pt" or "mlx".
        assert metadata["format"] == "pt"
        assert (metadata["task"], metadata["seed"], metadata["step"]) == ("memorize", "5", "30")
        assert json.loads(metadata["options"]) == model.options
        assert int.from_bytes(path.read_bytes()[:8], "little") % 8 == 0  # so that tensors are aligned


class TestOnnx:
    @staticmethod
    def by_runtime(content: bytes, **inputs: Any) -> Any:
        (outputs,) = onnxruntime.InferenceSession(content).run(["outputs"], inputs)
        return torch.tensor(outputs)

    @staticmethod
    def by_reference(content: bytes, **inputs: Any) -> Any:
        (outputs,) = ReferenceEvaluator(onnx.load_from_string(content)).run(["outputs"], inputs)
        return torch.tensor(outputs)

    @staticmethod
    def by_runtime_after_conversion(content: bytes, **inputs: Any) -> Any:
        newer = convert_version(onnx.load_from_string(content), onnx.defs.onnx_opset_version() - 1)
        return TestOnnx.by_runtime(newer.SerializeToString(), **inputs)

    @pytest.mark.parametrize("run", ["by_runtime", "by_reference", "by_runtime_after_conversion"])
    @pytest.mark.parametrize("activation", ACTIVATIONS)
    @pytest.mark.parametrize("widths", [(3, 5), (3, 1, 5), (3, 64, 2, 7, 5)])
    def test_whoever_runs_it_gets_what_torch_gives(
        self, widths: tuple[int, ...], activation: str, run: str
    ) -> None:
        torch.manual_seed(len(widths))
        network = MyNetwork(*widths, activation=activation)
        content = export(trained(network), "onnx").content
        onnx.checker.check_model(content, full_check=True)
        for batch in (0, 1, 2, 33):
            vectors = torch.randint(-50, 51, (batch, 3)).float()
            with torch.no_grad():
                expected = network(vectors)
                # The sums are taken in another order, and rounded to a few units in the last place of the
                # largest number on the way.
                largest = max(
                    [50, *(sums.abs().max().item() for *_, sums, _ in network.walk(vectors) if batch)]
                )
            tolerance = 100 * torch.finfo(torch.float32).eps * largest
            outputs = getattr(self, run)(content, vectors=vectors.numpy())
            torch.testing.assert_close(outputs, expected, rtol=0, atol=tolerance)

    def test_viewers_find_every_shape_a_name_for_every_node_and_what_it_is(self) -> None:
        network = MyNetwork(3, 8, 2, 5, activation="relu")
        graph = onnx.load_from_string(export(trained(network), "onnx").content).graph
        inferred = onnx.shape_inference.infer_shapes(
            onnx.load_from_string(export(trained(network), "onnx").content), strict_mode=True
        )
        assert [node.name for node in graph.node] == ["m1", "m1.Relu", "m2", "m2.Relu", "m3"]
        assert {value.name for value in inferred.graph.value_info} == {
            output for node in graph.node[:-1] for output in node.output
        }
        assert graph.doc_string == (
            "A network that knows the rule for every vector, after 20 steps. Takes vectors of 3 numbers and gives "
            "5 for each."
        )

    def test_its_inputs_and_outputs_have_names_and_a_free_number_of_rows(self) -> None:
        session = onnxruntime.InferenceSession(export(trained(MyNetwork(3, 2, 5)), "onnx").content)
        (given,), (result,) = session.get_inputs(), session.get_outputs()
        assert (given.name, given.type, given.shape) == ("vectors", "tensor(float)", ["batch", 3])
        assert (result.name, result.type, result.shape) == ("outputs", "tensor(float)", ["batch", 5])
        assert session.get_modelmeta().custom_metadata_map["task"] == "challenge"

    @pytest.mark.filterwarnings("ignore:overflow")  # which numpy mentions
    @pytest.mark.parametrize("factors", [(3.072, -4.054), (-0.0, 5.0), (1e-40, 0.5), (3e38, 2.0)])
    @pytest.mark.parametrize("run", ["by_runtime", "by_reference"])
    def test_the_product_takes_nothing_and_gives_the_product(
        self, run: str, factors: tuple[float, float]
    ) -> None:
        product = LatentProduct(*factors)
        outputs = getattr(self, run)(export(trained(product, "product"), "onnx").content)
        assert torch.equal(outputs, product().detach())

    def test_every_activation_has_its_operator(self) -> None:
        assert set(ONNX_OPERATORS) == set(ACTIVATIONS)


def test_python_is_the_program(lab: TrainingService) -> None:
    model = lab.create_model("product")
    lab.train(model.id, steps=5)
    content = export(lab.snapshot(model.id), "python").content.decode()
    assert content.partition("\n")[2] == training_program(lab.snapshot(model.id))


def test_a_learners_own_program_is_left_as_it_is() -> None:
    snapshot = trained(MyNetwork(3, 5))
    model = snapshot.model.model_copy(update={"program": "import torch\n"})
    assert export(replace(snapshot, model=model), "python").content == b"import torch\n"


class TestCsv:
    def rows(self, **history: Any) -> list[list[str]]:
        content = export(trained(LatentProduct(), "product", **history), "csv").content
        return list(csv.reader(io.StringIO(content.decode())))

    def test_it_is_the_history(self, lab: TrainingService) -> None:
        model = lab.create_model("product")
        lab.train(model.id, steps=3)
        history = lab.snapshot(model.id).history
        assert self.rows(step=history.step, loss=history.loss) == [
            ["step", "loss"],
            *([str(step), repr(loss)] for step, loss in zip(history.step, history.loss, strict=True)),
        ]

    def test_pandas_and_numpy_read_every_number_back(self) -> None:
        steps, losses = [0, 5, 10, 15], [1 / 3, 5e-324, 1.7976931348623157e308, 0.1]
        file = export(
            trained(LatentProduct(), step=steps, loss=losses, held_out_loss=[None, 0.7, None, 1e-7]), "csv"
        )
        text = file.content.decode()
        table = pd.read_csv(io.StringIO(text))
        assert table["step"].tolist() == steps
        assert table["loss"].tolist() == losses
        assert table["held_out_loss"].isna().tolist() == [True, False, True, False]
        array = np.genfromtxt(io.StringIO(text), delimiter=",", names=True)
        assert array.dtype.names == ("step", "loss", "held_out_loss")
        assert array["loss"].tolist() == losses
        assert np.isnan(array["held_out_loss"]).tolist() == [True, False, True, False]

    def test_without_a_history_there_are_only_names(self) -> None:
        assert self.rows(step=[], loss=[]) == [["step", "loss"]]

    @given(st.lists(st.floats(allow_nan=False)))
    def test_no_cell_is_a_formula(self, losses: list[float]) -> None:
        header, *rows = self.rows(step=list(range(len(losses))), loss=losses)
        assert all(re.fullmatch("[a-z_]+", name) for name in header)
        assert [(int(step), float(loss)) for step, loss in rows] == list(enumerate(losses))
