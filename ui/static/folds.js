/**
 * Keeps the folds of a figure open, or closed, when it is drawn again.
 */
/** @type {Set<string | null>} */
const opened = new Set();
/** @param {HTMLDetailsElement} fold */
const titleOf = (fold) => fold.querySelector('summary')?.textContent ?? null;

element.addEventListener('toggle', ({ target }) => {
  if (!(target instanceof HTMLDetailsElement) || !target.isConnected) return;
  opened[target.open ? 'add' : 'delete'](titleOf(target));
}, true); // a toggle does not bubble

new MutationObserver(() => {
  /** @type {NodeListOf<HTMLDetailsElement>} */
  const folds = element.querySelectorAll('details.fold');
  for (const fold of folds) fold.open ||= opened.has(titleOf(fold));
}).observe(element, { childList: true, subtree: true });
