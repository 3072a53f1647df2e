"""Autograd: two numbers, changed until their product is the target."""

import asyncio
from functools import partial
from itertools import pairwise

from service import RitualOptions, race
from ui.book import Book, Chapter
from ui.chapters.orders import lay_out_orders
from ui.chapters.ritual import Ritual
from ui.components.number_slider import number_slider
from ui.components.numbers import short
from ui.exercise import Exercise
from ui.fields import Field, Fields, number
from ui.questions import Question
from ui.workbench import lay_out_workbench


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


EXERCISE = Exercise(
    task="product",
    fields=dict,
    more=more,
    longest=10_000,
    log_loss=False,
    vectors=None,
    computed=("var_1 * var_2", []),
)


RATE = 0.05
TIMES = f"about {RATE / RitualOptions().learning_rate:.0f}"
CHOICES = ("arrives at 15", "keeps jumping over 15", "flies off to infinity")


def _settle() -> tuple[str, str]:
    course = next(course for course in race(RitualOptions(learning_rate=RATE), 100) if course.name == "BOR")
    last = course.products[-4:]
    jumps = all((one > 15) != (other > 15) for one, other in pairwise(last))
    right = CHOICES[0] if course.arrived else CHOICES[1] if jumps else CHOICES[2]
    why = (
        "Steps that long overshoot the valley, each time from the other side." if right == CHOICES[1] else ""
    )
    return right, f"The last products of 100 rounds: {', '.join(map(short, last))}. {why}".strip()


QUESTION = Question(
    "autograd",
    f"at learning rate {RATE}, {TIMES} times the lab's, the product ...",
    CHOICES,
    partial(asyncio.to_thread, _settle),
)


def _lay_out(book: Book) -> None:
    layout = lay_out_workbench(book, CHAPTER.name, EXERCISE).layout
    ritual = Ritual(book, CHAPTER.name, layout)
    book.predictions.ask(QUESTION)
    lay_out_orders(book, CHAPTER.name, ritual.settings)


LEARNED = (
    "say what Backprop, Optimize and Reset each do, why leaving out Reset overshoots, and how far a learning "
    "rate may go."
)

CHAPTER = Chapter("autograd", "Autograd", _lay_out, LEARNED, trains=EXERCISE.task)
