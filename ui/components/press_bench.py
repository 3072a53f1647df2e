"""The keys of the bench: Backprop, Optimize, Reset, and below them what else can be pressed."""

import gradio as gr

from ui.components.parts import button, text_field
from ui.components.told import MANY_ROUNDS, ROUND
from ui.markup import Markup, join, tag
from ui.static import script

SCRIPT = script("press_bench")

KEYS = (
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
            f"key.{title.lower()}",
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
            "div.press-line",
            button("rounds-key", f"{MANY_ROUNDS} rounds", data_press=ROUND * MANY_ROUNDS),
            button("", "Undo ", tag("kbd", "U"), data_press="undo", aria_keyshortcuts="U"),
            button("", "Start over", data_press="over"),
            button("", "Forward ", tag("kbd", "F"), data_press="F", aria_keyshortcuts="F"),
            text_field(line, aria_label="Pressed", title="What has been pressed", placeholder="B O R"),
        ),
    )
