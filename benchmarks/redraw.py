"""A bench drawn once more: how long that holds the event loop up, and how often it asks the database."""

import tempfile
from pathlib import Path
from statistics import quantiles
from time import perf_counter
from typing import Any

import gradio as gr

from benchmarks.report import number, table
from service import InlineExecutor, TrainingService
from ui.bench_task import BenchTask
from ui.chapters import autograd, challenge, training
from ui.layout import Layout, Memory
from ui.trainer import BenchState, Trainer
from ui.view import View

TITLE = "Redraw: all figures of a bench, from the database to markup"
ROUNDS = 200
GOAL_MS = 5
GOAL_SELECTS = 4


def run() -> list[str]:
    """A row for each bench, whose model was trained with the settings that it opens with."""
    with (
        tempfile.TemporaryDirectory() as folder,
        TrainingService(Path(folder), workers=1, make_executor=InlineExecutor) as lab,
        gr.Blocks(),
    ):
        bench_tasks = (autograd.BENCH_TASK, training.BENCH_TASK, challenge.bench_task(lab.catalog.datasets()))
        rows = [_row(lab, bench_task) for bench_task in bench_tasks]
    head = ["", f"median ms (goal <= {GOAL_MS})", "95th percentile", f"SELECTs (goal <= {GOAL_SELECTS})"]
    return [*table(head, rows), "", f"{ROUNDS} redraws of each, in this process."]


def _row(lab: TrainingService, bench_task: BenchTask) -> list[str]:
    layout = Layout(lab, bench_task, Memory(bench_task.task))
    view = View(lab, Trainer(lab, bench_task.task), "bench", bench_task, layout)
    model = lab.create_model(bench_task.task)
    lab.train(model.id)
    data: dict[Any, Any] = {layout.shown: BenchState(model=model.id), layout.vectors: bench_task.vectors}
    times: list[float] = []
    for _ in range(ROUNDS):
        begin = perf_counter()
        view.updates(data)
        times.append(1e3 * (perf_counter() - begin))
    percentiles = quantiles(times, n=20)
    return [bench_task.task, number(percentiles[9]), number(percentiles[18]), str(_selects(lab, view, data))]


def _selects(lab: TrainingService, view: View, data: dict[Any, Any]) -> int:
    asked: list[str] = []
    connection = lab._database._db  # SQLite's own account of what it was asked
    connection.set_trace_callback(asked.append)
    view.updates(data)
    connection.set_trace_callback(None)
    return sum(statement.lstrip().upper().startswith("SELECT") for statement in asked)
