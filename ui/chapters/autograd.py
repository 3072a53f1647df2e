"""Autograd: two numbers, changed until their product is the target."""

import gradio as gr

from ui.bench_task import BenchTask
from ui.book import Book, Chapter
from ui.chapters.orders import lay_out_orders
from ui.chapters.ritual import Ritual
from ui.components.number_slider import number_slider
from ui.fields import Field, Fields, number
from ui.layout import Layout
from ui.workbench import Workbench


def more() -> Fields:
    """Where to start, and where to go."""
    starts = {
        f"start.{index}": Field(
            number_slider(
                f"var_{index + 1} starts at",
                f"product-start-{index + 1}",
                value=value,
                minimum=-10,
                maximum=10,
                step=0.1,
            ),
            "model",
            live=True,
        )
        for index, value in enumerate((3, 4))
    }
    return {**starts, "target": number("Target product", 15, "model")}


BENCH_TASK = BenchTask(
    task="product",
    fields=dict,
    more=more,
    longest=10_000,
    log_loss=False,
    vectors=None,
    computed=("var_1 * var_2", []),
)


def _lay_out(book: Book) -> None:
    layout = Layout(book.service, BENCH_TASK, book.memories[BENCH_TASK.task])
    asked = gr.Column()
    with gr.Column(elem_classes="folds"):
        ritual = Ritual(book, CHAPTER.name, layout)
        follow = lay_out_orders(book, CHAPTER.name, ritual.settings)
    follow(Workbench(book, CHAPTER.name, BENCH_TASK, layout, beside=ritual).changes)
    with asked:
        book.predictions.ask("orders", "rates", "falling", "resets", "momentum")


LEARNED = "say what Backprop, Optimize and Reset do, and how far a learning rate may go."

CHAPTER = Chapter("autograd", "Autograd", _lay_out, LEARNED, trains=BENCH_TASK.task)
