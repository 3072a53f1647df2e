/**
 * Keeps the folds of a figure as they were opened when it is drawn again, which closes them.
 */
/** @type {Set<string | null>} */
const opened = new Set();
/** @param {Element} fold */
const titleOf = (fold) => fold.querySelector('summary')?.textContent ?? null;

element.addEventListener('click', ({ target }) => { // by hand; a key on a summary is a click, too
  const summary = target instanceof Element && target.closest('summary');
  const fold = summary && summary.closest('details');
  if (fold) opened[fold.open ? 'delete' : 'add'](titleOf(fold));
});

new MutationObserver(() => {
  /** @type {NodeListOf<HTMLDetailsElement>} */
  const folds = element.querySelectorAll('details.fold');
  for (const fold of folds) fold.open ||= opened.has(titleOf(fold));
}).observe(element, { attributes: true, attributeFilter: ['open'], childList: true, subtree: true });
