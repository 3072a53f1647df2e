"""An error on the page: the control's label, literal text, and which element to mark."""

from typing import Any

import gradio as gr
import pytest

from service import InvalidInput, NotFound
from ui.refusals import refusal

BOXES: dict[str, Any] = {
    "learning_rate": gr.Textbox(label="Learning rate", elem_id="a-rate"),
    "start.0": gr.Textbox(label="var_1 starts at", elem_id="a-one"),
    "start.1": gr.Textbox(label="var_2 starts at", elem_id="a-two"),
    "vectors": gr.Textbox(label="Vectors, one per line", elem_id="a-vectors"),
    "optimizer.momentum": gr.Number(label="Momentum", elem_id="a-momentum"),
}


@pytest.mark.parametrize(
    ("field", "name", "marked"),
    [
        ("learning_rate", "Learning rate", "a-rate"),
        ("start", "var_1 starts at and var_2 starts at", "a-one a-two"),
        ("vectors, line 2,", "Vectors, line 2,", "a-vectors"),
        ("vectors[0][2]", "Vectors, vector 1, number 3,", "a-vectors"),
        ("momentum", "Momentum", "a-momentum"),
        ("The number of vectors", "The number of vectors", "a-vectors"),
    ],
)
def test_the_label_is_named_and_the_element_marked(field: str, name: str, marked: str) -> None:
    markup = refusal(InvalidInput(field, "<img src=x onerror=alert(1)>", "right"), BOXES)
    literal = "&lt;img src=x onerror=alert(1)&gt;"
    assert markup == f"<span class=\"refusal {marked}\">{name} must be right; got '{literal}'.</span>"


def test_an_error_about_no_control_marks_none() -> None:
    assert refusal(InvalidInput("The CSV", 1, "text"), BOXES) == (
        '<span class="refusal">The CSV must be text; got 1.</span>'
    )
    assert "<b>" not in refusal(NotFound("model", "<b>"), BOXES)
