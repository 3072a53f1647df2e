"""A slider on a log scale that shows, and takes, the real value."""

from typing import Any

import gradio as gr

TEMPLATE = """
<div class="number-slider">
  <div class="number-slider-head">
    <label for="${name}-text">${label}</label>
    <input id="${name}-text" type="text" inputmode="decimal" autocomplete="off" spellcheck="false">
  </div>
  <input type="range" aria-label="${label}, slider" step="any"
         min="${Math.log10(minimum)}" max="${Math.log10(maximum)}">
  <div class="number-slider-ends" aria-hidden="true"><span>${shown_minimum}</span>
    <span>${shown_maximum}</span></div>
</div>
"""

# The value is a number, or the text as typed where it is not one: Python says what is wrong with it.
SCRIPT = """
const range = element.querySelector('input[type=range]');
const text = element.querySelector('input[type=text]');
const show = (value) => {
  if (typeof value !== 'number') return String(value);
  if (props.whole) return String(value);
  return value >= 1e-3 && value < 1e6 ? String(value) : value.toExponential().replace('+', '');
};
const snap = (position) => {
  const value = Number((10 ** position).toPrecision(2));
  return props.whole ? Math.max(1, Math.round(value)) : value;
};
const parse = (typed) => {
  const trimmed = typed.trim();
  const plain = props.whole && /^\\d{1,3}(,\\d{3})+$/.test(trimmed) ? trimmed.replaceAll(',', '') : trimmed;
  return plain !== '' && Number.isFinite(Number(plain)) ? Number(plain) : trimmed;
};
const sync = () => {
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


class NumberSlider(gr.HTML):
    """A labelled slider from `minimum` to `maximum` on a log scale, with a field for any other value.

    Its value is a number, or text if what was typed is not one. With `whole` it moves in whole numbers.
    """

    def __init__(
        self,
        label: str,
        name: str,
        *,
        value: float,
        minimum: float,
        maximum: float,
        whole: bool = False,
    ) -> None:
        super().__init__(
            value=value,
            html_template=TEMPLATE,
            js_on_load=SCRIPT,
            apply_default_css=False,
            label=label,
            elem_id=name,
            name=name,
            minimum=minimum,
            maximum=maximum,
            shown_minimum=_shown(minimum),
            shown_maximum=_shown(maximum),
            whole=whole,
        )

    def postprocess(self, value: Any) -> Any:
        """Pass the number on as it is."""
        return value

    def api_info(self) -> dict[str, Any]:
        """A number, or whatever was typed."""
        return {}


def _shown(value: float) -> str:
    return f"{value:,.0f}" if value >= 1 else f"{value:g}".replace("e-0", "e-")
