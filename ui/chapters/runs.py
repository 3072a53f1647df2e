"""Runs: every training of this browser, to compare, and to go on with."""

import asyncio
import re
import time
from collections.abc import Callable, Sequence
from typing import Any, Literal

import gradio as gr
from pydantic import BaseModel

from service import LabError, TrainingService
from ui.book import Book, Chapter
from ui.components.figure import figure
from ui.components.runs_compared import compared_panel
from ui.components.runs_listing import ORDERS, Listing, matches
from ui.components.runs_table import SCRIPT, runs_table
from ui.errors import warn
from ui.events import QUIET, told
from ui.looking import Looking
from ui.markup import join, tag
from ui.workspace import Workspace

IDEA = """
## Every training of this browser.

**Pin** runs to compare them. **Open** one to test it, train it further, share or download it. Of the
trainings that a moving slider makes, only the last is kept. A run that nobody opens or trains for {days:g}
days goes, unless it is pinned or named.
"""

CERTIFY_SECONDS = 0.5
"""Seconds for certificates before the table is shown without the rest of them."""
PAUSE_SECONDS = 0.5
"""Seconds until a table with runs at work is looked at again."""

Updates = dict[Any, Any]


def _rename(service: TrainingService, workspace: str, models: Sequence[str], value: str) -> None:
    for model_id in models:
        service.runs.rename(workspace, model_id, value)


def _pin(service: TrainingService, workspace: str, models: Sequence[str], value: str) -> None:
    for model_id in models:
        service.runs.pin(workspace, model_id, value == "true")


def _remove(service: TrainingService, workspace: str, models: Sequence[str], _value: str) -> None:
    service.runs.remove(workspace, models)
    for model_id in models:
        job = service.latest_job(model_id)
        if job is not None and not job.status.ended and not service.runs.shared(workspace, model_id):
            service.request_cancel(job.id)


def _restore(service: TrainingService, workspace: str, models: Sequence[str], _value: str) -> None:
    service.runs.restore(workspace, models)


ACTIONS: dict[str, Callable[[TrainingService, str, Sequence[str], str], None]] = {
    "rename": _rename,
    "pin": _pin,
    "remove": _remove,
    "restore": _restore,
}
"""What the table can ask to have done to runs."""


def _order(listing: Listing, _models: Sequence[str], value: str) -> None:
    listing.order, listing.page = value if value in ORDERS else "newest", 0


def _turn(listing: Listing, _models: Sequence[str], value: str) -> None:
    listing.page = int(value) if re.fullmatch(r"[0-9]{1,6}", value) else 0


def _fold(listing: Listing, _models: Sequence[str], value: str) -> None:
    listing.unfolded ^= {value}


def _choose(listing: Listing, models: Sequence[str], value: str) -> None:
    if value == "true":
        listing.chosen.update(models)
    else:
        listing.chosen.difference_update(models)


VIEWS: dict[str, Callable[[Listing, Sequence[str], str], None]] = {
    "order": _order,
    "turn": _turn,
    "fold": _fold,
    "choose": _choose,
}
"""What it can ask to be shown otherwise."""


class AskedOfRun(BaseModel):
    """What the table asks for."""

    action: Literal["rename", "pin", "remove", "restore", "order", "turn", "fold", "choose"]
    models: list[str]
    value: str


def _lay_out(book: Book) -> None:
    gr.Markdown(IDEA.format(days=book.service.limits.model_days), elem_classes="poster")
    catalog = book.service.catalog
    names = {
        **{task: chapter.capitalize() for task, chapter in book.homes.items()},
        **{name: kind.title for name, kind in catalog.optimizers().items()},
        **{name: engine.title for name, engine in catalog.engines().items()},
    }
    compared = figure(compared_panel([], {}, {}, names), "runs-compared")
    query = gr.Textbox(
        label="Filter",
        info="words of a run's name, chapter, settings or status",
        max_lines=1,
        elem_id="runs-filter",
    )
    table = figure(runs_table([], {}, book.homes, Listing(), [], names), "runs-table", SCRIPT)
    listing = gr.State(Listing())
    looking = Looking()
    service = book.service

    async def show(workspace: Workspace, listing: Listing) -> Updates:
        if workspace.id is None:  # the page is being opened
            return looking.again(True)
        runs = service.runs.all(workspace.id)
        ended = [run for run in runs if run.job and not run.at_work]
        trained = [run.model.id for run in ended if run.certifiable]
        radii = await asyncio.to_thread(service.runs.radii, trained, CERTIFY_SECONDS)
        pinned = [run for run in reversed(runs) if run.pinned]
        histories = service.runs.histories([run.model.id for run in pinned])
        removed = service.runs.last_removed(workspace.id)
        # What is not listed is not chosen: nothing is deleted that nobody has seen.
        listing.chosen &= {run.model.id for run in runs if matches(run, listing.query, names)}
        updates: Updates = {
            # Never the same text twice: the browser has to draw what it holds afresh, even after a refusal.
            table: join(
                runs_table(runs, radii, book.homes, listing, removed, names),
                tag("i", hidden=True, data_drawn=time.monotonic_ns()),
            ),
            compared: compared_panel(
                [run for run in pinned if run.model.id in histories], histories, radii, names
            ),
        }
        return updates | looking.again(any(run.at_work for run in runs) or len(radii) < len(trained))

    async def look(workspace: Workspace, listing: Listing) -> Updates:
        await asyncio.sleep(PAUSE_SECONDS)
        return await show(workspace, listing)

    async def find(workspace: Workspace, listing: Listing, words: str) -> Updates:
        listing.query, listing.page = words, 0
        return await show(workspace, listing)

    async def act(workspace: Workspace, listing: Listing, event: gr.EventData) -> Updates:
        asked = told(event, AskedOfRun)
        action, models, value = asked.action, asked.models, asked.value
        if action in VIEWS:
            VIEWS[action](listing, models, value)
        elif workspace.id is not None:
            try:
                ACTIONS[action](service, workspace.id, models, value)
            except LabError as error:
                # The table is drawn again all the same: what was typed into it is not so.
                warn([error], "Runs")
        return await show(workspace, listing)

    known: list[Any] = [book.workspace, listing]
    seen: list[Any] = [table, compared, *looking.outputs]
    book.tab.select(show, known, seen, trigger_mode="always_last", **QUIET)
    table.submit(act, known, seen, trigger_mode="multiple", **QUIET)  # pyright: ignore[reportAttributeAccessIssue]
    query.change(find, [*known, query], seen, trigger_mode="always_last", **QUIET)
    looking.wire(look, known, seen)
    book.predictions.ask(again=["rank"])


LEARNED = "compare trainings, and go on with the best."

CHAPTER = Chapter("runs", "Runs", _lay_out, LEARNED)
