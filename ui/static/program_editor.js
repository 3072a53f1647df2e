/** An editor in the place of a program that a figure shows. Fetched when the first one is opened (program.js). */
import { openEditor } from './editor.js';

/**
 * The page's program that an editor took, and what was in it when it was closed, where that was another; by figure.
 * @type {WeakMap<HTMLElement, { taken: string, program: string }>}
 */
const kept = new WeakMap();

/** Edit the program that the figure shows. @param {HTMLElement} figure */
export const editCode = (figure) => {
  if (figure.dataset.editing !== undefined) return;
  figure.dataset.editing = '';
  const shown = () => figure.querySelector('.program pre code')?.textContent ?? '';
  let left = kept.get(figure);
  let taken = left?.taken ?? shown();
  // What is in the figure is replaced when it is drawn again, and what is written has to stay.
  const place = document.createElement('div');
  figure.after(place);
  const editor = openEditor(place, {
    program: left?.program ?? taken,
    label: 'The program, to be changed',
    onClose: () => {
      redrawn.disconnect();
      if (editor.program === taken) kept.delete(figure);
      else kept.set(figure, { taken, program: editor.program });
      place.remove();
      delete figure.dataset.editing;
      /** @type {HTMLElement | null} */ (figure.querySelector('.program-edit'))?.focus();
    },
  });
  const take = Object.assign(document.createElement('button'), {
    type: 'button', className: 'quiet', textContent: 'Take the page\u2019s program',
  });
  const offer = () => { take.hidden = !shown() || (shown() === taken && !left); };
  take.addEventListener('click', () => {
    editor.replace(taken = shown());
    left = undefined;
    offer();
  });
  editor.extra.append(take);
  const redrawn = new MutationObserver(offer);
  redrawn.observe(figure, { childList: true, subtree: true, characterData: true });
  offer();
  editor.focus();
};
