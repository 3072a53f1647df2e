/**
 * Copies a program when its button is pressed, and turns it into an editor, whose script is fetched then.
 */
/** @param {HTMLElement} button */
const copyCode = async (button) => {
  const code = button.closest('.program')?.querySelector('pre code');
  try {
    await navigator.clipboard.writeText(code?.textContent ?? '');
    button.textContent = 'Copied';
  } catch {  // a frame of another site may not write to the clipboard
    if (code) getSelection()?.selectAllChildren(code);
    button.textContent = 'Selected: copy it with your keyboard';
  }
  setTimeout(() => { button.textContent = 'Copy'; }, 2000);
};

/** @param {HTMLElement} button */
const editCode = async (button) => {
  button.textContent = 'One moment ...';
  try {
    /** @type {typeof import('./program_editor.js')} */
    const module = await import(window.labAddress('lab/static/program_editor.js').href);
    button.textContent = 'Edit and run';
    module.editCode(element);
  } catch {
    button.textContent = 'The editor could not be fetched: press again';
  }
};

element.addEventListener('click', ({ target }) => {
  const button = target instanceof Element && target.closest('.program-copy, .program-edit');
  if (button instanceof HTMLElement) (button.matches('.program-copy') ? copyCode : editCode)(button);
});
