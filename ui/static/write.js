/** The chapter on writing: the list of exercises, one of them open, and the progress that the browser keeps. */
import { openExercise } from './exercise.js';
import { FILE_NAME, format, keep, kept, keptOf, merge, parse } from './exercise_progress.js';
import { programOfAddress } from './program_link.js';
import { styled } from './sheet.js';

/** @import { Progress } from './exercise_progress.js' */

const CHAPTER = 'write';
const SAVED_MS = 60_000; // no browser takes longer to begin with a file
/** As in ui/components/exercises.py. */
const OWN = 'own';
/**
 * What the server tells: see ui/components/exercises.py.
 * @typedef {object} Told
 * @property {Record<string, [sign: string, words: string]>} states
 * @property {string} ordered
 * @property {Record<string, import('./exercise.js').Told>} exercises
 */

await styled('write');

/** @template {HTMLElement} E @param {ParentNode | null} parent @param {string} selector @param {new () => E} kind */
const own = (parent, selector, kind) => {
  const found = parent?.querySelector(selector);
  if (!(found instanceof kind)) throw new Error(`${selector} is missing`);
  return found;
};

/**
 * Open the exercise that the page's address names, or else the first that is not done.
 * @param {HTMLElement} root
 */
export const openExercises = async (root) => {
  const asked = new URLSearchParams(location.search);
  const here = asked.get('chapter') === CHAPTER;
  const linkedExercise = here ? asked.get('exercise') : null;
  /** @type {Told} */
  const told = await (await fetch(window.labAddress('lab/exercises'))).json();
  /** @type {NodeListOf<HTMLElement>} */
  const heads = root.querySelectorAll('.exercise-head');
  const names = [...heads].map((head) => head.dataset.exercise ?? '');
  const judged = names.filter((name) => name !== OWN);
  /** @param {string} name */
  const opener = (name) => own(root, `#exercise-${name}-head`, HTMLButtonElement);
  /** @param {string} name */
  const section = (name) => own(root, `#exercise-${name}`, HTMLElement);
  const [said, done] = [own(root, '.exercises-said', HTMLElement), own(root, '.exercises-done', HTMLElement)];
  /** @type {Map<string, ReturnType<typeof openExercise>>} */
  const open = new Map();
  /** @type {string} */
  let shown = '';

  const tell = () => {
    const progress = kept();
    for (const name of judged) {
      const state = progress[name]?.state ?? 'new';
      const [sign, words] = told.states[state];
      const head = opener(name);
      head.dataset.state = state;
      own(head, '[aria-hidden]', HTMLElement).textContent = sign;
      own(head, '.exercise-state', HTMLElement).textContent = words;
    }
    const count = judged.filter((name) => progress[name]?.state === 'done').length;
    const text = `${count} of ${judged.length} done`;
    if (done.textContent !== text) done.textContent = text;
  };
  const tellAddress = () => {
    const text = new URLSearchParams(location.search).get('program');
    const linked = shown === OWN && text && open.get(OWN)?.linked;
    window.labLink(CHAPTER, 'exercise', linked ? { program: text } : { exercise: shown });
  };

  /** @param {string} name */
  const show = (name) => {
    const head = opener(name);
    const before = head.getBoundingClientRect().top;
    shown = name;
    for (const each of names) {
      section(each).hidden = each !== name;
      opener(each).ariaExpanded = String(each === name);
      opener(each).ariaDisabled = String(each === name); // it cannot be closed, only another be opened
    }
    if (!open.has(name)) {
      const place = own(section(name), '.exercise-place', HTMLElement);
      const title = own(head, 'b', HTMLElement).textContent ?? '';
      const following = name === OWN ? undefined : judged[judged.indexOf(name) + 1];
      open.set(name, openExercise(place, {
        name, title, told: told.exercises[name], ordered: told.ordered, judged: name !== OWN,
        linked: name === OWN ? program : null,
        changed: () => { tell(); tellAddress(); },
        next: following ? () => { show(following); opener(following).focus(); } : null,
      }));
      if (name === OWN) program = null;
    }
    tellAddress();
    scrollBy(0, head.getBoundingClientRect().top - before); // what was pressed stays where it was
  };

  /** @param {string} words @param {() => void} [undo] */
  const say = (words, undo) => {
    said.replaceChildren(words);
    if (!undo) return;
    const button = Object.assign(document.createElement('button'), { type: 'button', className: 'quiet', textContent: 'Undo' });
    button.addEventListener('click', () => {
      undo();
      said.querySelector('button')?.focus();
    });
    said.append(' ', button);
  };
  const keepAll = () => { for (const each of open.values()) each.keep(); };
  /** Have another progress, and offer the one before. @param {(before: Progress) => Progress} change @param {string} words */
  const exchange = (change, words) => {
    keepAll();
    const before = kept();
    keep(change(before));
    for (const each of open.values()) each.close();
    open.clear();
    tell();
    show(shown);
    say(words, () => exchange(() => before, 'It is as it was.'));
  };

  /** @type {Record<string, () => void>} */
  const actions = {
    save: () => {
      keepAll();
      const href = URL.createObjectURL(new Blob([format(kept())], { type: 'application/json' }));
      Object.assign(document.createElement('a'), { href, download: FILE_NAME }).click();
      setTimeout(() => URL.revokeObjectURL(href), SAVED_MS);
      say(`${FILE_NAME} has been saved.`);
    },
    load: () => {
      const input = Object.assign(document.createElement('input'), { type: 'file', accept: '.json,application/json' });
      input.addEventListener('change', async () => {
        const file = input.files?.[0];
        const brought = file && parse(await file.text());
        if (!file) return;
        if (!brought) return say(`${file.name} was not saved by this page. Nothing has changed.`);
        exchange((before) => merge(before, brought), `${file.name} has been loaded.`);
      });
      input.click();
    },
    forget: () => exchange(() => ({}), 'All is forgotten.'),
  };
  root.addEventListener('click', ({ target }) => {
    const button = target instanceof Element && target.closest('button');
    if (!(button instanceof HTMLElement)) return;
    if (button.dataset.kept) return actions[button.dataset.kept]();
    const head = button.closest('.exercise-head');
    if (head instanceof HTMLElement && head.dataset.exercise !== shown) show(head.dataset.exercise ?? '');
  });
  addEventListener('pagehide', keepAll);
  document.addEventListener('visibilitychange', keepAll);

  /** @type {string | null} */
  let program = null;
  try {
    program = here ? await programOfAddress() : null;
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
  }
  own(root, '.exercises', HTMLElement).hidden = false;
  tell();
  const first = judged.find((name) => keptOf(name).state !== 'done') ?? OWN;
  const known = linkedExercise !== null && names.includes(linkedExercise);
  show(program !== null ? OWN : known ? linkedExercise : first);
  if (linkedExercise !== null && !known) say(`There is no exercise ${linkedExercise}.`);
};
