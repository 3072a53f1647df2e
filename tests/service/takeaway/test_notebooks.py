"""A model's training as a notebook: it runs from top to bottom, anywhere, and measures what it ends at."""

import json
import re
from pathlib import Path
from typing import Any

import matplotlib
import matplotlib.pyplot as plt
import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient
from nbconvert.exporters import HTMLExporter, PythonExporter
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from service import TrainingService, __version__, export, training_program
from service.takeaway.claims import OTHER_BITS, SAME_BITS

ALONE = 'import importlib.util\nassert importlib.util.find_spec("service") is None'
"""A cell that fails where the project can be imported."""


def exported(lab: TrainingService, model_id: str) -> NotebookNode:
    return nbformat.reads(export(lab.snapshot(model_id), "notebook").content.decode(), as_version=4)


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


def cell_with(notebook: NotebookNode, source: str) -> NotebookNode:
    """The only cell that has this in it."""
    (cell,) = [cell for cell in notebook.cells if source in cell.source]
    return cell


def difference(notebook: NotebookNode) -> float:
    """By how much the weights differ, as the notebook prints it."""
    found = re.match(
        r"largest difference: (\S+) with weights up to", printed(cell_with(notebook, "differences ="))
    )
    assert found is not None
    return float(found[1])


def test_on_autograd_it_ends_at_the_same_bits(lab: TrainingService, tmp_path: Path) -> None:
    model = lab.create_model("challenge", hidden=[4], activation="tanh", seed=2)
    given = {"engine": "autograd", "order": "shuffled", "batch_size": 8, "examples": 50}
    lab.train(model.id, steps=150, optimizer="adam", learning_rate=1e-2, **given)
    lab.train(model.id, steps=50, learning_rate=1e-3, **given)
    notebook, weights = executed(exported(lab, model.id), tmp_path)
    assert weights == lab.snapshot(model.id).parameters
    assert f"200 steps. {SAME_BITS}" in notebook.cells[1].source
    assert difference(notebook) == 0
    plots = [output for cell in notebook.cells for output in cell.get("outputs", []) if "data" in output]
    assert ["image/png" in plot.data for plot in plots] == [True]
    answers = lab.snapshot(model.id).predict([[1, 2, 3], [40, -50, 60], [-1000, 0, 1000]])
    assert printed(notebook.cells[-2]).replace("-0.0", "0.0").splitlines() == [
        f"{vector} -> {[float(number or 0) for number in answer]} {'right' if correct else 'wrong'}"
        for vector, answer, correct in zip(answers.inputs, answers.rounded, answers.correct, strict=True)
    ]


def test_on_the_compiled_engine_it_measures_how_near_it_comes(lab: TrainingService, tmp_path: Path) -> None:
    # Of a network that makes much of little.
    model = lab.create_model("memorize", hidden=[3, 17], activation="tanh")
    lab.train(model.id, learning_rate=0.05, steps=400)
    notebook, weights = executed(exported(lab, model.id), tmp_path)
    assert f"400 steps. {OTHER_BITS}" in notebook.cells[1].source
    expected = lab.snapshot(model.id).parameters
    assert difference(notebook) == pytest.approx(
        max(abs(np.array(weights[name]) - np.array(expected[name])).max() for name in expected)
    )


def test_it_says_what_became_of_each_training_and_how_many_steps_it_makes(lab: TrainingService) -> None:
    model = lab.create_model("product")
    lab.train(model.id, steps=1)
    diverged = lab.train(model.id, steps=100, learning_rate=0.1)
    lab.train(model.id, steps=10, learning_rate=1000)
    notebook = exported(lab, model.id)
    introduction = notebook.cells[0].source
    assert f"trains it for {diverged.step} steps." in introduction
    assert introduction.split("\n\n")[-1].splitlines() == [
        f"- In Backprop Lab, the training to step 101 diverged at step {diverged.step + 1}: after it a weight, or "
        "the loss of the next batch, was not a finite number. It ends at the last finite weights, those of "
        f"step {diverged.step}.",
        "- A training of 10 steps at learning rate 1000.0 diverged at once. It changed nothing and is left out.",
    ]


def test_it_installs_what_is_missing_and_nothing_else(lab: TrainingService, tmp_path: Path) -> None:
    model = lab.create_model("product")
    lab.train(model.id, steps=1)
    install = cell_with(exported(lab, model.id), "%pip").source
    note = new_code_cell(
        "from IPython.core.magic import register_line_magic\n\n"
        "@register_line_magic\ndef pip(line):\n    print(line)\n"
    )
    for found, asked in [
        (install, ""),
        (
            install.replace('"torch"', '"no_torch"').replace('"numpy"', '"no_numpy"'),
            "install no_torch no_numpy\n",
        ),
    ]:
        notebook = nbformat.v4.new_notebook(cells=[note, new_code_cell(found)])
        NotebookClient(notebook, timeout=60, resources={"metadata": {"path": str(tmp_path)}}).execute()
        assert printed(notebook.cells[-1]) == asked
    assert '["torch", "numpy", "matplotlib"]' in install


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    ("task", "options", "training"),
    [
        ("product", {"start": [3, 5]}, {}),  # the loss is 0 from the beginning
        ("product", {"start": [3e9, 4e9]}, {"learning_rate": 1000}),  # one point
        ("challenge", {}, {"held_out": 0.5}),
    ],
)
def test_it_plots_any_history_without_a_warning(
    lab: TrainingService, task: str, options: Any, training: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = lab.create_model(task, **options)
    lab.train(model.id, steps=3, **training)
    lab.train(model.id, steps=3)  # which holds nothing out
    notebook = exported(lab, model.id)
    with matplotlib.rc_context():
        matplotlib.use("agg")
        monkeypatch.setattr(plt, "show", lambda: None)
        left: dict[str, Any] = {}
        for source in ("history = ", "plt.plot("):
            exec(cell_with(notebook, source).source, left)
        lines = {str(line.get_label()): len(line.get_xdata()) for line in plt.gca().lines}  # pyright: ignore[reportArgumentType]
        plt.close()
    columns = lab.snapshot(model.id).history.columns()
    assert lines == {name.replace("_", " "): len(columns[name]) for name in columns if name != "step"}


class TestReaders:
    """What opens notebooks opens this one, and finds in it what it looks for."""

    @pytest.fixture
    def notebook(self, lab: TrainingService) -> NotebookNode:
        model = lab.create_model("challenge")
        lab.train(model.id, steps=5, held_out=0.1)
        return exported(lab, model.id)

    def test_it_is_valid_and_names_its_language(self, notebook: NotebookNode) -> None:
        nbformat.validate(notebook)
        assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
        assert notebook.metadata.kernelspec.name == "python3"  # as Colab asks
        assert notebook.metadata.language_info.name == "python"  # as GitHub and VS Code ask
        assert len({cell.id for cell in notebook.cells}) == len(notebook.cells)

    def test_nbconvert_makes_a_page_and_a_script(self, notebook: NotebookNode) -> None:
        page, _ = HTMLExporter().from_notebook_node(notebook)
        assert "The losses that were recorded" in page
        script, resources = PythonExporter().from_notebook_node(notebook)
        assert resources["output_extension"] == ".py"
        compile(script, "notebook.py", "exec")


def test_it_holds_the_program_the_weights_and_the_history(lab: TrainingService) -> None:
    model = lab.create_model("challenge", hidden=[2])
    for steps in (700, 300):
        lab.train(model.id, steps=steps)
    program = training_program(lab.snapshot(model.id))
    code = sources(exported(lab, model.id), "code")
    written = "\n\n".join(code)
    begin, end = written.index(program.splitlines()[0]), written.index("recorded_weights = ")
    assert [line for line in program.splitlines() if line] == [
        line for line in written[begin:end].splitlines() if line
    ]
    names: dict[str, Any] = {}
    for name in ("history", "recorded_weights"):
        exec(next(source for source in code if source.startswith(f"{name} = ")), names)
    assert names["history"] == lab.snapshot(model.id).history.columns()
    assert names["recorded_weights"] == lab.snapshot(model.id).parameters
    assert all(len(line) <= 110 for source in code for line in source.splitlines())


@pytest.mark.parametrize("task", ["product", "memorize", "challenge"])
def test_of_an_untrained_model_there_is_no_history(lab: TrainingService, task: str) -> None:
    notebook = exported(lab, lab.create_model(task, seed=9).id)
    assert notebook.cells[0].source.endswith(f"as Backprop Lab {__version__} did. It was not trained yet.")
    assert not re.search("history|matplotlib", "".join(sources(notebook, "code")))


def test_only_the_challenge_has_vectors_to_try(lab: TrainingService) -> None:
    with_vectors = [
        task
        for task in ("product", "memorize", "challenge")
        if "vectors = " in sources(exported(lab, lab.create_model(task).id), "code")[-1]
    ]
    assert with_vectors == ["challenge"]
