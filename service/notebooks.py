"""A model's whole training as a Jupyter notebook: the program of `programs`, and what the lab recorded."""

import re
from collections.abc import Sequence
from pprint import pformat

import nbformat.v4 as notebook
import torch
from nbformat import NotebookNode, writes

from service.examples import Uploads
from service.programs import training_program
from service.records import History, Job, Model
from service.tasks import TASKS

KERNEL = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}

STEPS_PER_SECOND = 10_000
"""About what the lab's loop makes of a small network (benchmarks/RESULTS.md)."""

TO_THE_BIT = "to the bit, with the same PyTorch"

BUT_FOR_ROUNDING = (
    "but for the last digits: the lab trained with its compiled engine, which adds the same numbers in "
    "another order"
)

HISTORY = """\
## The losses that the lab recorded

The mean loss over the examples trained on, after so many steps."""

PLOT = """\
import matplotlib.pyplot as plt

steps = history["step"]
for name, losses in history.items():
    if name != "step":
        plt.plot(steps, losses, label=name.replace("_", " "))
plt.yscale("log")
plt.xlabel("step")
plt.legend()
plt.show()"""

VECTORS = """\
## Vectors it may never have seen

Change them, and run the cell again."""

TRY_VECTORS = """\
vectors = torch.tensor([[1.0, 2.0, 3.0], [40.0, -50.0, 60.0], [-1000.0, 0.0, 1000.0]])
with torch.no_grad():
    answers = my_network(vectors).round()
for (a, b, c), answer in zip(vectors.tolist(), answers.tolist()):
    print([a, b, c], "->", answer, "right" if answer == [a, b, c, c + 1, c + 2] else "wrong")"""


def training_notebook(model: Model, jobs: Sequence[Job], history: History, uploads: Uploads) -> str:
    """The notebook (nbformat 4) that trains the model again, plots its history and tries vectors.

    It needs torch, numpy and matplotlib, and nothing of the lab. The same arguments give the same text.
    """
    program = training_program(model, jobs, uploads)
    sources = [(notebook.new_markdown_cell, _introduction(model, jobs))]
    # The program in its own paragraphs: an empty line, and no indentation after it.
    sources += [(notebook.new_code_cell, part) for part in re.split(r"\n{2,}(?=\S)", program.strip())]
    if history.step:
        data = pformat(history.columns(), width=100, compact=True, sort_dicts=False)
        sources += [
            (notebook.new_markdown_cell, HISTORY),
            (notebook.new_code_cell, f"history = {data}"),
            (notebook.new_code_cell, PLOT),
        ]
    if model.task == "challenge":
        sources += [(notebook.new_markdown_cell, VECTORS), (notebook.new_code_cell, TRY_VECTORS)]
    cells: list[NotebookNode] = [
        new_cell(source, id=f"cell-{number}") for number, (new_cell, source) in enumerate(sources, start=1)
    ]
    return writes(notebook.new_notebook(cells=cells, metadata=KERNEL))


def _introduction(model: Model, jobs: Sequence[Job]) -> str:
    exact = all(job.config.engine == "autograd" for job in jobs if job.step > job.start_step)
    training = (
        f"It makes the model from seed {model.seed} and trains it for {model.step:,} steps, as Backprop Lab "
        f"did. It ends at the same weights, {TO_THE_BIT if exact else BUT_FOR_ROUNDING}. "
        f"Python makes about {STEPS_PER_SECOND:,} steps a second."
    )
    if not model.step:
        training = f"It makes the model from seed {model.seed}, as Backprop Lab did; it was not trained yet."
    version = torch.__version__.partition("+")[0]
    return f"""\
# {TASKS[model.task].title}

This notebook is a training in plain PyTorch. {training}

Run the cells from top to bottom. They need three packages:

    pip install torch=={version} numpy matplotlib"""
