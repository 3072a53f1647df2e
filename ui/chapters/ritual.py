"""The ritual bench of the autograd chapter: Forward, Backprop, Optimize, Reset, one press at a time."""

from typing import Any

import gradio as gr

from service import RitualOptions, press_through, ritual_output, ritual_program
from ui.book import Book
from ui.components.figure import figure
from ui.components.formulas import formulas
from ui.components.graph_drawing import graph_drawing
from ui.components.labels import label
from ui.components.number_slider import number_slider
from ui.components.press_bench import press_bench
from ui.components.program import COPY, program_panel
from ui.components.surface import surface
from ui.fields import Field, Fields, number
from ui.lesson import Lesson, drawn_at_first, message_line

PREFIX = "bench."
"""Stands before the names of the bench's controls in a link."""

IDEA = """
### Backprop, Optimize, Reset: one press at a time

`var_1 = 3` and `var_2 = 4` multiply to 12; the target is 15. The **loss** is
`(15 - var_1 * var_2) ** 2`. **Backprop** finds which way it falls, **Optimize** goes a little that way,
**Reset** clears the gradients. Press them in any order, as often as you like, or use the keys B, O, R.
"""


def ritual_options(**given: Any) -> RitualOptions:
    """The bench's settings from the fields of `ritual_fields`. Raises InvalidInput."""
    return RitualOptions.parse(given, owner="the bench")


def _draw(presses: str, **given: Any) -> dict[str, str]:
    options = ritual_options(**given)
    moments = press_through(options, presses)
    before = moments[-2] if presses else None
    return {
        "formulas": formulas(options, before, moments[-1]),
        "graph": graph_drawing(moments[-1]),
        "surface": surface(options, moments),
        "program": program_panel(ritual_program(options, moments), ritual_output(moments)),
    }


def _fields() -> Fields:
    learning_rate = number_slider(
        label("learning_rate"),
        "ritual-learning-rate",
        value=3e-3,
        minimum=1e-4,
        maximum=1,
        word="learning rate",
    )
    found: Fields = {"learning_rate": Field(learning_rate, "lesson")}
    for index, value in enumerate((3, 4)):
        slider = number_slider(
            f"var_{index + 1} starts at",
            f"ritual-start-{index + 1}",
            value=value,
            minimum=-10,
            maximum=10,
            step=0.1,
        )
        found[f"start.{index}"] = Field(slider, "lesson")
    return found


def lay_out_ritual(book: Book, chapter: str) -> Fields:
    """The bench; its fields, without the presses, are what the chapter's other lessons start from."""
    gr.Markdown(IDEA, elem_classes="idea")
    with gr.Row(elem_classes="bench ritual"):
        with gr.Column(min_width=300, elem_classes="controls"):
            presses = press_bench("ritual-presses")
            formula_place = gr.Column(elem_classes="place")
        with gr.Column(min_width=300, elem_classes="figures"):
            with gr.Row(elem_classes="twins"):
                graph_place = gr.Column(min_width=280, elem_classes="place")
                surface_place = gr.Column(min_width=280, elem_classes="place")
            program_place = gr.Column(elem_classes="place")
        with gr.Column(min_width=300, elem_classes="settings"):
            options = _fields()
            with gr.Accordion("More", open=False):
                options["target"] = number("Target product", 15, "lesson")
                fresh = gr.Checkbox(True, label="Backprop runs Forward first, as the lab's loop does")
                options["fresh"] = Field(fresh, "lesson")
    fields: Fields = {"presses": Field(presses, "lesson"), **options}
    drawn = drawn_at_first(_draw, fields)
    with formula_place:
        message = message_line("ritual-message")
        formula_figure = figure(drawn["formulas"], "ritual-formulas")
    with graph_place:
        graph_figure = figure(drawn["graph"], "ritual-graph")
    with surface_place:
        surface_figure = figure(drawn["surface"], "ritual-surface")
    with program_place:
        program = figure(drawn["program"], "ritual-program", COPY)
    figures = {
        "formulas": formula_figure,
        "graph": graph_figure,
        "surface": surface_figure,
        "program": program,
    }
    Lesson(book.opening, chapter, fields, figures, _draw, message, prefix=PREFIX)
    return options
