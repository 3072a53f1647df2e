"""The page while others wait for what is trained: how long a lesson takes to be drawn again."""

import asyncio
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

import gradio as gr

from benchmarks.report import number, table
from service import TrainingService
from tests.ui.handlers import Handler, handlers
from ui import build_ui
from ui.trainer import BenchState

TITLE = "A lesson's redraw while people wait for questions, replays and seeds"
PEOPLE = 10
REDRAWS = 20
GOAL = 0.3
EARLIER = {"shapes": "right", "rates": "right", "rank": "right"}
"""Answers that have their questions come back."""


def run() -> list[str]:
    """The median and the longest redraw of the ritual bench, with and without people who wait."""
    rows: list[list[str]] = []
    for name, people in (("nobody", 0), (f"{PEOPLE} for each", PEOPLE)):
        with tempfile.TemporaryDirectory() as folder, TrainingService(Path(folder), workers=2) as lab:
            times = asyncio.run(_redraws(lab, people))
        rows.append([name, number(median(times)), number(max(times))])
    return [
        *table(["who waits", "median s", f"longest s (goal <= {GOAL})"], rows),
        "",
        f"{REDRAWS} redraws in a page of its own process, by the page's own handlers, without a browser. Two "
        "trainings on the autograd engine keep both workers busy; all 17 questions, the replay and the "
        "comparison of 200 seeds are asked for at once, with the first redraw.",
    ]


async def _redraws(lab: TrainingService, people: int) -> list[float]:
    model = lab.create_model("memorize").id
    await lab.ended(lab.submit(model).id)
    for task in ("product", "memorize"):
        lab.submit(lab.create_model(task, owner="busy").id, steps=1_000_000, engine="autograd")
    page, shown = build_ui(lab), BenchState(model=model)
    asked = [
        *handlers(page, "settle", EARLIER, gr.EventData(None, {"choice": 0})),
        *handlers(page, "replay", shown),
        *handlers(page, "others", shown),
    ]
    waiting = [asyncio.ensure_future(ask()) for ask in asked for _ in range(people)]
    ritual = handlers(page, "redraw")[1]
    times = [await _seconds(ritual) for _ in range(REDRAWS)]
    await asyncio.gather(*waiting)
    return times


async def _seconds(handler: Handler) -> float:
    begin = perf_counter()
    await handler()
    return perf_counter() - begin
