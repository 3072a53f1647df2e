"""Tensors: numbers, lists and matrices of them, and what the operators do."""

import gradio as gr

from service import OPERATORS, calculate, tensor_program
from ui.book import Book, Chapter
from ui.components.figure import figure
from ui.components.program import SCRIPT as PROGRAM
from ui.components.program import program_panel
from ui.components.tensor_drawing import tensor_drawing
from ui.components.terms import term
from ui.fields import Field, Fields
from ui.lesson import Lesson, drawn_at_first, message_line

IDEA = f"""
## A {term("tensor")} holds numbers.

One number is a **scalar**, a list a **vector**, a table a **matrix**. `1` is an integer, `1.` a float.
"""

PRESETS = {
    "Vector * vector": {"left": "[1, 2, 3]", "operator": "*", "right": "[4, 5, 6]"},
    "Vector @ vector": {"left": "[1, 2, 3]", "operator": "@", "right": "[4, 5, 6]"},
    "Matrix @ vector": {"left": "[[1., 2., 3.], [4., 5., 6.]]", "operator": "@", "right": "[1., 0., -1.]"},
    "Integer + float": {"left": "[1, 2, 3]", "operator": "+", "right": "0.5"},
    "Sizes that differ": {"left": "[1, 2, 3]", "operator": "+", "right": "[1, 2, 3, 4]"},
    "Types that differ": {"left": "[[1, 2], [3, 4]]", "operator": "@", "right": "[1., 2.]"},
}


def _draw(left: str, operator: str, right: str) -> dict[str, str]:
    calculation = calculate(left, operator, right)
    return {
        "drawing": tensor_drawing(calculation),
        "program": program_panel(tensor_program(calculation)),
    }


def _lay_out(book: Book) -> None:
    first = PRESETS["Vector * vector"]
    with gr.Row(elem_classes="bench"):
        with gr.Column(min_width=300, elem_classes="controls"):
            gr.Markdown(IDEA, elem_classes="poster")
            left = gr.Textbox(first["left"], label="Left", max_lines=1, elem_id="tensors-left")
            operator = gr.Radio(
                list(OPERATORS), value=first["operator"], label="Operator", elem_id="tensors-operator"
            )
            right = gr.Textbox(first["right"], label="Right", max_lines=1, elem_id="tensors-right")
            presets = gr.Column(elem_classes="controls")
        fields: Fields = {
            "left": Field(left, "lesson"),
            "operator": Field(operator, "lesson"),
            "right": Field(right, "lesson"),
        }
        with gr.Column(min_width=300, elem_classes="figures"):
            drawn = drawn_at_first(_draw, fields)
            message = message_line("tensors-message")
            figures = {
                "drawing": figure(drawn["drawing"], "tensors-drawing"),
                "program": figure(drawn["program"], "tensors-program", PROGRAM),
            }
    lesson = Lesson(book.opening, CHAPTER.name, fields, figures, _draw, message)
    with presets:
        lesson.offer(PRESETS)
    book.predictions.ask("shapes", "types")


LEARNED = "tell scalars, vectors and matrices apart, and say what +, -, * and @ do to them."

CHAPTER = Chapter("tensors", "Tensors", _lay_out, LEARNED)
