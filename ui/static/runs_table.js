/**
 * What the buttons and fields of the table of runs do. The table is drawn afresh after everything that is
 * done to it, so the focus is put back on what had it.
 */
/** @typedef {HTMLButtonElement | HTMLInputElement | HTMLSelectElement} Control */
/** @type {string | undefined} */
let focused;
/** @param {Control} control @param {string} value */
const act = (control, value) => {
  const { action, key, models } = control.dataset;
  focused = key;
  trigger('submit', { action, models: models ? models.split(' ') : [], value });
};
element.addEventListener('click', (event) => {
  const button = event.target instanceof Element && event.target.closest('button[data-action]');
  if (button instanceof HTMLButtonElement) act(button, button.value);
});
element.addEventListener('change', (event) => {
  const control = event.target;
  if (control instanceof HTMLInputElement && control.dataset.action)
    act(control, control.type === 'checkbox' ? String(control.checked) : control.value);
  if (control instanceof HTMLSelectElement && control.dataset.action) act(control, control.value);
});
watch('value', () => requestAnimationFrame(() => {
  // What was refused is not so, even where it left the markup as it was.
  /** @type {NodeListOf<HTMLInputElement>} */
  const fields = element.querySelectorAll('input[data-action]');
  for (const control of fields) {
    control.checked = control.defaultChecked;
    if (control !== document.activeElement) control.value = control.defaultValue;
  }
  if (!focused || document.activeElement !== document.body) return;
  // What was deleted is gone, and so is its button: the one that brings it back is next, or else the order.
  const next = [focused, 'restore', 'order'].map((key) => element.querySelector(`[data-key="${key}"]`)).find(Boolean);
  /** @type {HTMLElement | undefined} */ (next)?.focus({ preventScroll: true });
}));
