"""What goes out of a running app and into it: files, sweeps, and data sets."""

import csv
import json
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest
import safetensors.torch
from gradio_client.exceptions import AppError

from tests.api.conftest import create
from tests.conftest import ROOT, RunningApp, message_of


class TestSweep:
    def test_every_combination_is_an_ordinary_model(self, client: Any) -> None:
        cells = client.predict("challenge", [1e-3, 0.1], [[2], [3]], [0, 1], steps=3000, api_name="/sweep")
        assert [(cell["learning_rate"], cell["hidden"], cell["seed"]) for cell in cells] == [
            (rate, hidden, seed) for hidden in ([2], [3]) for seed in (0, 1) for rate in (1e-3, 0.1)
        ]
        assert {cell["status"] for cell in cells if cell["learning_rate"] == 0.1} == {"diverged"}
        best = max(cells, key=lambda cell: cell["radius"] or -1)
        assert best["hidden"] == [3]
        certificate = client.predict(best["model_id"], api_name="/certify")
        assert (certificate["radius"], certificate["method"]) == (best["radius"], "proved")
        assert client.predict(best["job_id"], api_name="/job")["loss"] == best["loss"]

    def test_other_tasks_have_no_radius(self, client: Any) -> None:
        (cell,) = client.predict("product", [0.003], steps=100, momentum=0.5, api_name="/sweep")
        assert (cell["status"], cell["hidden"], cell["radius"]) == ("succeeded", None, None)

    def test_too_much_is_refused(self, client: Any) -> None:
        message = message_of(
            lambda: client.predict("product", [0.1], None, list(range(201)), api_name="/sweep"), AppError
        )
        assert message.startswith("The number of runs of a sweep must be at most 200")


class TestExport:
    def export(self, client: Any, model_id: str, format: str) -> Path:
        return Path(client.predict(model_id, format, api_name="/export"))

    def test_a_file_arrives_under_its_name_with_its_bytes(self, client: Any) -> None:
        model_id = create(client, "challenge", hidden=[8])
        client.predict(model_id, steps=500, api_name="/train")
        stem = "challenge-3-8-5-step-500"
        suffixes = {
            "safetensors": "safetensors",
            "python": "py",
            "notebook": "ipynb",
            "csv": "csv",
            "onnx": "onnx",
        }
        files = {format: self.export(client, model_id, format) for format in suffixes}
        assert {format: path.name for format, path in files.items()} == {
            format: f"{stem}.{suffix}" for format, suffix in suffixes.items()
        }
        parameters = client.predict(model_id, api_name="/parameters")
        tensors = safetensors.torch.load_file(files["safetensors"])
        assert {name: tensor.tolist() for name, tensor in tensors.items()} == parameters
        history = client.predict(model_id, api_name="/history")
        _, *rows = csv.reader(files["csv"].read_text().splitlines())
        assert [(int(step), float(loss)) for step, loss in rows] == [
            *zip(history["step"], history["loss"], strict=True)
        ]
        answer = client.predict(model_id, [[1, 2, 3], [4, 5, 6]], api_name="/predict")
        vectors = np.array(answer["inputs"], dtype=np.float32)
        (outputs,) = onnxruntime.InferenceSession(files["onnx"]).run(None, {"vectors": vectors})
        np.testing.assert_allclose(np.asarray(outputs), answer["outputs"], rtol=1e-4, atol=1e-4)

    def test_what_is_not_a_format_or_a_model_is_refused(self, client: Any) -> None:
        model_id = create(client, "product")
        formats = "safetensors, onnx, python, notebook, csv"
        for wrong in ("../../etc/passwd", "<b>", ""):
            message = message_of(lambda wrong=wrong: self.export(client, model_id, wrong), AppError)
            assert message == f"format must be one of {formats}; got {wrong!r}."
        message = message_of(lambda: self.export(client, "../etc", "csv"), AppError)
        assert message == "model_id must be the id of a model, 32 hexadecimal digits; got '../etc'."

    def test_no_other_file_is_served(self, app: RunningApp, client: Any) -> None:
        exported = client.submit(create(client, "product"), "csv", api_name="/export").result()
        assert Path(exported).is_file()
        for path in (app.data / "lab.sqlite", ROOT / "app.py", Path("/etc/passwd")):
            assert path.is_file()
            with pytest.raises(urllib.error.HTTPError, match="403"):
                urllib.request.urlopen(f"{app.address}gradio_api/file={path}")


def test_an_added_data_set_can_be_trained_on(client: Any) -> None:
    rows = [f"{a},{b},{c},{a},{b},{c},{c + 1},{c + 2}" for a in range(3) for b in range(3) for c in range(3)]
    csv = "\n".join(["a,b,c,y1,y2,y3,y4,y5", *rows])
    added = client.predict(csv, api_name="/add_dataset")
    assert added == {"name": added["name"], "examples": 27, "file_name": None, "notes": []}
    assert client.predict(csv.replace("2", "2.0").replace("y2.0", "y2"), api_name="/add_dataset") == added
    again = client.predict(csv.replace(",", ";"), file_name="<b>mine.csv", api_name="/add_dataset")
    assert again == added | {"file_name": "<b>mine.csv", "notes": ["Cells are separated by semicolons."]}
    model_id = create(client, "challenge", hidden=[])
    job = client.predict(model_id, dataset=added["name"], held_out=0.25, steps=200, api_name="/train")
    assert (job["status"], job["config"]["dataset"]) == ("succeeded", added["name"])
    history = client.predict(model_id, api_name="/history")
    assert len(history["held_out_loss"]) == len(history["loss"]) == len(history["step"])
    assert history["held_out_loss"][-1] < history["held_out_loss"][0]
    assert added["name"] not in json.dumps(client.predict(api_name="/tasks"))
    message = message_of(lambda: client.predict(csv + ",x", api_name="/add_dataset"), AppError)
    assert message == "The number of cells on line 28 must be 8, one for each column; got 9."
