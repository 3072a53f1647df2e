/**
 * What a number slider does. Its value is a number, or the text as typed where it is not one: Python says
 * what is wrong with it.
 */
/** @template {HTMLElement} E @param {string} selector @param {new () => E} kind */
const own = (selector, kind) => {
  const found = element.querySelector(selector);
  if (!(found instanceof kind)) throw new Error(`${selector} is missing`);
  return found;
};
const slider = own('.number-slider', HTMLElement);
/** @type {{ log: boolean, whole: boolean, step: number, value: number }} */
const { log, whole, step, value: initial } = JSON.parse(slider.dataset.options ?? '');
const range = own('input[type=range]', HTMLInputElement);
const text = own('input[type=text]', HTMLInputElement);
/** @param {number | string} value */
const show = (value) => {
  if (typeof value !== 'number' || whole || value === 0) return String(value);
  const size = Math.abs(value);
  return size >= 1e-3 && size < 1e6 ? String(value) : value.toExponential().replace('+', '');
};
/** @param {number} value */
const position = (value) => log ? Math.log10(value) : value;
/** @param {number} at */
const snap = (at) => {
  const value = log ? Number((10 ** at).toPrecision(2))
                    : Number((Math.round(at / step) * step).toPrecision(12));
  return whole ? Math.round(value) : value;
};
/**
 * Number() also reads 0x10 and Infinity, 1.000 where a thousand may be meant, and rounds long integers.
 * @param {string} typed
 */
const parse = (typed) => {
  const trimmed = typed.trim();
  const signed = trimmed.replace(/^\u2212/, '-');
  const plain = whole && /^[+-]?[1-9]\d{0,2}(,\d{3})+$/.test(signed) ? signed.replaceAll(',', '') : signed;
  const clear = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain)
    && !(whole && /^[+-]?[1-9]\d{0,2}(\.\d{3})+$/.test(plain));
  const number = Number(plain);
  const rounded = (number === 0 && /^[^e]*[1-9]/i.test(plain))
    || (/^[+-]?\d+$/.test(plain) && !Number.isSafeInteger(number));
  return clear && Number.isFinite(number) && !rounded ? number : trimmed;
};
/** A thumb that has not moved for so long rests. */
const REST_MS = 200;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let waiting;
const sync = () => {
  if (props.value === undefined || props.value === null) props.value = initial;
  text.value = show(props.value);
  slider.dataset.value = JSON.stringify(props.value);
  range.setAttribute('aria-valuetext', text.value);
  if (typeof props.value === 'number' && snap(Number(range.value)) !== props.value)
    range.value = String(position(props.value));
};
const tell = () => {
  clearTimeout(waiting);
  waiting = undefined;
  trigger('input');
};
/** The server is told where the thumb has come to rest, if it does not know it already. */
const rest = () => {
  if (waiting === undefined) return;
  tell();
  element.dispatchEvent(new CustomEvent('labrest', { bubbles: true }));
};
range.addEventListener('input', () => {
  props.value = snap(Number(range.value));
  sync();
  // Whoever prevents it trains in the page (training_plot.js), and calls `tell` if that is not to be.
  const moved = new CustomEvent('labmove', { bubbles: true, cancelable: true, detail: tell });
  clearTimeout(waiting);
  if (element.dispatchEvent(moved)) tell();
  else waiting = setTimeout(rest, REST_MS);
});
for (const end of ['pointerup', 'keyup', 'blur']) range.addEventListener(end, rest);
text.addEventListener('change', () => {
  props.value = parse(text.value);
  sync();
  tell();
});
watch('value', sync);
sync();
