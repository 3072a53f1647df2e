"""Challenge: a network that knows the rule, for every vector."""

import asyncio
from functools import partial
from typing import Any

import gradio as gr

from service import TrainingService
from ui.bench_task import BenchTask
from ui.book import Book, Chapter
from ui.components.bottleneck import bottleneck_panel
from ui.components.certificate import FOLDS, certificate_panel
from ui.components.figure import figure
from ui.components.labels import label
from ui.components.panels import OFFER
from ui.components.terms import explained
from ui.data_part import lay_out_data
from ui.events import QUIET
from ui.fields import Field, Fields, network_fields, number, seed_field
from ui.sweep import lay_out_sweep
from ui.trainer import BenchState
from ui.workbench import lay_out_workbench

TASK = "challenge"

IDEA = """
## One rule for every vector.

Given `[a, b, c]`, answer `[a, b, c, c+1, c+2]`, also for vectors never seen in training.
"""

GENERATED = "Generate"


def fields() -> Fields:
    """The network, and what its first weights are drawn with."""
    with gr.Row():
        network = network_fields("2", "none")
    return {**network, "seed": seed_field(TASK)}


def more(datasets: list[str]) -> Fields:
    """The examples, and how they are taken."""
    with gr.Row():
        found: Fields = {
            "dataset": Field(
                gr.Dropdown(
                    [GENERATED, *datasets],
                    value=GENERATED,
                    label=label("dataset"),
                    info="generated, a named set, or your upload",
                    allow_custom_value=True,
                    min_width=150,
                ),
                "training",
                read=lambda name: None if name == GENERATED else name,
                show=lambda name: name or GENERATED,
            ),
        }
    with gr.Row():
        found |= {
            "examples": number(label("examples"), 1000, "training", whole=True),
            "low": number(label("low"), -10, "training", whole=True),
            "high": number(label("high"), 10, "training", whole=True),
            "data_seed": number(label("data_seed"), 0, "training", whole=True),
            "held_out": number(label("held_out"), 0, "training"),
        }
    figure(explained("held out", "seed", "batch", "epoch"), f"{TASK}-data-words")
    with gr.Row():
        found |= {
            "batch_size": number(label("batch_size"), 1, "training", whole=True),
            "order": Field(
                gr.Dropdown(
                    ["sequential", "shuffled"], value="sequential", label=label("order"), min_width=150
                ),
                "training",
            ),
        }
    return found


def bench_task(datasets: list[str]) -> BenchTask:
    """The bench_task, with the names of the sets to choose from."""
    return BenchTask(
        task=TASK,
        fields=fields,
        more=partial(more, datasets),
        longest=1_000_000,
        log_loss=True,
        vectors="1 2 3\n-7, 0, 9\n[100, -50, 25]",
        computed=None,
    )


def _one_more_neuron(service: TrainingService, model_id: str) -> str | None:
    """The hidden layer widths, with each that is too narrow to let the rule through widened to 3."""
    found = service.snapshot(model_id).bottleneck
    return None if found is None else ", ".join(map(str, found.wide_enough))


REST_SECONDS = 0.15
"""Seconds that a network is shown before it is certified, which takes longer than training it."""


def _lay_out(book: Book) -> None:
    bench = lay_out_workbench(book, CHAPTER.name, bench_task(book.service.catalog.datasets()))
    with bench.layout.above_controls:
        gr.Markdown(IDEA, elem_classes="poster")
    with bench.layout.under_plot:
        certificate = figure("", "challenge-certificate", OFFER + FOLDS)
    bench.offer(certificate, "hidden", partial(_one_more_neuron, book.service))
    book.predictions.ask("rank", "extrapolating", "tuning", task=TASK)
    with gr.Column(elem_classes="folds"):
        fold = gr.Accordion("The data, near and far", open=False, elem_id="data-part", elem_classes="part")
        with fold:
            lay_out_data(book, bench, TASK, fold)
        with gr.Accordion("Many at once", open=False, elem_id="sweep-part", elem_classes="part"):
            lay_out_sweep(book, bench, TASK)

    async def certify(shown: BenchState) -> Any:
        model = shown.model
        await asyncio.sleep(REST_SECONDS)
        if shown.model != model:  # a slider is on its way; its next change asks again
            return gr.skip()
        job = book.service.latest_job(shown.model) if shown.model else None
        if shown.model is None or (job is not None and not job.status.ended):
            return ""
        found = await asyncio.to_thread(book.service.snapshot(shown.model).certify)
        return certificate_panel(found) + bottleneck_panel(book.service.snapshot(shown.model).bottleneck, job)

    bench.layout.status.change(certify, bench.layout.shown, certificate, trigger_mode="always_last", **QUIET)  # pyright: ignore[reportAttributeAccessIssue]


LEARNED = "train a network that generalizes, and say for which vectors that is proved."

CHAPTER = Chapter("challenge", "Challenge", _lay_out, LEARNED, trains=TASK)
