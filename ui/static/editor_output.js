/** What a program showed, beside its lines, and below it what came out: the error, the verdict, the curve. */
import { button, lines, part, sentence, sign, unseen } from './editor_parts.js';

/** @import { End, Report, Shown } from './written' */

const MOST_ENTRIES = 5; // of one line, in sight; those before are folded
/** By the kind of what was shown: its sign, and what the sign means. @type {Record<Shown['kind'], [string, string]>} */
const SIGNS = { printed: ['›', 'printed'], value: ['=', 'value'] };

/** What each line showed, by line; calls of print that end no line are one. @param {Shown[]} shown */
const byLine = (shown) => {
  /** @type {Map<number, Shown[]>} */
  const found = new Map();
  for (const each of shown) {
    const entries = found.get(each.line) ?? [];
    const last = entries.at(-1);
    if (last && last.kind === 'printed' && each.kind === 'printed' && !last.text.endsWith('\n'))
      entries[entries.length - 1] = { ...last, text: last.text + each.text };
    else entries.push(each);
    found.set(each.line, entries);
  }
  return [...found].sort(([one], [other]) => one - other);
};

/** @param {Shown} shown */
const entry = ({ line, kind, text }) => {
  const [mark, meaning] = SIGNS[kind];
  const made = part('div', `shown-${kind}`, sign(mark), unseen(`${meaning}: `), lines(text.replace(/\n$/, ''), `Line ${line}, ${meaning}`));
  made.title = meaning;
  return made;
};

/** An item for each line that showed something. @param {Shown[]} shown */
export const shownItems = (shown) => byLine(shown).map(([line, entries]) => {
  const number = part('span', 'shown-line', unseen('Line '), String(line));
  const earlier = entries.slice(0, -MOST_ENTRIES);
  const item = part('li', '', number, part('div', '', ...entries.slice(-MOST_ENTRIES).map(entry)));
  if (earlier.length) {
    const all = earlier.map(({ text }) => text.replace(/\n$/, '')).join('\n');
    const words = `${earlier.length.toLocaleString('en-US')} earlier`;
    const fold = part('details', 'shown-earlier', part('summary', '', words), lines(all, `Line ${line}, ${words}`));
    item.lastElementChild?.prepend(fold);
  }
  item.dataset.line = String(line);
  return item;
});

/** Put each item beside its line, or under the one before where that reaches further. @param {HTMLElement[]} items @param {number} height Of a line. */
export const putBeside = (items, height) => {
  let bottom = 0;
  const heights = items.map(({ offsetHeight }) => offsetHeight);
  items.forEach((item, index) => {
    const gap = Math.max(0, (Number(item.dataset.line) - 1) * height - bottom);
    item.style.setProperty('--gap', `${gap}px`);
    bottom += gap + heights[index];
  });
};

/** What ended the program early. @param {Report} report @param {(line: number) => void} goTo */
export const errorPanel = ({ error, line }, goTo) => {
  if (!error) return [];
  const made = part('div', 'editor-error');
  if (line) {
    const head = part('p', 'editor-error-head', sign('⚠'), `Line ${line}`, button('quiet', 'Go to the line', () => goTo(line)));
    made.append(head);
  }
  made.append(part('pre', '', error.text));
  if (error.meaning) made.append(sentence(error.meaning));
  return [made];
};

/** Whether it does what the exercise asks, if it was one. @param {End} end */
export const verdictPanel = ({ passed, said, hint, report }) => {
  if (passed === null || passed === undefined) return [];
  const made = part('div', `editor-verdict ${passed ? 'passed' : 'not-yet'}`);
  made.append(part('p', 'editor-verdict-head', sign(passed ? '✓' : '○'), passed ? 'Passed.' : 'Not yet.'));
  if (said) made.append(sentence(said));
  if (hint && hint !== report.error?.meaning) made.append(sentence(hint)); // what an error means stands beside it
  return [made];
};

let plots = 0;

/**
 * The curve of its losses, as far as they are finite numbers.
 * @param {Report} report @param {string} frame What static/loss_plot.js draws in, made by ui/components/loss_plot.py.
 */
export const curvePanel = ({ losses, loss_every: every }, frame) => {
  if (losses.length < 2) return [];
  const broken = losses.indexOf(null);
  const drawn = losses.slice(0, broken < 0 ? undefined : broken).filter((loss) => loss !== null);
  const made = part('div', 'editor-curve figure');
  if (drawn.length) {
    made.innerHTML = frame;
    plots += 1;
    /** @type {NodeListOf<HTMLInputElement>} */
    const scales = made.querySelectorAll('[type=radio]');
    for (const scale of scales) scale.name = `program-scale-${plots}`;
    const step = drawn.map((_, index) => index * every);
    window.labLossPlot(made).draw({ step, loss: drawn, held_out_loss: drawn.map(() => null), floor: null }, null);
  }
  if (broken >= 0) {
    const at = (broken * every).toLocaleString('en-US');
    made.append(part('p', 'editor-broken', sign('⚠'), `At step ${at} the loss is not a finite number.`));
  }
  return [made];
};
