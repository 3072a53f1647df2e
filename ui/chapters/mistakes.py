"""Mistakes: programs that do not do what they look like, each run for real."""

import asyncio

import gradio as gr

from service import MISTAKES, run_mistake
from ui.book import Book, Chapter
from ui.components.figure import figure
from ui.components.mistake import mistake_panel, outcome_panel
from ui.components.program import SCRIPT as PROGRAM
from ui.events import QUIET
from ui.fields import Field, Fields
from ui.lesson import Lesson, drawn_at_first, message_line

IDEA = f"""
## {len(MISTAKES)} ways to go wrong.

Some raise an error that tells you where to look. The worst say nothing. Read, guess, run it, run the fix.
"""


def _draw(mistake: str) -> dict[str, str]:
    return {
        "broken": mistake_panel(MISTAKES[mistake], fixed=False),
        "fixed": mistake_panel(MISTAKES[mistake], fixed=True),
        "happened": "",
        "happened_fixed": "",
    }


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
                figures[part] = figure(drawn[part], f"mistakes-{part}", PROGRAM)
                variant = "primary" if part == "broken" else "secondary"
                buttons[part] = gr.Button(label, variant=variant, elem_id=f"mistakes-run-{part}")
                figures[result] = figure("", f"mistakes-{result.replace('_', '-')}")
    Lesson(book.opening, CHAPTER.name, fields, figures, _draw, message)
    book.predictions.ask(again=["rates"])

    async def run_broken(chosen: str) -> str:
        return outcome_panel(await asyncio.to_thread(run_mistake, chosen), MISTAKES[chosen].why)

    async def run_fixed(chosen: str) -> str:
        return outcome_panel(await asyncio.to_thread(run_mistake, chosen, fixed=True), MISTAKES[chosen].fix)

    buttons["broken"].click(run_broken, radio, figures["happened"], **QUIET)
    buttons["fixed"].click(run_fixed, radio, figures["happened_fixed"], **QUIET)


LEARNED = "recognize the usual mistakes, also those that raise no error."

CHAPTER = Chapter("mistakes", "Mistakes", _lay_out, LEARNED)
