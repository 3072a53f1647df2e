"""A slider, on a log or a linear scale, that shows and takes the real value."""

import json
import math

import gradio as gr

from ui.components.parts import text_field
from ui.components.terms import about
from ui.markup import Markup, tag
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
    ends: tuple[str, str] = ("", ""),
    word: str | None = None,
    visible: bool = True,
) -> gr.HTML:
    """A labelled slider from `minimum` to `maximum`, with a field for any other value.

    Its scale is linear in steps of `step`, or logarithmic if there is none. Its value is a number, or
    text if what was typed is not one. With `whole` it moves in whole numbers. `ends` says what its ends are
    for, beside their numbers. `word` is one of the special words of the page that the label has, to be
    explained beside it.
    """
    return gr.HTML(
        value,
        html_template=markup(label, name, value, minimum, maximum, whole, step, ends, word),
        js_on_load=SCRIPT,
        apply_default_css=False,
        label=label,
        elem_id=name,
        elem_classes="figure",
        visible=visible,
    )


def markup(
    label: str,
    name: str,
    value: float,
    minimum: float,
    maximum: float,
    whole: bool,
    step: float | None,
    ends: tuple[str, str] = ("", ""),
    word: str | None = None,
) -> Markup:
    """The slider's HTML; what its script needs to know is in `data-options`."""
    low, high = (math.log10(minimum), math.log10(maximum)) if step is None else (minimum, maximum)
    field = text_field(f"{name}-text", inputmode="decimal")
    slider = tag("input", type="range", aria_label=f"{label}, slider", step=step or "any", min=low, max=high)
    return tag(
        "div.number-slider",
        tag(
            "div.number-slider-head",
            tag("span", tag("label", label, for_=f"{name}-text"), word and about(word)),
            field,
        ),
        slider,
        tag(
            "div.number-slider-ends",
            tag("span", f"{_shown(minimum)} {ends[0]}".strip()),
            tag("span", f"{ends[1]} {_shown(maximum)}".strip()),
            aria_hidden="true",
        ),
        data_options=json.dumps({"log": step is None, "whole": whole, "step": step, "value": value}),
    )


def _shown(value: float) -> str:
    return f"{value:,.0f}" if value == round(value) else f"{value:g}".replace("e-0", "e-")
