"""Autograd: two numbers, changed until their product is the target."""

import gradio as gr

from service.lessons import RitualOptions, race
from ui.book import Book, Chapter
from ui.chapters.orders import lay_out_orders
from ui.chapters.ritual import lay_out_ritual
from ui.components.number_slider import number_slider
from ui.exercise import Exercise
from ui.fields import Field, Fields, number
from ui.questions import Question
from ui.workbench import lay_out_workbench

MANY = """
### Many rounds at once

A hundred rounds of Backprop, Optimize, Reset take no longer than one. Drag a slider, and all of them run
again.
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


def _settle() -> tuple[str, str]:
    courses = race(RitualOptions(learning_rate=0.05), 100)
    course = next(course for course in courses if course.name == "BOR")
    last = course.products[-4:]
    near = all(abs(product - 15) < 0.01 for product in last)
    finite = all(abs(product) < 1e6 for product in last)
    right = "arrives at 15" if near else "jumps around 15 for ever" if finite else "flies off to infinity"
    return right, (
        f"The last products of 100 rounds: {', '.join(f'{product:.2f}' for product in last)}. Steps that "
        "long overshoot the valley, each time from the other side."
    )


QUESTION = Question(
    "autograd",
    "at learning rate 0.05, 17 times the lab's, the product ...",
    ("arrives at 15", "jumps around 15 for ever", "flies off to infinity"),
    _settle,
)


def _lay_out(book: Book) -> None:
    options = lay_out_ritual(book, CHAPTER.name)
    book.predictions.ask(QUESTION)
    lay_out_orders(book, options)
    gr.Markdown(MANY, elem_classes="idea")
    lay_out_workbench(book, CHAPTER.name, EXERCISE)


CHAPTER = Chapter("autograd", "Autograd", _lay_out, trains=EXERCISE.task)
