/** A program that is right, until it is broken: then an editor stands in its place, whose script is fetched now. */

const WHY = ['Why?', 'What repairs it?'];

/** @param {HTMLElement} button */
const breakIt = async (button) => {
  button.textContent = 'One moment ...';
  const panel = button.closest('.mistake');
  /** @type {typeof import('./exercise.js')} */
  const { openExercise } = await import(window.labAddress('lab/static/exercise.js').href);
  const [right, place] = ['.program', '.mistake-place'].map((part) => panel?.querySelector(part));
  if (!panel?.isConnected || !(panel instanceof HTMLElement)) return; // another mistake has been chosen meanwhile
  if (!(right instanceof HTMLElement) || !(place instanceof HTMLElement)) throw new Error('The panel has no place.');
  const { name = '', title = '', told = '' } = panel.dataset;
  const exercise = openExercise(place, {
    name, title, told: JSON.parse(told), ordered: '', judged: true, linked: null, changed: () => {}, next: null, afterTry: WHY,
  });
  right.remove();
  place.querySelector('textarea')?.focus();
  const left = new MutationObserver(() => {
    if (panel.isConnected) return;
    left.disconnect();
    exercise.keep();
    exercise.close();
  });
  left.observe(element, { childList: true });
};

element.addEventListener('click', ({ target }) => {
  const button = target instanceof Element && target.closest('.mistake-break');
  if (!(button instanceof HTMLElement)) return;
  breakIt(button).catch(() => { button.textContent = 'The editor could not be fetched: press again'; });
});
