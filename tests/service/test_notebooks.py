"""A model's training as a notebook: it runs from top to bottom, anywhere, and ends at the same weights."""

import json
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
import torch
from nbclient import NotebookClient
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from service import TrainingService

ALONE = 'import importlib.util\nassert importlib.util.find_spec("service") is None'
"""A cell that fails where the project can be imported."""


def exported(lab: TrainingService, model_id: str) -> NotebookNode:
    return nbformat.reads(lab.export(model_id, "notebook").content.decode(), as_version=4)


def sources(notebook: NotebookNode, kind: str) -> list[str]:
    return [cell.source for cell in notebook.cells if cell.cell_type == kind]


def printed(cell: NotebookNode) -> str:
    return "".join(output.text for output in cell.outputs if output.output_type == "stream")


def executed(notebook: NotebookNode, folder: Path) -> tuple[NotebookNode, dict[str, Any]]:
    """The notebook as a kernel of its own leaves it, and the weights that it ends with."""
    weights = "print(json.dumps({k: v.tolist() for k, v in my_network.state_dict().items()}))"
    notebook.cells.append(new_code_cell(f"import json\n{weights}"))
    notebook.cells.insert(0, new_code_cell(ALONE))
    NotebookClient(notebook, timeout=60, resources={"metadata": {"path": str(folder)}}).execute()
    return notebook, json.loads(printed(notebook.cells[-1]))


def test_on_autograd_it_ends_at_the_same_bits(lab: TrainingService, tmp_path: Path) -> None:
    model = lab.create_model("challenge", hidden=[4], activation="tanh", seed=2)
    given = {"engine": "autograd", "order": "shuffled", "batch_size": 8, "examples": 50}
    lab.train(model.id, steps=150, optimizer="adam", learning_rate=1e-2, **given)
    lab.train(model.id, steps=50, learning_rate=1e-3, **given)
    notebook, weights = executed(exported(lab, model.id), tmp_path)
    assert weights == lab.parameters(model.id)
    assert "200 steps" in notebook.cells[1].source
    assert "to the bit" in notebook.cells[1].source
    plots = [output for cell in notebook.cells for output in cell.get("outputs", []) if "data" in output]
    assert ["image/png" in plot.data for plot in plots] == [True]
    answers = lab.predict(model.id, [[1, 2, 3], [40, -50, 60], [-1000, 0, 1000]])
    assert printed(notebook.cells[-2]).replace("-0.0", "0.0").splitlines() == [
        f"{vector} -> {[float(number or 0) for number in answer]} {'right' if correct else 'wrong'}"
        for vector, answer, correct in zip(answers.inputs, answers.rounded, answers.correct, strict=True)
    ]


def test_on_the_compiled_engine_it_ends_within_rounding(lab: TrainingService, tmp_path: Path) -> None:
    model = lab.create_model("memorize")
    lab.train(model.id, learning_rate=1e-2, steps=200)
    notebook, weights = executed(exported(lab, model.id), tmp_path)
    assert "but for the last digits" in notebook.cells[1].source
    for name, expected in lab.parameters(model.id).items():
        torch.testing.assert_close(torch.tensor(weights[name]), torch.tensor(expected), rtol=1e-5, atol=1e-5)


def test_it_holds_the_program_and_the_history(lab: TrainingService) -> None:
    model = lab.create_model("challenge", hidden=[2])
    for steps in (700, 300):
        lab.train(model.id, steps=steps)
    program = lab.program(model.id)
    code = sources(exported(lab, model.id), "code")
    written = "\n\n".join(code)
    assert [line for line in program.splitlines() if line] == [
        line for line in written[: written.index("history = ")].splitlines() if line
    ]
    names: dict[str, Any] = {}
    exec(next(source for source in code if source.startswith("history = ")), names)
    assert names["history"] == lab.history(model.id).columns()
    assert all(len(line) <= 110 for source in code for line in source.splitlines())


@pytest.mark.parametrize("task", ["product", "memorize", "challenge"])
def test_of_an_untrained_model_there_is_no_history(lab: TrainingService, task: str) -> None:
    notebook = exported(lab, lab.create_model(task, seed=9).id)
    assert "from seed 9, as Backprop Lab did; it was not trained yet" in notebook.cells[0].source
    assert not re.search("history|matplotlib.pyplot", "".join(sources(notebook, "code")))


def test_only_the_challenge_has_vectors_to_try(lab: TrainingService) -> None:
    with_vectors = [
        task
        for task in ("product", "memorize", "challenge")
        if "vectors = " in sources(exported(lab, lab.create_model(task).id), "code")[-1]
    ]
    assert with_vectors == ["challenge"]
