"""Mistakes: programs that are right, each one press away from one that is not, to be repaired."""

from functools import partial

import gradio as gr

from service import MISTAKES
from ui.book import Book, Chapter
from ui.components.figure import figure
from ui.components.mistake import SCRIPT, mistake_panel
from ui.fields import Field, Fields
from ui.lesson import Lesson, drawn_at_first, message_line

IDEA = f"""
## {len(MISTAKES)} ways to go wrong.

Some raise an error that tells you where to look. The worst say nothing. Break it, run it, repair it.
"""


def _draw(mistake: str, runs: bool) -> dict[str, str]:
    return {"program": mistake_panel(MISTAKES[mistake], runs)}


def _lay_out(book: Book) -> None:
    gr.Markdown(IDEA, elem_classes="poster")
    choices = [(mistake.title, name) for name, mistake in MISTAKES.items()]
    radio = gr.Radio(choices, value=choices[0][1], label="The mistake", elem_id="mistakes-choice")
    fields: Fields = {"mistake": Field(radio, "lesson")}
    draw = partial(_draw, runs=book.service.programs.enabled)
    message = message_line("mistakes-message")
    figures = {"program": figure(drawn_at_first(draw, fields)["program"], "mistakes-program", SCRIPT)}
    Lesson(book.opening, CHAPTER.name, fields, figures, draw, message)
    book.predictions.ask(again=["rates"])


LEARNED = "recognize the usual mistakes, also those that raise no error."

CHAPTER = Chapter("mistakes", "Mistakes", _lay_out, LEARNED)
