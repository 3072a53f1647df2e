"""The keys of the ritual: Forward, Backprop, Optimize, Reset, in a row, and what was pressed so far."""

import gradio as gr

from ui.components.parts import button, text_field
from ui.markup import Markup, join, tag
from ui.static import script

ROUND = "BOR"

SCRIPT = script("press_bench")

KEYS = (
    ("F", "Forward", "compute the loss"),
    ("B", "Backprop", "loss.backward()"),
    ("O", "Optimize", "my_sgd.step()"),
    ("R", "Reset", "my_sgd.zero_grad()"),
)


def press_bench(name: str) -> gr.HTML:
    """The row of buttons; its value is a text of the letters F, B, O and R. The keys do the same."""
    return gr.HTML(
        "",
        html_template=markup(name),
        js_on_load=SCRIPT,
        apply_default_css=False,
        label="Pressed",
        elem_id=name,
        elem_classes="figure",
    )


def markup(name: str) -> Markup:
    """The HTML of the buttons and of the line below them."""
    keys = (
        button(
            "",
            join(tag("b", title), " ", tag("kbd", letter), tag("code", code)),
            data_press=letter,
            aria_keyshortcuts=letter,
        )
        for letter, title, code in KEYS
    )
    line = f"{name}-line"
    return tag(
        "div.press-bench",
        tag("div.press-keys", keys),
        tag(
            "div.press-line", tag("label", "Pressed", for_=line), text_field(line, placeholder="nothing yet")
        ),
        tag(
            "div.press-line",
            button("", "Undo ", tag("kbd", "U"), data_press="undo", aria_keyshortcuts="U"),
            button("", f"{ROUND} 10 times", data_press=ROUND * 10),
            button("", "Start over", data_press="over"),
        ),
    )
