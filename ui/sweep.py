"""A sweep around a bench's settings: one network for every learning rate, width and seed, as one click."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any

import gradio as gr

from service import Run
from ui.book import Book
from ui.components.figure import figure
from ui.components.sweep_map import sweep_map
from ui.components.terms import term
from ui.events import QUIET
from ui.fields import Data, Field, Fields, read_fields
from ui.parsing import parse_networks, parse_numbers, parse_seeds
from ui.visitors import owner_of
from ui.workbench import Updates, Workbench
from ui.workspace import Workspace

HINT = f"""
A {term("sweep")} varies these. All other settings are the ones above. Every cell of the map opens its
run; the table of runs lists them all.
"""
CERTIFY_SECONDS = 0.3
"""Seconds for certificates before the map is shown without the rest of them."""
PAUSE_SECONDS = 0.2
"""Seconds until a sweep that is at work is looked at again."""


VARIED: dict[str, tuple[str, str, Callable[[str], Any]]] = {
    "learning_rates": (
        "Learning rates",
        "0.0001, 0.0003, 0.001, 0.003",
        partial(parse_numbers, field="learning_rates"),
    ),
    "hidden": ("Hidden layer widths, ; between networks", "2; 3; 8", parse_networks),
    "seeds": ("Seeds", "0-4", parse_seeds),
}
"""Of each field of a sweep's grid: its label, the text to begin with, and how a text is read."""


def lay_out_sweep(book: Book, bench: Workbench, task: str) -> None:
    """Its controls and its map, in the column under construction."""
    service = book.service
    takes = service.catalog.arguments()
    gr.Markdown(HINT, elem_classes="hint")
    fields: Fields = {}
    with gr.Row():
        for name in takes["grid"]:
            title, begin, read = VARIED[name]
            fields[name] = Field(gr.Textbox(begin, label=title, min_width=180), "sweep", read)
            book.opening.hold(f"{task}-sweep", name, fields[name].component)
    with gr.Row(elem_classes="presets"):
        start = gr.Button("Sweep", elem_id=f"{task}-sweep-run", min_width=120)
        stop = gr.Button("Stop the sweep", interactive=False, min_width=120)
    drawn = figure(sweep_map([], {}, book.homes), f"{task}-sweep")
    looking = book.memories[task].looking_at_sweep

    def latest(workspace: Workspace) -> list[Run]:
        runs = service.runs.all(workspace.id) if workspace.id else []
        last = next((run.sweep for run in runs if run.sweep and run.model.task == task), None)
        return [run for run in runs if last and run.sweep == last]

    async def show(workspace: Workspace, budget: float = CERTIFY_SECONDS) -> Updates:
        runs = latest(workspace)
        ended = [run.model.id for run in runs if run.job and not run.at_work]
        radii = await asyncio.to_thread(service.runs.radii, ended, budget)
        busy = any(run.at_work for run in runs)
        updates: Updates = {drawn: sweep_map(runs, radii, book.homes), stop: gr.update(interactive=busy)}
        updates[start] = gr.update(interactive=not busy)
        return updates | looking.again(busy or len(radii) < len(ended))

    async def sweep(data: Data, request: gr.Request) -> Updates:
        workspace: Workspace = data[book.workspace]
        options, config = bench.layout.asked(data)
        grid = read_fields(fields, data, "sweep")
        same = {name: value for name, value in options.items() if name in takes["swept_model"]}
        config = {name: value for name, value in config.items() if name in takes["swept_training"]}
        owner = owner_of(request)
        await asyncio.to_thread(service.sweep, task, grid, same, config, workspace=workspace.id, owner=owner)
        return await show(workspace)

    async def look(workspace: Workspace) -> Updates:
        await asyncio.sleep(PAUSE_SECONDS)
        return await show(workspace)

    async def halt(workspace: Workspace) -> Updates:
        for run in latest(workspace):
            if run.job and run.at_work:
                service.request_cancel(run.job.id)
        return await show(workspace)

    async def reopen(data: Data, _request: gr.Request) -> Updates:
        return await show(data[book.workspace], 0) if latest(data[book.workspace]) else {}

    seen: list[Any] = [drawn, start, stop, *looking.outputs]
    asked = {*bench.everything, book.workspace, *(field.component for field in fields.values())}
    start.click(sweep, asked, seen, **QUIET)
    stop.click(halt, book.workspace, seen, **QUIET)
    looking.wire(look, book.workspace, seen)
    book.opening.add(reopen, seen, kept=[book.workspace])
