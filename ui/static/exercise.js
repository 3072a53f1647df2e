/** One exercise while it is worked at: its editor, its board if there are lines to order, its hints and its solution. */
import { openEditor } from './editor.js';
import { change, keptOf } from './exercise_progress.js';
import { openBoard } from './parsons.js';
import { styled } from './sheet.js';

/**
 * @typedef {object} Told What the server tells of an exercise: see ui/components/exercises.py.
 * @property {string} start
 * @property {string[]} lines
 * @property {string[]} hints As HTML.
 * @property {string | null} solution
 */
/**
 * @typedef {object} Asked
 * @property {string} name
 * @property {string} title
 * @property {Told} told
 * @property {string} ordered The line that stands where the lines to order belong.
 * @property {boolean} judged
 * @property {string | null} linked A program to begin with, and to run, in place of what was kept.
 * @property {() => void} changed Called when something was changed that is kept.
 * @property {(() => void) | null} next Goes to the next exercise.
 * @property {string[]} [afterTry] What the hints are called, where there are none before a try.
 */

const PAUSE_MS = 400; // between a key and its being kept

await styled('exercise');

/** @param {string} kind @param {string} words @param {() => void} press */
const button = (kind, words, press) => {
  const made = Object.assign(document.createElement('button'), { type: 'button', className: kind, textContent: words });
  made.addEventListener('click', press);
  return made;
};
/** @template {keyof HTMLElementTagNameMap} K @param {K} kind @param {string} name @returns {HTMLElementTagNameMap[K]} */
const part = (kind, name) => Object.assign(document.createElement(kind), { className: name });

/** @param {HTMLElement} place To be filled. @param {Asked} asked */
export const openExercise = (place, { name, title, told, ordered, judged, linked, changed, next, afterTry }) => {
  const { hints, solution } = told;
  const kept = keptOf(name);
  const [boardPlace, editorPlace] = [part('div', 'exercise-board'), part('div', 'exercise-editor')];
  boardPlace.id = `exercise-${name}-board`;
  const board = told.lines.length ? openBoard(boardPlace, { ...told, ordered }, () => put(board?.program ?? '')) : null;
  const begin = board?.program ?? told.start;
  if (kept.program !== undefined) board?.show(kept.program);
  const program = linked ?? board?.program ?? kept.program ?? begin;
  place.append(...board ? [boardPlace] : [], editorPlace);
  const editor = openEditor(editorPlace, {
    program, label: title, fixed: board !== null, run: linked !== null, ...(judged && { exercise: name }),
    onEnd: ({ passed }) => {
      keep();
      if (passed === null || passed === undefined) return;
      change(name, { state: passed ? 'done' : 'tried' });
      const verdict = editor.root.querySelector('.editor-verdict');
      if (passed && next) verdict?.append(button('exercise-next', 'Next exercise →', next));
      verdict?.scrollIntoView({ block: 'nearest' });
      show();
      changed();
    },
  });

  /** What was in the editor before something else took its place. @type {string | null} */
  let had = linked !== null && kept.program !== linked ? kept.program ?? null : null;
  /** What was in the editor when that was kept last, or when it was opened: another tab may have kept more since. */
  let last = program;
  const keep = () => {
    clearTimeout(timer);
    const now = editor.program;
    if (now === last) return;
    last = now;
    linked = null;
    change(name, { program: now === begin ? undefined : now });
    changed();
  };
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @param {string} text */
  const put = (text) => {
    editor.program = text;
    keep();
  };
  /** @param {string} text */
  const replace = (text) => {
    const now = editor.program;
    if (now !== text) had = now;
    board?.show(text);
    put(text);
    show();
  };

  const hint = button('quiet', '', () => {
    change(name, { hints: Math.min(hints.length, keptOf(name).hints + 1) });
    show();
  });
  const solve = button('quiet', '', () => {
    solved.hidden = !solved.hidden;
    code.textContent = solution;
    show();
  });
  const again = button('quiet', 'Start again', () => replace(begin));
  const undo = button('quiet', 'Undo', () => {
    if (had !== null) replace(had);
    had = null;
    show();
    again.focus();
  });

  const taken = part('ol', 'exercise-hints');
  taken.setAttribute('aria-live', 'polite');
  taken.setAttribute('aria-label', 'Hints');
  const solved = part('div', 'exercise-solution panel');
  solved.hidden = true;
  const code = Object.assign(document.createElement('pre'), { tabIndex: 0, ariaLabel: 'A solution' });
  solved.append(code, button('quiet', 'Take it into the editor', () => {
    solved.hidden = true;
    replace(solution ?? '');
    solve.focus();
  }));

  const show = () => {
    const { state, hints: count } = keptOf(name);
    const late = afterTry && state === 'new';
    const called = afterTry?.[count] ?? `Hint ${count + 1} of ${hints.length}`;
    hint.textContent = count < hints.length ? `${called}${late ? ', after a try' : ''}` : 'No more hints';
    hint.disabled = late || count >= hints.length;
    for (const each of hints.slice(taken.children.length, count)) {
      const item = document.createElement('li');
      item.innerHTML = each;
      taken.append(item);
    }
    solve.disabled = state === 'new';
    solve.textContent = state === 'new' ? 'Solution, after a try' : 'Solution';
    solve.ariaExpanded = String(!solved.hidden);
    undo.hidden = had === null || had === editor.program;
  };
  editor.extra.append(...judged ? [hint, solve] : [], again, undo);
  editor.extra.parentElement?.after(taken, solved);
  show();
  place.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(keep, PAUSE_MS);
  });

  return {
    /** Keep what is in the editor. */
    keep,
    /** Whether it still shows the program that the page's address tells. */
    get linked() { return linked !== null; },
    /** End what runs, and leave the place empty. */
    close: () => {
      clearTimeout(timer);
      editor.stop();
      place.replaceChildren();
    },
  };
};
