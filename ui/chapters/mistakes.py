"""Mistakes: programs that do not do what they look like, each run for real."""

import asyncio
from functools import partial

import gradio as gr

from service import MISTAKES, run_mistake
from ui.book import Book, Chapter
from ui.components.figure import figure
from ui.components.mistake import mistake_panel, outcome_panel
from ui.components.program import COPY
from ui.events import QUIET
from ui.fields import Field, Fields
from ui.lesson import Lesson, drawn_at_first, message_line
from ui.questions import Question

IDEA = f"""
## {len(MISTAKES)} ways to go wrong.

Some raise an error, and its message tells you where to look. The worst say nothing. Read the program, guess
what happens, and run it. Then run the fix.
"""


def _draw(mistake: str) -> dict[str, str]:
    return {
        "broken": mistake_panel(MISTAKES[mistake], fixed=False),
        "fixed": mistake_panel(MISTAKES[mistake], fixed=True),
        "happened": "",
        "happened_fixed": "",
    }


def _settle() -> tuple[str, str]:
    run = run_mistake("stranger")
    first, last = run.losses[0], run.losses[-1]
    right = "an error" if run.error else "it learns nothing, in silence" if last >= first else "it learns"
    return right, (
        f"{run.error or 'No error'}, and the loss went from {first:.4f} to {last:.4f}: SGD moves the "
        "parameters of the network it was given, and that is another one."
    )


QUESTION = Question(
    "mistakes",
    "An optimizer is made from one network, and another one is trained with it. What happens?",
    ("an error", "it learns", "it learns nothing, in silence"),
    partial(asyncio.to_thread, _settle),
)


PARTS = (("broken", "happened", "Run it"), ("fixed", "happened_fixed", "Run the fix"))
"""A program, its outcome, and the button between them."""


def _lay_out(book: Book) -> None:
    gr.Markdown(IDEA, elem_classes="poster")
    choices = [(mistake.title, name) for name, mistake in MISTAKES.items()]
    radio = gr.Radio(choices, value=choices[0][1], label="The mistake", elem_id="mistakes-choice")
    fields: Fields = {"mistake": Field(radio, "lesson")}
    drawn = drawn_at_first(_draw, fields)
    message = message_line("mistakes-message")
    figures: dict[str, gr.HTML] = {}
    buttons: dict[str, gr.Button] = {}
    with gr.Row(elem_classes="pair"):
        for part, result, label in PARTS:
            with gr.Column(min_width=300, elem_classes="controls"):
                figures[part] = figure(drawn[part], f"mistakes-{part}", COPY)
                variant = "primary" if part == "broken" else "secondary"
                buttons[part] = gr.Button(label, variant=variant, elem_id=f"mistakes-run-{part}")
                figures[result] = figure("", f"mistakes-{result.replace('_', '-')}")
    Lesson(book.opening, CHAPTER.name, fields, figures, _draw, message)
    book.predictions.ask(QUESTION)

    async def run_broken(chosen: str) -> str:
        return outcome_panel(await asyncio.to_thread(run_mistake, chosen), MISTAKES[chosen].why)

    async def run_fixed(chosen: str) -> str:
        return outcome_panel(await asyncio.to_thread(run_mistake, chosen, fixed=True), MISTAKES[chosen].fix)

    buttons["broken"].click(run_broken, radio, figures["happened"], **QUIET)
    buttons["fixed"].click(run_fixed, radio, figures["happened_fixed"], **QUIET)


LEARNED = "recognize the usual mistakes, also those that raise no error."

CHAPTER = Chapter("mistakes", "Mistakes", _lay_out, LEARNED)
