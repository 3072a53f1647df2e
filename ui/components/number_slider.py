"""A slider, on a log or a linear scale, that shows and takes the real value."""

import json
import math
from html import escape

import gradio as gr

from ui.static import script

SCRIPT = script("number_slider")


def number_slider(
    label: str,
    name: str,
    *,
    value: float,
    minimum: float,
    maximum: float,
    whole: bool = False,
    step: float | None = None,
) -> gr.HTML:
    """A labelled slider from `minimum` to `maximum`, with a field for any other value.

    Its scale is linear in steps of `step`, or logarithmic if there is none. Its value is a number, or
    text if what was typed is not one. With `whole` it moves in whole numbers.
    """
    return gr.HTML(
        value,
        html_template=markup(label, name, value, minimum, maximum, whole, step),
        js_on_load=SCRIPT,
        apply_default_css=False,
        label=label,
        elem_id=name,
        elem_classes="figure",
    )


def markup(
    label: str, name: str, value: float, minimum: float, maximum: float, whole: bool, step: float | None
) -> str:
    """The slider's HTML; what its script needs to know is in `data-options`."""
    options = escape(json.dumps({"log": step is None, "whole": whole, "step": step, "value": value}))
    low, high = (math.log10(minimum), math.log10(maximum)) if step is None else (minimum, maximum)
    return (
        f'<div class="number-slider" data-options="{options}"><div class="number-slider-head">'
        f'<label for="{name}-text">{escape(label)}</label><input id="{name}-text" type="text" '
        'inputmode="decimal" autocomplete="off" spellcheck="false"></div>'
        f'<input type="range" aria-label="{escape(label)}, slider" step="{step or "any"}" '
        f'min="{low}" max="{high}">'
        '<div class="number-slider-ends" aria-hidden="true">'
        f"<span>{_shown(minimum)}</span><span>{_shown(maximum)}</span></div></div>"
    )


def _shown(value: float) -> str:
    return f"{value:,.0f}" if value == round(value) else f"{value:g}".replace("e-0", "e-")
