"""A slider, on a log or a linear scale, that shows and takes the real value."""

import json
import math
from html import escape

import gradio as gr

# The value is a number, or the text as typed where it is not one: Python says what is wrong with it.
SCRIPT = """
const { log, whole, step, value: initial } =
  JSON.parse(element.querySelector('.number-slider').dataset.options);
const range = element.querySelector('input[type=range]');
const text = element.querySelector('input[type=text]');
const show = (value) => {
  if (typeof value !== 'number' || whole || value === 0) return String(value);
  const size = Math.abs(value);
  return size >= 1e-3 && size < 1e6 ? String(value) : value.toExponential().replace('+', '');
};
const position = (value) => log ? Math.log10(value) : value;
const snap = (position) => {
  const value = log ? Number((10 ** position).toPrecision(2))
                    : Number((Math.round(position / step) * step).toPrecision(12));
  return whole ? Math.round(value) : value;
};
// Number() also reads 0x10 and Infinity, 1.000 where a thousand may be meant, and rounds long integers.
const parse = (typed) => {
  const trimmed = typed.trim();
  const signed = trimmed.replace(/^\\u2212/, '-');
  const plain = whole && /^[+-]?[1-9]\\d{0,2}(,\\d{3})+$/.test(signed) ? signed.replaceAll(',', '') : signed;
  const clear = /^[+-]?(\\d+\\.?\\d*|\\.\\d+)(e[+-]?\\d+)?$/i.test(plain)
    && !(whole && /^[+-]?[1-9]\\d{0,2}(\\.\\d{3})+$/.test(plain));
  const number = Number(plain);
  const rounded = (number === 0 && /^[^e]*[1-9]/i.test(plain))
    || (/^[+-]?\\d+$/.test(plain) && !Number.isSafeInteger(number));
  return clear && Number.isFinite(number) && !rounded ? number : trimmed;
};
const sync = () => {
  if (props.value === undefined || props.value === null) props.value = initial;
  text.value = show(props.value);
  range.setAttribute('aria-valuetext', text.value);
  if (typeof props.value === 'number' && snap(Number(range.value)) !== props.value)
    range.value = position(props.value);
};
const choose = (value) => { props.value = value; sync(); trigger('input'); };
range.addEventListener('input', () => choose(snap(Number(range.value))));
text.addEventListener('change', () => choose(parse(text.value)));
watch('value', sync);
sync();
"""


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
