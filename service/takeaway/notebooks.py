"""A model's whole training as a Jupyter notebook: the program of `programs`, and what was recorded.

Run from top to bottom, it installs what is missing and nothing else, and in the end measures how far its
weights lie from those of the lab.
"""

import json
import re
from collections.abc import Mapping
from pprint import pformat
from typing import Any

import nbformat.v4 as notebook
import numpy as np
import torch
from nbformat import NotebookNode, writes

from service.takeaway.claims import claimed, ending, steps
from service.takeaway.programs import training_program
from service.training.snapshot import Snapshot
from service.version import __version__

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
print("where this notebook was written: PyTorch {torch} and NumPy {numpy}")"""

HISTORY = """\
## The losses that were recorded

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
## The weights that the training ended at

The second cell prints by how much the weights of this notebook differ from them at most."""

DIFFERENCE = """\
weights = {weights}
differences = [(weights[name] - torch.tensor(each)).abs().max() for name, each in recorded_weights.items()]
largest = max(weight.abs().max().item() for weight in weights.values())
print("largest difference:", torch.stack(differences).max().item(), "with weights up to", largest)"""


def training_notebook(snapshot: Snapshot) -> str:
    """The notebook (nbformat 4) that trains the model again, compares the weights and plots the history.

    It needs torch, numpy and matplotlib, and nothing of the lab. The same snapshot gives the same text.
    """
    history, source = snapshot.history, snapshot.task.source(snapshot.options, snapshot.model.seed)
    program = training_program(snapshot)
    packages = ["torch", "numpy", *(["matplotlib"] if history.step else [])]
    sources = [
        (notebook.new_markdown_cell, _introduction(snapshot)),
        (notebook.new_markdown_cell, RUN.format(packages=", ".join(packages))),
        (notebook.new_code_cell, INSTALL.format(packages=json.dumps(packages))),
        (notebook.new_code_cell, VERSIONS.format(torch=torch.__version__, numpy=np.__version__)),
    ]
    # The program in its own paragraphs: an empty line, and no indentation after it.
    sources += [(notebook.new_code_cell, part) for part in re.split(r"\n{2,}(?=\S)", program.strip())]
    sources += [
        (notebook.new_markdown_cell, WEIGHTS),
        (notebook.new_code_cell, _assigned("recorded_weights", snapshot.parameters)),
        (notebook.new_code_cell, DIFFERENCE.format(weights=source.weights)),
    ]
    if history.step:
        sources += [
            (notebook.new_markdown_cell, HISTORY),
            (notebook.new_code_cell, _assigned("history", history.columns())),
            (notebook.new_code_cell, PLOT),
        ]
    if source.trial is not None:
        told, tried = source.trial
        sources += [(notebook.new_markdown_cell, told), (notebook.new_code_cell, tried)]
    cells: list[NotebookNode] = [
        new_cell(source, id=f"cell-{number}") for number, (new_cell, source) in enumerate(sources, start=1)
    ]
    return writes(notebook.new_notebook(cells=cells, metadata=KERNEL))


def _assigned(name: str, value: Mapping[str, Any]) -> str:
    return f"{name} = {pformat(dict(value), width=100, compact=True, sort_dicts=False)}"


def _introduction(snapshot: Snapshot) -> str:
    claim = claimed(snapshot.jobs)
    training = "It was not trained yet."
    if claim is not None:
        training = f"It then trains it for {steps(snapshot.model.step)}. {claim}"
    endings = "\n".join(f"- {sentence}" for job in snapshot.jobs if (sentence := ending(job)))
    return (
        f"# {snapshot.task.title}\n\n"
        f"This notebook makes the model in plain PyTorch, as Backprop Lab {__version__} did. {training}\n\n"
        f"{endings}"
    ).strip()
