/** A program that can be written and run on the page. Fetched when the first one is opened (program_editor.js, exercise.js). */
import { bindKeys, replace } from './editor_keys.js';
import { curvePanel, errorPanel, verdictPanel } from './editor_output.js';
import { button, part } from './editor_parts.js';
import { predict, run as runProgram } from './editor_run.js';
import { openText } from './editor_text.js';
import { MOST_PACKED, linkOf, packed } from './program_link.js';
import { styled } from './sheet.js';

/** @import { Editor, Ended, Options, Progress, Shown } from './written' */

const WIDE = 640; // CSS pixels of the editor from which on there is room beside the text
const FIRST_TOLD_MS = 400; // what takes less says only how it ended
const TOLD_MS = 1000;
const RUNS = 'Ctrl+Enter runs.';
const KEYS = `${RUNS} Tab indents; to leave, press Esc, then Tab.`;
const NOTHING = 'Nothing was shown: print(...) something, or end with a line that holds just a name.';
const CHANGED = 'Changed since it ran.';

await styled('editor');
let editors = 0;

/** @param {number} number */
const whole = (number) => number.toLocaleString('en-US');
/** @param {number} seconds */
const spent = (seconds) => (seconds < 0.005 ? 'less than 0.01 s' : `${seconds.toFixed(seconds < 10 ? 2 : 0)} s`);
/** @param {unknown} failure */
const sentence = (failure) => (failure instanceof Error ? failure.message : String(failure));
/** @param {Progress} progress */
const howFar = ({ waiting, round, rounds }) => {
  if (waiting) return 'Waiting for its turn.';
  if (round === null) return 'Running.';
  return `Running: round ${whole(round)}${rounds === null ? '' : ` of ${whole(rounds)}`}.`;
};

/** Answer the boxes for vectors that a program's outcome holds. @param {Event} event */
const answerVectors = async ({ target }) => {
  const form = target instanceof Element && target.closest('button') && target.closest('.try-vectors');
  const [vectors, predicted] = form ? [form.querySelector('textarea'), form.querySelector('.predicted')] : [];
  if (!(form instanceof HTMLElement) || !vectors || !predicted) return;
  try {
    predicted.innerHTML = await predict(form.dataset.model, vectors.value);
  } catch (failure) {
    predicted.replaceChildren(part('p', 'message', sentence(failure)));
  }
};

/**
 * An editor in `place`, which it fills.
 * @param {HTMLElement} place @param {Options} options @returns {Editor}
 */
export const openEditor = (place, { program, label, exercise, fixed = false, run: atOnce, onEnd, onClose }) => {
  const id = `editor-${++editors}`;
  const keys = part('p', 'editor-keys', fixed ? RUNS : KEYS), status = part('p', 'editor-status'), bar = part('progress', '');
  const verdict = part('div', ''), error = part('div', '');
  const said = part('div', 'editor-said', verdict, error), result = part('div', 'editor-result');
  const below = part('div', 'editor-below', said, result), extra = part('div', 'editor-extra');
  Object.assign(keys, { id: `${id}-keys` });
  Object.assign(error, { id: `${id}-error` });
  status.role = said.role = 'status';
  bar.ariaLabel = 'Rounds';
  const text = openText(id, label, [keys.id, error.id]);
  const { area, frame, beside } = text;

  /** @type {AbortController | null} */
  let running = null;
  /** Whether what is shown is of the program as it stands. */
  let fresh = false;

  /** @param {string} words */
  const say = (words) => { if (status.textContent !== words) status.textContent = words; };
  const clear = () => {
    text.mark(null);
    for (const each of [verdict, error, result]) each.replaceChildren();
  };
  const changed = () => {
    text.draw();
    if (!fresh) return;
    fresh = false;
    text.mark(null); // it may be another line by now
    if (!running) say(CHANGED);
  };

  /** @param {AbortController | null} controller Of the program that runs now, if one does. */
  const setRunning = (controller) => {
    running = controller;
    if (!running && document.activeElement === stopButton) runButton.focus();
    stopButton.disabled = !running;
    bar.hidden = true;
    text.point(null);
  };
  const stop = () => {
    if (!running) return;
    running.abort();
    setRunning(null);
    say('Stopped.');
  };
  /** @param {Ended} ended */
  const finish = ({ end, curve, outcome }) => {
    const { error: raised, line, shown, seconds } = end.report;
    clear();
    fresh = true;
    say(raised ? `It ended early, after ${spent(seconds)}.` : `Done in ${spent(seconds)}.`);
    text.show(shown, raised ? '' : NOTHING);
    if (raised) text.mark(line);
    verdict.append(...verdictPanel(end));
    error.append(...errorPanel(end.report, text.goTo));
    result.append(...curvePanel(end.report, curve));
    if (outcome) {
      const made = part('div', 'editor-outcome figure');
      made.innerHTML = outcome;
      result.append(made);
    }
    onEnd?.(end);
  };
  const run = async () => {
    stop();
    const controller = new AbortController(), asked = { program: area.value, ...(exercise && { exercise }) };
    setRunning(controller);
    /** @type {Shown[]} */
    const shown = [];
    /** @type {Progress | null} */
    let last = null;
    const tell = () => {
      if (!last) return;
      if (fresh) clear();
      fresh = false;
      say(howFar(last));
      text.point(last.line);
      bar.hidden = last.rounds === null;
      Object.assign(bar, { max: last.rounds ?? 1, value: last.round ?? 0 });
      text.show(shown, '');
    };
    let timer = setTimeout(() => { tell(); timer = setInterval(tell, TOLD_MS); }, FIRST_TOLD_MS);
    try {
      const ended = await runProgram(asked, controller.signal, (progress) => {
        last = progress;
        shown.push(...progress.shown);
      });
      setRunning(null);
      finish(ended);
      if (area.value !== asked.program) changed();
    } catch (failure) {
      if (controller.signal.aborted) return;
      setRunning(null);
      clear();
      say(sentence(failure));
    } finally {
      clearTimeout(timer); // or the interval that it has become
    }
  };

  /** @param {string} what @param {string} done @param {string} otherwise */
  const copy = async (what, done, otherwise) => {
    try {
      await navigator.clipboard.writeText(what);
      say(done);
    } catch {  // a frame of another site may not write to the clipboard
      say(otherwise);
    }
  };
  const copyProgram = () => {
    area.select();
    copy(area.value, 'The program has been copied.', 'The program is selected: copy it with your keyboard.');
  };
  const copyLink = async () => {
    const link = await linkOf(area.value);
    if (link) return copy(link, 'The link has been copied. Whoever opens it sees this program run.', link);
    const length = (await packed(area.value)).length;
    say(`It is too long for a link (${whole(length)} of ${whole(MOST_PACKED)} characters): copy the program itself.`);
  };

  const runButton = button('editor-run', exercise ? 'Run and check' : 'Run', run), stopButton = button('quiet', 'Stop', stop);
  const buttons = part('div', 'editor-buttons', runButton, stopButton, extra,
    button('quiet', 'Copy', copyProgram), button('quiet', 'Copy link', copyLink));
  if (onClose) buttons.append(button('quiet', 'Close', () => { stop(); onClose(); }));
  const written = [frame, keys], ran = [buttons, bar, status];
  // What is written elsewhere is run from there.
  const root = part('div', 'editor', ...(fixed ? [...ran, ...written] : [...written, ...ran]), below);
  root.addEventListener('click', answerVectors);
  area.addEventListener('input', changed);
  bindKeys(area, run);
  new ResizeObserver(() => {
    const wide = root.clientWidth >= WIDE;
    root.classList.toggle('wide', wide);
    if (wide && !frame.contains(beside)) frame.append(beside);
    if (!wide && frame.contains(beside)) said.after(beside);
    text.layOut();
  }).observe(root);

  area.value = program;
  area.readOnly = fixed;
  area.setSelectionRange(0, 0);
  text.draw();
  setRunning(null);
  place.replaceChildren(root);
  if (atOnce) run();
  return {
    get program() { return area.value; },
    set program(program) {
      area.value = program;
      changed();
    },
    replace: (program) => replace(area, program),
    run,
    stop,
    focus: () => area.focus(),
    root,
    extra,
  };
};
