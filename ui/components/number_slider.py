"""A slider on a log scale that shows, and takes, the real value."""

import json
import math
from html import escape

import gradio as gr

# The value is a number, or the text as typed where it is not one: Python says what is wrong with it.
SCRIPT = """
const { whole, value: initial } = JSON.parse(element.querySelector('.number-slider').dataset.options);
const range = element.querySelector('input[type=range]');
const text = element.querySelector('input[type=text]');
const show = (value) => {
  if (typeof value !== 'number') return String(value);
  if (whole) return String(value);
  return value >= 1e-3 && value < 1e6 ? String(value) : value.toExponential().replace('+', '');
};
const snap = (position) => {
  const value = Number((10 ** position).toPrecision(2));
  return whole ? Math.max(1, Math.round(value)) : value;
};
const parse = (typed) => {
  const trimmed = typed.trim();
  const plain = whole && /^\\d{1,3}(,\\d{3})+$/.test(trimmed) ? trimmed.replaceAll(',', '') : trimmed;
  return plain !== '' && Number.isFinite(Number(plain)) ? Number(plain) : trimmed;
};
const sync = () => {
  if (props.value === undefined || props.value === null) props.value = initial;
  text.value = show(props.value);
  range.setAttribute('aria-valuetext', text.value);
  if (typeof props.value === 'number' && snap(Number(range.value)) !== props.value)
    range.value = Math.log10(props.value);
};
const choose = (value) => { props.value = value; sync(); trigger('input'); };
range.addEventListener('input', () => choose(snap(Number(range.value))));
text.addEventListener('change', () => choose(parse(text.value)));
watch('value', sync);
sync();
"""


def number_slider(
    label: str, name: str, *, value: float, minimum: float, maximum: float, whole: bool = False
) -> gr.HTML:
    """A labelled slider from `minimum` to `maximum` on a log scale, with a field for any other value.

    Its value is a number, or text if what was typed is not one. With `whole` it moves in whole numbers.
    """
    return gr.HTML(
        value,
        html_template=markup(label, name, value, minimum, maximum, whole),
        js_on_load=SCRIPT,
        apply_default_css=False,
        label=label,
        elem_id=name,
        elem_classes="figure",
    )


def markup(label: str, name: str, value: float, minimum: float, maximum: float, whole: bool) -> str:
    """The slider's HTML; what its script needs to know is in `data-options`."""
    options = escape(json.dumps({"whole": whole, "value": value}))
    low, high = math.log10(minimum), math.log10(maximum)
    return (
        f'<div class="number-slider" data-options="{options}"><div class="number-slider-head">'
        f'<label for="{name}-text">{escape(label)}</label><input id="{name}-text" type="text" '
        'inputmode="decimal" autocomplete="off" spellcheck="false"></div>'
        f'<input type="range" aria-label="{escape(label)}, slider" step="any" min="{low}" max="{high}">'
        '<div class="number-slider-ends" aria-hidden="true">'
        f"<span>{_shown(minimum)}</span><span>{_shown(maximum)}</span></div></div>"
    )


def _shown(value: float) -> str:
    return f"{value:,.0f}" if value >= 1 else f"{value:g}".replace("e-0", "e-")
