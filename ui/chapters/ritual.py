"""The bench of the autograd chapter: Forward, Backprop, Optimize, Reset, one press at a time."""

from collections.abc import Mapping
from typing import Any

import gradio as gr

from service import RitualOptions, press_through, ritual_output, ritual_program
from ui.book import Book
from ui.components.figure import figure
from ui.components.formulas import formulas
from ui.components.graph_drawing import graph_drawing
from ui.components.numbers import exact
from ui.components.press_bench import press_bench
from ui.components.program import SCRIPT as PROGRAM
from ui.components.program import program_panel
from ui.components.rounds_plot import rounds_plot
from ui.components.surface import surface
from ui.components.told import told
from ui.components.values import values_panel
from ui.fields import Field, Fields
from ui.layout import Layout
from ui.lesson import Lesson, drawn_at_first, message_line
from ui.markup import Markup, join, tag

PREFIX = "bench."
"""Stands before the names of what only the bench has, in a link."""
SHARED = ("learning_rate", "start.0", "start.1", "target")
"""What sets the bench and the training alike."""
LEAD = "Three keys do all the learning there is."
DETAILS_TITLE = "The last press in numbers"


def ritual_options(**given: Any) -> RitualOptions:
    """The bench's settings from the fields of `bench_fields`. Raises InvalidInput."""
    return RitualOptions.parse(given, owner="the bench")


def _draw(presses: str, **given: Any) -> Mapping[str, str]:
    options = ritual_options(**given)
    moments = press_through(options, presses)
    before = moments[-2] if presses else None
    return {
        "title": _title(options),
        "told": told(options, moments),
        "surface": join(values_panel(moments[-1]), surface(options, moments), rounds_plot(moments)),
        "formulas": formulas(options, before, moments[-1]),
        "graph": graph_drawing(moments[-1]),
        "program": program_panel(ritual_program(options, moments), ritual_output(moments)),
    }


def _title(options: RitualOptions) -> Markup:
    one, other = (exact(value) for value in options.start)
    return join(tag("h2", f"Make {one} × {other} become {exact(options.target)}."), tag("p.lead", LEAD))


class Ritual(Lesson):
    """The bench, laid out into a chapter's layout, whose controls it shares."""

    def __init__(self, book: Book, chapter: str, layout: Layout) -> None:
        """Lay it out and wire it, but for the shared controls: their workbench has it drawn again."""
        with layout.more:
            fresh = gr.Checkbox(True, label="Backprop runs Forward first, as the lab's loop does")
        self.settings: Fields = {
            name: Field(field.component, "lesson", read=field.read)
            for name, field in layout.fields.items()
            if name in SHARED
        } | {"fresh": Field(fresh, "lesson")}
        """What the chapter's other lessons start from."""
        with layout.above_controls:
            title = gr.Column(elem_classes="place poster")
            presses = press_bench("ritual-presses")
            said = gr.Column(elem_classes="place said")
        own: Fields = {"presses": Field(presses, "lesson"), "fresh": self.settings["fresh"]}
        fields: Fields = {"presses": own["presses"], **self.settings}
        drawn = drawn_at_first(_draw, fields)
        with title:
            titled = figure(drawn["title"], "ritual-title")
        with said:
            message = message_line("ritual-message")
            sentence = figure(drawn["told"], "ritual-told")
        with layout.above_figures:
            seen = figure(drawn["surface"], "ritual-surface")
        with (
            gr.Accordion(DETAILS_TITLE, open=False, elem_id="kept-part", elem_classes="part"),
            gr.Row(elem_classes="twins"),
        ):
            with gr.Column(elem_classes="place"):
                summed = figure(drawn["formulas"], "ritual-formulas")
                program = figure(drawn["program"], "ritual-program", PROGRAM)
            graph = figure(drawn["graph"], "ritual-graph")
        figures = {
            "title": titled,
            "told": sentence,
            "surface": seen,
            "formulas": summed,
            "graph": graph,
            "program": program,
        }
        linked = {PREFIX + name: field for name, field in own.items()}
        super().__init__(
            book.opening, chapter, fields, figures, _draw, message, linked=linked, part=PREFIX, shared=SHARED
        )
