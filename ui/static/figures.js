/**
 * Writes what a training in the page came to into the figures of a bench, as the server will write it once the thumb
 * rests: components/panels.py.
 */

/** @import { Done, Live, View } from './work' */

/** As exact() in service/numbers.py. @param {number} value */
const exact = (value) => {
  const size = Math.abs(value);
  const text = size && (size < 1e-4 || size >= 1e16) ? value.toExponential() : String(value || 0);
  return twoDigits(text);
};
/** Python's exponents have two digits at least. @param {string} text */
const twoDigits = (text) => text.replace(/e([+-])(\d)$/, 'e$10$2');
/** As shown() in components/numbers.py. @param {number} value */
const shown = (value) => {
  const size = Math.abs(value);
  if (value === 0) return '0.0000';
  return size < 1e-4 || size >= 1e6 ? twoDigits(value.toExponential(4)) : value.toFixed(4);
};
const WHOLE = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
/** @param {number} value */
const counted = (value) => WHOLE.format(value);
/** As speed() there. @param {number} perSecond */
const speed = (perSecond) => `${perSecond >= 10 ? counted(perSecond) : window.labGeneral(perSecond, 2)} steps/s`;

/**
 * The status, in the panel that components/panels.py made for it.
 * @param {HTMLElement} panel @param {Live} live @param {Done} done @param {View[]} views
 */
export const showStatus = (panel, live, done, views) => {
  const { step, curve, diverged_at, named, milliseconds } = done;
  const state = diverged_at === null ? 'succeeded' : 'diverged';
  panel.dataset.status = state;
  const loss = curve.loss.at(-1);
  /** @type {Record<string, string>} */
  const facts = {
    step: `${counted(step)} of ${counted(live.steps)}`,
    loss: loss === undefined ? '' : window.labGeneral(loss, 6),
    speed: speed(step / milliseconds * 1000),
    learning_rate: exact(live.learning_rate),
    diverged_at: diverged_at === null ? '' : counted(diverged_at),
  };
  const single = views.filter(({ shape }) => !shape.length).map(({ name }) => name);
  for (const name of single) facts[name] = shown(named[name][0]);
  const list = panel.querySelector('dl');
  for (const name of single.filter((each) => !list?.querySelector(`[data-fact="${each}"]`))) {
    const [row, title, value] = ['div', 'dt', 'dd'].map((kind) => document.createElement(kind));
    title.textContent = name;
    value.dataset.fact = name;
    row.append(title, value);
    list?.append(row);
  }
  for (const field of panel.querySelectorAll('[data-fact]')) {
    const text = facts[/** @type {HTMLElement} */ (field).dataset.fact ?? ''] ?? '';
    if (field.textContent !== text) field.textContent = text;
  }
  for (const part of panel.querySelectorAll('[data-when]'))
    /** @type {HTMLElement} */ (part).hidden = /** @type {HTMLElement} */ (part).dataset.when !== state;
  const progress = panel.querySelector('progress');
  if (progress) { progress.max = live.steps; progress.value = step; }
};

/** @typedef {{ inputs: number[][], expected: (number[] | null)[] }} Tested */

/**
 * The vectors in a table of predictions; none where there is no table, or it does not show them all.
 * @param {Element | null} figure
 * @returns {Tested}
 */
export const tested = (figure) => {
  const section = figure?.querySelector('[data-tested]');
  return JSON.parse(/** @type {HTMLElement | null} */ (section)?.dataset.tested ?? '{"inputs": [], "expected": []}');
};

/** To the nearest whole number, halves to the even one, as Python and torch round. @param {number} value */
const rounded = (value) => {
  const floor = Math.floor(value);
  const over = value - floor;
  return over > 0.5 || (over === 0.5 && floor % 2 !== 0) ? floor + 1 : floor;
};
const FIRST_BEYOND_JSON = 2 ** 63;
const FIRST_INEXACT = 2 ** 53;
/** @param {number} value */
const roundable = (value) => Number.isFinite(value) && Math.abs(value) < FIRST_BEYOND_JSON;
/** As plain() in components/numbers.py, of a whole number. @param {number} value */
const whole = (value) => Math.abs(value) < 1e15 ? String(value || 0) : window.labGeneral(value, 6);
/** @param {number[]} values @param {(value: number) => string} form */
const list = (values, form) => `[${values.map((value) => Number.isFinite(value) ? form(value) : 'not finite').join(', ')}]`;

/**
 * Whether the answer is right; null where it is not judged: training/prediction.py, _correct.
 * @param {number[]} answer @param {number[] | null} expected
 */
const correct = (answer, expected) => {
  if (!expected) return null;
  if (!answer.every(Number.isFinite)) return false;
  if (!expected.every((value) => Number.isInteger(value) && Math.abs(value) < FIRST_INEXACT)) return null;
  return answer.every((value, index) => roundable(value) && rounded(value) === expected[index]);
};

/**
 * The answers, in the table of predictions that is there.
 * @param {Element | null} figure @param {Tested} tested @param {Done} done
 */
export const showAnswers = (figure, { expected }, { answers, step }) => {
  const rows = figure?.querySelectorAll('tbody tr') ?? [];
  if (!answers.length || rows.length !== answers.length) return;
  let [right, known] = [0, 0];
  answers.forEach((answer, index) => {
    const wanted = expected[index];
    const judged = correct(answer, wanted);
    known += Number(judged !== null);
    right += Number(judged);
    const error = wanted && Math.max(...answer.map((value, place) => Math.abs(value - wanted[place])));
    const [verdict, , output, roundedTo, , largest] = rows[index].children;
    verdict.textContent = judged === null ? (wanted ? 'not judged' : '-') : judged ? '✓ right' : '✗ wrong';
    output.textContent = list(answer, (value) => value.toFixed(4));
    roundedTo.textContent = list(answer.map((value) => roundable(value) ? rounded(value) : NaN), whole);
    largest.textContent = error === null ? '' : Number.isFinite(error) ? window.labGeneral(error, 4) : 'not finite';
  });
  const score = known ? `: ${counted(right)} of ${counted(known)} right` : '';
  figure?.querySelector('h3')?.replaceChildren(`Predictions at step ${counted(step)}${score}`);
};
