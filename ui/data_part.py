"""The data of a bench: what it trains on, the tested vectors among it, and answers far away from it."""

import asyncio
from pathlib import Path
from typing import Any

import gradio as gr

from service import Dataset, InvalidInput, TrainingService
from ui.book import Book
from ui.components.distance_table import distance_table
from ui.components.examples_view import examples_table, pairs_view
from ui.components.figure import figure
from ui.components.parts import empty
from ui.events import QUIET
from ui.markup import Markup, join, tag
from ui.parsing import parse_vectors
from ui.trainer import BenchState
from ui.workbench import Workbench

HINT = """
The table and the drawings show what the network was trained on, with the vectors that you test among them.
To train on your own data, upload a CSV file: a first line `a,b,c,y1,y2,y3,y4,y5`, then 1 to 10,000 lines of
numbers, at most 5 MB in all. Then press **Train**. Semicolons, tabs and decimal commas work, too. Choose the
examples, and how many of them to hold out, under **More**.
"""
FILE_TYPES = [".csv", ".tsv", ".txt"]
EMPTY = empty("Press ", tag("b", "Look at the data"), " once the network has been trained.")


def lay_out_data(book: Book, bench: Workbench, task: str, fold: gr.Accordion) -> None:
    """The button that shows the data, the upload, and the figure, in the `fold` under construction."""
    service, layout = book.service, bench.layout
    dataset = layout.fields["dataset"].component
    assert isinstance(dataset, gr.Dropdown)
    offered = dataset.choices
    gr.Markdown(HINT, elem_classes="hint")
    with gr.Row(elem_classes="presets"):
        look = gr.Button("Look at the data", elem_id=f"{task}-data-run", min_width=120)
        upload = gr.UploadButton(
            "Upload a CSV", file_types=FILE_TYPES, elem_id=f"{task}-upload", min_width=120
        )
    file_name = gr.Textbox(visible=False)
    drawn = figure(EMPTY, f"{task}-data")
    open_ = gr.State(False)
    known: gr.State = gr.State({})
    """The uploads that this page has come to know: their titles by their names."""

    async def show(shown: BenchState, vectors: str) -> tuple[str, bool]:
        return await _drawn(service, shown, vectors), True

    async def follow(shown: BenchState, vectors: str, opened: bool) -> Any:
        return await _drawn(service, shown, vectors) if opened else gr.skip()

    async def keep(path: str, name: str) -> Any:
        added = await asyncio.to_thread(service.add_dataset, Path(path).read_bytes(), name)
        gr.Info(kept_message(added), title="Your data")
        return added.name

    async def call_by_file(name: str | None, before: dict[str, str]) -> Any:
        if not name or (title := service.dataset_title(name)) == name:
            return gr.skip(), gr.skip()
        uploads = {**before, name: title}
        listed = [(title, name) for name, title in uploads.items()]
        return gr.update(choices=[*offered, *listed], value=name), uploads

    # Gradio keeps a file under its name without the letters that it does not like.
    upload.upload(keep, [upload, file_name], dataset, js="file => [file, file.orig_name]", **QUIET)
    # However its name came into the control: uploaded, typed, or from an address.
    dataset.change(call_by_file, [dataset, known], [dataset, known], **QUIET)
    gr.on([look.click, fold.expand], show, [layout.shown, *layout.tested], [drawn, open_], **QUIET)
    # What has been looked at follows the training and the tested vectors. The certificate follows the status,
    # so this does not: see Workbench.changes.
    for changed in (layout.details, layout.predictions):
        changed.change(  # pyright: ignore[reportAttributeAccessIssue]
            follow, [layout.shown, *layout.tested, open_], drawn, trigger_mode="always_last", **QUIET
        )


def kept_message(added: Dataset) -> Markup:
    """What to say of an upload, as HTML: how much of it there is, and how its file was read."""
    examples = "1 example is" if added.examples == 1 else f"{added.examples:,} examples are"
    return join(" ".join([f"Your {examples} ready: press Train.", *added.notes]))


async def _drawn(service: TrainingService, shown: BenchState, vectors: str) -> Markup:
    if shown.model is None:
        return EMPTY
    try:
        tested = parse_vectors(vectors)
        service.snapshot(shown.model).predict(tested)
    except InvalidInput:  # what is typed is no vector yet; the button beside it says so
        tested = []
    snapshot = service.snapshot(shown.model)
    distances = await asyncio.to_thread(snapshot.distances)
    return join(
        pairs_view(snapshot.examples, tested), distance_table(distances), examples_table(snapshot.examples)
    )
