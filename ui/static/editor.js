/** A program that can be written and run on the page. Fetched when the first one is opened (program.js). */
import { colors } from './editor_colors.js';
import { bindKeys } from './editor_keys.js';
import { curvePanel, errorPanel, putBeside, shownItems, verdictPanel } from './editor_output.js';
import { button, part } from './editor_parts.js';
import { address, predict, run as runProgram } from './editor_run.js';
import { MOST_PACKED, linkOf, packed } from './program_link.js';

/** @import { Editor, End, Options, Progress, Shown } from './written' */

const WIDE = 640; // CSS pixels of the editor from which on there is room beside the text
const FIRST_TOLD_MS = 400; // what takes less says only how it ended
const TOLD_MS = 1000;
const KEYS = 'Ctrl+Enter runs. Tab indents; to leave, press Esc, then Tab.';
const BEFORE = 'What it shows will stand here, beside its line.';
const NOTHING = 'Nothing was shown: print(...) something, or end with a line that holds just a name.';
const CHANGED = 'Changed since it ran.';
const whole = (/** @type {number} */ number) => number.toLocaleString('en-US');

await new Promise((resolve) => {
  const href = address('lab/static/styles/editor.css').href;
  const link = Object.assign(document.createElement('link'), { rel: 'stylesheet', href });
  link.onload = link.onerror = resolve; // without it, all is there, less neat
  document.head.append(link);
});
let editors = 0;

/** @param {number} seconds */
const spent = (seconds) => (seconds < 0.005 ? 'less than 0.01 s' : `${seconds.toFixed(seconds < 10 ? 2 : 0)} s`);
/** @param {Progress} progress */
const howFar = ({ waiting, round, rounds }) => {
  if (waiting) return 'Waiting for its turn.';
  if (round === null) return 'Running.';
  return `Running: round ${whole(round)}${rounds === null ? '' : ` of ${whole(rounds)}`}.`;
};

/**
 * An editor in `place`, which it fills.
 * @param {HTMLElement} place @param {Options} options @returns {Editor}
 */
export const openEditor = (place, options) => {
  const id = `editor-${++editors}`;
  const gutter = part('div', 'editor-gutter');
  gutter.ariaHidden = 'true';
  const under = part('pre', 'editor-colors');
  under.ariaHidden = 'true';
  const area = part('textarea', '');
  Object.assign(area, { id, spellcheck: false, autocapitalize: 'off', autocomplete: 'off', wrap: 'off' });
  for (const [name, value] of Object.entries({ autocorrect: 'off', 'aria-describedby': `${id}-keys` }))
    area.setAttribute(name, value);
  const label = part('label', 'unseen', options.label);
  label.htmlFor = id;
  const none = part('p', 'editor-none', BEFORE), list = part('ol', 'editor-shown');
  list.ariaLabel = 'What the program showed';
  const beside = part('div', 'editor-beside', none, list);
  const frame = part('div', 'editor-frame', gutter, part('div', 'editor-text', under, area), beside);
  const keys = part('p', 'editor-keys', KEYS);
  keys.id = `${id}-keys`;
  const status = part('p', 'editor-status'), bar = part('progress', '');
  status.role = 'status';
  bar.ariaLabel = 'Rounds';
  const said = part('div', 'editor-said');
  said.id = `${id}-said`;
  said.role = 'status';
  const result = part('div', 'editor-result');
  const below = part('div', 'editor-below', said, result);
  const extra = part('div', 'editor-extra');

  /** @type {AbortController | null} */
  let running = null;
  /** Whether what is shown is of the program as it stands. */
  let fresh = false;
  let wide = true;

  const layOut = () => {
    if (wide) putBeside(/** @type {HTMLElement[]} */ ([...list.children]), parseFloat(getComputedStyle(area).lineHeight));
  };
  /** @param {number | null} line */
  const mark = (line) => {
    for (const [index, number] of [...gutter.children].entries()) number.classList.toggle('marked', index + 1 === line);
    if (line === null) {
      area.removeAttribute('aria-invalid');
      area.removeAttribute('aria-errormessage');
    } else {
      area.setAttribute('aria-invalid', 'true');
      area.setAttribute('aria-errormessage', said.id);
    }
  };
  /** @param {string} text */
  const say = (text) => { if (status.textContent !== text) status.textContent = text; };
  /** @param {Shown[]} shown @param {string} otherwise */
  const show = (shown, otherwise) => {
    none.textContent = otherwise;
    none.hidden = shown.length > 0;
    list.replaceChildren(...shownItems(shown));
    layOut();
  };
  const clear = () => {
    mark(null);
    said.replaceChildren();
    result.replaceChildren();
  };
  const drawText = () => {
    const count = area.value.split('\n').length;
    while (gutter.children.length > count) gutter.lastElementChild?.remove();
    while (gutter.children.length < count) gutter.append(part('span', '', String(gutter.children.length + 1)));
    frame.style.setProperty('--lines', String(count));
    under.replaceChildren(...colors(area.value));
  };
  const changed = () => {
    drawText();
    if (fresh) {
      mark(null);
      if (!running) say(CHANGED);
    }
    fresh = false;
  };
  /** @param {number} line */
  const goTo = (line) => {
    const lines = area.value.split('\n').slice(0, line);
    const end = lines.join('\n').length;
    area.focus();
    area.setSelectionRange(end - (lines.at(-1) ?? '').trimStart().length, end);
  };

  /** @param {boolean} now */
  const setRunning = (now) => {
    if (!now && document.activeElement === stopButton) runButton.focus();
    stopButton.disabled = !now;
    bar.hidden = true;
    frame.classList.toggle('running', now);
  };
  const stop = () => {
    if (!running) return;
    running.abort();
    running = null;
    setRunning(false);
    say('Stopped.');
  };
  /** @param {End} end @param {string} outcome */
  const finish = ({ report, ...judged }, outcome) => {
    clear();
    fresh = true;
    const { error, line, shown, seconds } = report;
    say(error ? `It ended early, after ${spent(seconds)}.` : `Done in ${spent(seconds)}.`);
    show(shown, error ? '' : NOTHING);
    if (error) mark(line);
    said.append(...verdictPanel({ report, ...judged }), ...errorPanel(report, goTo));
    result.append(...curvePanel(report));
    if (outcome) {
      const made = part('div', 'editor-outcome figure');
      made.innerHTML = outcome;
      result.append(made);
    }
    options.onEnd?.({ report, ...judged });
  };
  const run = async () => {
    stop();
    const controller = new AbortController();
    running = controller;
    setRunning(true);
    /** @type {Shown[]} */
    const shown = [];
    /** @type {Progress | null} */
    let last = null;
    const tell = () => {
      if (!last) return;
      if (fresh) clear();
      fresh = false;
      say(howFar(last));
      bar.hidden = last.rounds === null;
      Object.assign(bar, { max: last.rounds ?? 1, value: last.round ?? 0 });
      show(shown, '');
    };
    let timer = setTimeout(() => { tell(); timer = setInterval(tell, TOLD_MS); }, FIRST_TOLD_MS);
    const { exercise } = options, program = area.value;
    try {
      const { end, outcome } = await runProgram({ program, ...(exercise && { exercise }) }, controller.signal, (progress) => {
        last = progress;
        shown.push(...progress.shown);
      });
      setRunning(false);
      running = null;
      finish(end, outcome);
      if (area.value !== program) changed();
    } catch (error) {
      if (controller.signal.aborted) return;
      setRunning(false);
      running = null;
      clear();
      say(error instanceof Error ? error.message : String(error));
    } finally {
      clearTimeout(timer);
      clearInterval(timer);
    }
  };

  /** @param {string} text @param {string} done */
  const copy = async (text, done) => {
    try {
      await navigator.clipboard.writeText(text);
      say(done);
    } catch {  // a frame of another site may not write to the clipboard
      say(text === area.value ? 'Select the program, and copy it with your keyboard.' : text);
    }
  };
  const copyLink = async () => {
    const link = await linkOf(area.value);
    if (link) return copy(link, 'The link has been copied: it opens the page with this program, and runs it.');
    const length = (await packed(area.value)).length;
    say(`This program is too long for a link (${whole(length)} of ${whole(MOST_PACKED)} characters): copy the program itself.`);
  };
  const runButton = button('editor-run', 'Run', run), stopButton = button('quiet', 'Stop', stop);
  const buttons = part('div', 'editor-buttons', runButton, stopButton, extra,
    button('quiet', 'Copy', () => copy(area.value, 'The program has been copied.')), button('quiet', 'Copy link', copyLink));
  const { onClose } = options;
  if (onClose) buttons.append(button('quiet', 'Close', () => { stop(); onClose(); }));

  const root = part('div', 'editor', label, frame, keys, buttons, bar, status, below);
  root.addEventListener('click', async ({ target }) => {
    const form = target instanceof Element && target.closest('button') && target.closest('form.try-vectors');
    const [vectors, predicted] = form ? [form.querySelector('textarea'), form.querySelector('.predicted')] : [];
    if (!(form instanceof HTMLElement) || !vectors || !predicted) return;
    try {
      predicted.innerHTML = await predict(form.dataset.model, vectors.value);
    } catch (error) {
      predicted.replaceChildren(part('p', 'message', error instanceof Error ? error.message : String(error)));
    }
  });
  area.addEventListener('input', changed);
  area.addEventListener('scroll', () => { under.style.translate = `${-area.scrollLeft}px`; });
  bindKeys(area, run);
  new ResizeObserver(() => {
    wide = root.clientWidth >= WIDE;
    root.classList.toggle('wide', wide);
    if (wide) frame.append(beside); else said.after(beside);
    layOut();
  }).observe(root);

  area.value = options.program;
  drawText();
  setRunning(false);
  place.replaceChildren(root);
  if (options.run) run();
  return {
    get program() { return area.value; },
    set program(text) {
      area.value = text;
      changed();
    },
    run,
    stop,
    focus: () => area.focus(),
    root,
    extra,
  };
};
