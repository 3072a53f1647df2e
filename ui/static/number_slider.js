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
/** @type {{ log: boolean, whole: boolean, step: number, value: number }} */
const { log, whole, step, value: initial } = JSON.parse(own('.number-slider', HTMLElement).dataset.options ?? '');
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
const sync = () => {
  if (props.value === undefined || props.value === null) props.value = initial;
  text.value = show(props.value);
  range.setAttribute('aria-valuetext', text.value);
  if (typeof props.value === 'number' && snap(Number(range.value)) !== props.value)
    range.value = String(position(props.value));
};
/** @param {number | string} value */
const choose = (value) => { props.value = value; sync(); trigger('input'); };
range.addEventListener('input', () => choose(snap(Number(range.value))));
text.addEventListener('change', () => choose(parse(text.value)));
watch('value', sync);
sync();
