/**
 * Copies a program when its button is pressed, and turns it into an editor, whose script is fetched then.
 */
const codeOf = () => element.querySelector('.program pre code');
const shownCode = () => codeOf()?.textContent ?? '';

/** @param {string} path */
const codeAddress = (path) => {
  const url = new URL(path, location.origin + location.pathname);
  const key = new URLSearchParams(location.search).get('__sign'); // that a private Space asks for
  if (key) url.searchParams.set('__sign', key);
  return url.href;
};

/** @param {HTMLElement} button */
const copyCode = async (button) => {
  try {
    await navigator.clipboard.writeText(shownCode());
    button.textContent = 'Copied';
  } catch {  // a frame of another site may not write to the clipboard
    const code = codeOf();
    if (code) getSelection()?.selectAllChildren(code);
    button.textContent = 'Selected: copy it with your keyboard';
  }
  setTimeout(() => { button.textContent = 'Copy'; }, 2000);
};

let editing = false;
/** The page's program that the editor has taken, and what was in it when it was closed, if that was another. */
let taken = '';
/** @type {string | null} */
let left = null;
/** @param {HTMLElement} button */
const editCode = async (button) => {
  if (editing) return;
  editing = true;
  button.textContent = 'One moment ...';
  /** @type {typeof import('./editor.js')} */
  const { openEditor } = await import(codeAddress('lab/static/editor.js'));
  // What is in the element is replaced when it is drawn again, and what is written has to stay.
  const place = document.createElement('div');
  element.after(place);
  if (left === null) taken = shownCode();
  const editor = openEditor(place, {
    program: left ?? taken,
    label: 'The program, to be changed',
    onClose: () => {
      editing = false;
      left = editor.program === taken ? null : editor.program;
      redrawn.disconnect();
      place.remove();
      delete element.dataset.editing;
      /** @type {HTMLElement | null} */ (element.querySelector('.program-edit'))?.focus();
    },
  });
  const take = Object.assign(document.createElement('button'), {
    type: 'button', className: 'quiet', hidden: left === null, textContent: 'Take the page\u2019s program',
  });
  take.addEventListener('click', () => {
    editor.replace(taken = shownCode());
    left = null;
    take.hidden = true;
  });
  editor.extra.append(take);
  const redrawn = new MutationObserver(() => { take.hidden = !shownCode() || (shownCode() === taken && left === null); });
  redrawn.observe(element, { childList: true, subtree: true, characterData: true });
  element.dataset.editing = '';
  button.textContent = 'Edit and run';
  editor.focus();
};

element.addEventListener('click', ({ target }) => {
  const button = target instanceof Element && target.closest('.program-copy, .program-edit');
  if (!(button instanceof HTMLElement)) return;
  if (button.matches('.program-copy')) copyCode(button);
  else editCode(button).catch(() => {
    editing = false;
    button.textContent = 'The editor could not be fetched: press again';
  });
});
