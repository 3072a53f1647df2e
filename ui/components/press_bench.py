"""The keys of the ritual: Forward, Backprop, Optimize, Reset, in a row, and what was pressed so far."""

import gradio as gr

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
        label="Presses",
        elem_id=name,
        elem_classes="figure",
    )


def markup(name: str) -> str:
    """The HTML of the buttons and of the line below them."""
    keys = "".join(
        f'<button type="button" data-press="{letter}" aria-keyshortcuts="{letter}">'
        f"<b>{title}</b> <kbd>{letter}</kbd><code>{code}</code></button>"
        for letter, title, code in KEYS
    )
    return (
        f'<div class="press-bench"><div class="press-keys">{keys}</div><div class="press-line">'
        f'<label for="{name}-line">Pressed</label><input id="{name}-line" type="text" autocomplete="off" '
        'spellcheck="false" placeholder="nothing yet">'
        '</div><div class="press-line"><button type="button" data-press="undo" aria-keyshortcuts="U">Undo '
        "<kbd>U</kbd></button>"
        f'<button type="button" data-press="{ROUND * 10}">{ROUND} 10 times</button>'
        '<button type="button" data-press="over">Start over</button></div></div>'
    )
