"""nn.Linear and nn.Module: what is in a network, and how a vector goes through it."""

from collections.abc import Sequence

import gradio as gr

from service import Dissection, dissect, network_output, network_program
from ui.book import Book, Chapter
from ui.components.figure import figure
from ui.components.layers import layers_panel, parameters_list
from ui.components.network_drawing import Column, network_drawing
from ui.components.program import SCRIPT as PROGRAM
from ui.components.program import program_panel
from ui.components.terms import term
from ui.fields import Fields, network_fields, numbers_field, seed_field
from ui.lesson import Lesson, drawn_at_first, message_line
from ui.markup import tag

IDEA = f"""
## A layer is a matrix and a bias.

`nn.Linear(3, 2)` holds a 2 x 3 matrix of **{term("weight", "weights")}** and 2 **{term("bias", "biases")}**,
random at first. Each row multiplies all three inputs, and adds up.
"""

WHAT_SGD_GETS = "What SGD is given: my_network.parameters()"


def columns(dissection: Dissection) -> list[Column]:
    """The layers as they are drawn."""
    return [Column(layer.name, layer.weight, layer.bias, layer.outputs) for layer in dissection.layers]


def _draw(hidden: Sequence[int], activation: str, seed: int, vector: Sequence[float]) -> dict[str, str]:
    dissection = dissect(hidden, activation, seed, vector)
    drawing = network_drawing(dissection.layers[0].inputs, columns(dissection))
    return {
        "drawing": tag("figure.panel", drawing),
        "parameters": parameters_list(dissection),
        "layers": layers_panel(dissection),
        "program": program_panel(network_program(dissection, seed), network_output(dissection)),
    }


def _lay_out(book: Book) -> None:
    with gr.Row(elem_classes="bench"):
        with gr.Column(min_width=300, elem_classes="controls"):
            gr.Markdown(IDEA, elem_classes="poster")
            fields: Fields = {
                **network_fields("2", "none", argument_of="lesson"),
                "seed": seed_field("module", argument_of="lesson"),
                "vector": numbers_field("Input vector", "1, 2, 3", "vector", argument_of="lesson"),
            }
        with gr.Column(min_width=300, elem_classes="figures"):
            drawn = drawn_at_first(_draw, fields)
            message = message_line("module-message")
            drawing = figure(drawn["drawing"], "module-drawing")
            layers = figure(drawn["layers"], "module-layers")
            with gr.Accordion(WHAT_SGD_GETS, open=False, elem_id="parameters-part", elem_classes="part"):
                parameters = figure(drawn["parameters"], "module-parameters")
            program = figure(drawn["program"], "module-program", PROGRAM)
    figures = {"drawing": drawing, "layers": layers, "parameters": parameters, "program": program}
    Lesson(book.opening, CHAPTER.name, fields, figures, _draw, message)
    book.predictions.ask("losses", again=["shapes"])


LEARNED = "read a layer's weights and biases, and follow a vector through them."

CHAPTER = Chapter("module", "nn.Module", _lay_out, LEARNED)
