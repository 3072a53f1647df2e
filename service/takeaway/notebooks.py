"""A model's whole training as a Jupyter notebook: the program of `programs`, and what the lab recorded.

Run from top to bottom, it installs what is missing and nothing else, and in the end measures how far its
weights lie from those of the lab.
"""

import json
import re
from collections.abc import Mapping, Sequence
from pprint import pformat
from typing import Any

import nbformat.v4 as notebook
import numpy as np
import torch
from nbformat import NotebookNode, writes

from service.records import History, Job, Model
from service.takeaway.claims import claimed, ending, steps
from service.takeaway.programs import PARTS, training_program
from service.tasks import TASKS
from service.training.examples import Uploads

KERNEL = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {
        "name": "python",
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "pygments_lexer": "ipython3",
    },
}
"""What viewers ask for: https://nbformat.readthedocs.io/en/latest/format_description.html."""

RUN = """\
Run the cells from top to bottom. The first installs what is missing of {packages}."""

INSTALL = """\
import importlib.util

packages = {packages}
missing = " ".join(name for name in packages if importlib.util.find_spec(name) is None)
if missing:
    %pip install {{missing}}"""

VERSIONS = """\
import numpy
import torch

print("here: PyTorch", torch.__version__, "and NumPy", numpy.__version__)
print("in the lab that wrote this notebook: PyTorch {torch} and NumPy {numpy}")"""

HISTORY = """\
## The losses that the lab recorded

`loss` is the mean over the examples trained on, and `held_out_loss`, where there is one, over those held out.
On a logarithmic axis there is no place for a loss of exactly 0."""

PLOT = """\
import matplotlib.pyplot as plt

steps = history["step"]
for name, losses in history.items():
    if name != "step":
        plt.plot(steps, losses, marker=".", label=name.replace("_", " "))
if max(history["loss"]) > 0:
    plt.yscale("log")
plt.xlabel("step")
plt.legend()
plt.show()"""

WEIGHTS = """\
## The weights that the lab ended at

The second cell prints by how much the weights of this notebook differ from them at most."""

DIFFERENCE = """\
weights = {weights}
differences = [(weights[name] - torch.tensor(lab_weights[name])).abs().max() for name in lab_weights]
largest = max(weight.abs().max().item() for weight in weights.values())
print("largest difference:", torch.stack(differences).max().item(), "with weights up to", largest)"""

VECTORS = """\
## Vectors it may never have seen

Change them, and run the cell again."""

TRY_VECTORS = """\
vectors = torch.tensor([[1.0, 2.0, 3.0], [40.0, -50.0, 60.0], [-1000.0, 0.0, 1000.0]])
with torch.no_grad():
    answers = my_network(vectors).round()
for (a, b, c), answer in zip(vectors.tolist(), answers.tolist()):
    print([a, b, c], "->", answer, "right" if answer == [a, b, c, c + 1, c + 2] else "wrong")"""


def training_notebook(
    model: Model, jobs: Sequence[Job], history: History, uploads: Uploads, parameters: Mapping[str, Any]
) -> str:
    """The notebook (nbformat 4) that trains the model again, compares the weights and plots the history.

    `parameters` are the model's, name -> nested list. It needs torch, numpy and matplotlib, and nothing of
    the lab. The same arguments give the same text.
    """
    program = training_program(model, jobs, uploads)
    packages = ["torch", "numpy", *(["matplotlib"] if history.step else [])]
    sources = [
        (notebook.new_markdown_cell, _introduction(model, jobs)),
        (notebook.new_markdown_cell, RUN.format(packages=", ".join(packages))),
        (notebook.new_code_cell, INSTALL.format(packages=json.dumps(packages))),
        (notebook.new_code_cell, VERSIONS.format(torch=torch.__version__, numpy=np.__version__)),
    ]
    # The program in its own paragraphs: an empty line, and no indentation after it.
    sources += [(notebook.new_code_cell, part) for part in re.split(r"\n{2,}(?=\S)", program.strip())]
    sources += [
        (notebook.new_markdown_cell, WEIGHTS),
        (notebook.new_code_cell, _assigned("lab_weights", parameters)),
        (notebook.new_code_cell, DIFFERENCE.format(weights=PARTS[model.task].weights)),
    ]
    if history.step:
        sources += [
            (notebook.new_markdown_cell, HISTORY),
            (notebook.new_code_cell, _assigned("history", history.columns())),
            (notebook.new_code_cell, PLOT),
        ]
    if model.task == "challenge":
        sources += [(notebook.new_markdown_cell, VECTORS), (notebook.new_code_cell, TRY_VECTORS)]
    cells: list[NotebookNode] = [
        new_cell(source, id=f"cell-{number}") for number, (new_cell, source) in enumerate(sources, start=1)
    ]
    return writes(notebook.new_notebook(cells=cells, metadata=KERNEL))


def _assigned(name: str, value: Mapping[str, Any]) -> str:
    return f"{name} = {pformat(dict(value), width=100, compact=True, sort_dicts=False)}"


def _introduction(model: Model, jobs: Sequence[Job]) -> str:
    claim = claimed(jobs)
    training = "It was not trained yet."
    if claim is not None:
        training = f"It then trains it for {steps(model.step)}. {claim}"
    endings = "\n".join(f"- {sentence}" for job in jobs if (sentence := ending(job)))
    return (
        f"# {TASKS[model.task].title}\n\n"
        f"This notebook makes the model in plain PyTorch, as Backprop Lab did. {training}\n\n{endings}"
    ).strip()
