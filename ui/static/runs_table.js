/**
 * What the buttons and fields of the table of runs do. The table is drawn afresh after everything that is
 * done to it, so the focus is put back on what had it.
 */
let focused = null;
const act = (control, value) => {
  const { action, model } = control.dataset;
  focused = control.dataset.key;
  trigger('submit', { action, model: model ?? null, value: value ?? null });
};
element.addEventListener('click', (event) => {
  const button = event.target.closest('button[data-action]');
  if (button) act(button, button.value);
});
element.addEventListener('change', (event) => {
  const control = event.target.closest('input[data-action], select[data-action]');
  if (control) act(control, control.type === 'checkbox' ? String(control.checked) : control.value);
});
watch('value', () => requestAnimationFrame(() => {
  // What was refused is not so, even where it left the markup as it was.
  for (const control of element.querySelectorAll('input[data-action]')) {
    control.checked = control.defaultChecked;
    if (control !== document.activeElement) control.value = control.defaultValue;
  }
  if (focused && !element.contains(document.activeElement))
    element.querySelector(`[data-key="${focused}"]`)?.focus({ preventScroll: true });
}));
