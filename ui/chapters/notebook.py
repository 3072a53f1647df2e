"""Notebook & API: the calls for what is on a bench, to copy, and notebooks to take along."""

import json
from collections.abc import Mapping
from typing import Any

import gradio as gr

from service import InvalidInput, NotFound, Snapshot, TrainingService
from ui.book import Book, Chapter
from ui.calls import Asked, called_for, snippets
from ui.components.calls_panel import SCRIPT, UNREPEATABLE, calls_panel, notebook_titles
from ui.components.figure import figure
from ui.events import QUIET
from ui.fields import Data, Field, Fields, initially
from ui.layout import Layout
from ui.links import WRITER, answered, draft, hidden, link, linked, settled
from ui.markup import Child, Markup, join
from ui.refusals import refusal
from ui.trainer import BenchState

IDEA = """
## All of this without the page.

Whatever a bench shows can be had from Python, a shell or an agent: these calls make and train the same again.
"""


def _lay_out(book: Book) -> None:
    gr.Markdown(IDEA, elem_classes="poster")
    tasks = {chapter: task for task, chapter in book.homes.items()}
    first, *_ = tasks
    bench = gr.Radio(
        [(chapter.capitalize(), chapter) for chapter in tasks],
        value=first,
        label="The bench of the chapter",
        elem_id="calls-of",
    )
    fields: Fields = {"of": Field(bench, "lesson")}
    notebooks = notebook_titles()
    layouts = book.benches.values()
    controls = [control for layout in layouts for control in layout.controls]
    as_made = initially(controls)

    def drawn(chapter: str, data: Data) -> Markup:
        task, layout = tasks[chapter], book.benches[tasks[chapter]]
        held = {**as_made, **data}
        snapshot = _snapshot(book.service, task, held.get(layout.shown, BenchState()))
        asked, refused = _asked(book.service, task, layout, held)
        called = called_for(book.service.catalog, task, asked, snapshot)
        note: Child = None if called.repeatable else UNREPEATABLE
        if refused is not None and not (snapshot and snapshot.jobs):
            labels = {name: field.component for name, field in layout.linked.items()}
            note = join(refusal(refused, labels, held=False), " The calls have the defaults instead.")
        panel = calls_panel(chapter, snippets(called), notebooks, note)
        return panel + link(CHAPTER.name, "calls", fields, {bench: chapter})

    calls = figure(drawn(first, {}), "calls", SCRIPT + WRITER)
    shown = [layout.shown for layout in layouts]
    known: list[Any] = [bench, book.workspace, *shown, *controls]

    async def show(*values: Any) -> Mapping[Any, Any]:
        data = dict(zip(known, values, strict=True))
        if data[book.workspace].id is None:  # the page is being opened, which shows it
            return {calls: gr.skip()}
        return {calls: drawn(data[bench], data), bench: data[bench]}

    async def restore(data: Data, request: gr.Request) -> dict[Any, Any]:
        async def check(_tried: Data) -> None:
            """Each of the values is allowed."""

        values = await linked(CHAPTER.name, fields, request, check)
        chapter = values.get(bench, data[bench])
        visibility = dict.fromkeys(hidden(fields, request), False)
        return {calls: drawn(chapter, data), **settled(values, visibility, data)}

    draft(CHAPTER.name, "calls", fields, [bench.input])
    answered(
        CHAPTER.name, "calls", bench.input(show, known, [calls, bench], trigger_mode="always_last", **QUIET)
    )
    # Whoever comes from a chapter with a bench is shown the calls of that.
    among, name = json.dumps(list(tasks)), json.dumps(CHAPTER.name)
    came = f"(of, ...rest) => [window.labBench({name}, {among}) ?? of, ...rest]"
    book.tab.select(show, known, [calls, bench], js=came, trigger_mode="always_last", **QUIET)
    book.opening.know(CHAPTER.name, fields)
    book.opening.add(restore, [calls, bench], kept=shown, controls=[bench])


def _snapshot(service: TrainingService, task: str, state: BenchState) -> Snapshot | None:
    """The model of the bench, if there is one still."""
    try:
        snapshot = service.snapshot(state.model) if state.model else None
    except (NotFound, InvalidInput):
        return None
    return snapshot if snapshot is not None and snapshot.model.task == task else None


def _asked(
    service: TrainingService, task: str, layout: Layout, data: Data
) -> tuple[Asked, InvalidInput | None]:
    """What the controls of the bench ask for; where that is not allowed, the task's defaults, and why."""
    try:
        return service.descriptions.asked(task, *layout.asked(data)), None
    except InvalidInput as error:
        return service.descriptions.asked(task, {}, {}), error


LEARNED = "use the lab from a notebook, a shell or an agent."

CHAPTER = Chapter("notebook", "Notebook & API", _lay_out, LEARNED)
