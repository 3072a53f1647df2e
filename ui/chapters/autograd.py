"""Autograd: two numbers, changed until their product is the target."""

import gradio as gr

from ui.book import Book, Chapter
from ui.chapters.orders import lay_out_orders
from ui.chapters.ritual import lay_out_ritual
from ui.components.number_slider import number_slider
from ui.exercise import Exercise
from ui.fields import Field, Fields, number
from ui.workbench import lay_out_workbench

MANY = """
### Many rounds at once

Here one click runs a hundred rounds of Backprop, Optimize, Reset. Drag a slider, and all of them run again.
"""


def fields() -> Fields:
    """Where to start."""
    return {
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


def more() -> Fields:
    """Where to go."""
    return {"target": number("Target product", 15, "model")}


EXERCISE = Exercise(
    task="product",
    fields=fields,
    more=more,
    longest=10_000,
    log_loss=False,
    vectors=None,
    computed=("var_1 * var_2", []),
)


def _lay_out(book: Book) -> None:
    options = lay_out_ritual(book, CHAPTER.name)
    book.predictions.ask("orders", "rates", "falling")
    lay_out_orders(book, CHAPTER.name, options)
    gr.Markdown(MANY, elem_classes="idea")
    lay_out_workbench(book, CHAPTER.name, EXERCISE)


CHAPTER = Chapter("autograd", "Autograd", _lay_out, trains=EXERCISE.task)
