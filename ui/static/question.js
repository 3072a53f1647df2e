/**
 * A question to predict the answer of. Run waits for a choice that has not been run yet. The panel is drawn
 * afresh with the verdict: the focus is put back, and the verdict is put in once more, for what is new on the
 * page is not read out, only what changes.
 */
let asked = false;
const run = () => /** @type {HTMLButtonElement | null} */ (element.querySelector('.question-run'));
const chosen = () => /** @type {HTMLInputElement | null} */ (element.querySelector('input:checked'));
const reply = () => element.querySelector('.reply');
element.addEventListener('change', () => {
  const button = run();
  if (button) button.disabled = false;
});
element.addEventListener('click', (event) => {
  const choice = chosen();
  if (!choice || !(event.target instanceof Element) || event.target !== run()) return;
  asked = true;
  trigger('submit', { choice: Number(choice.value) });
});
watch('value', () => requestAnimationFrame(() => {
  if (!asked) return;
  asked = false;
  chosen()?.focus({ preventScroll: true });
  const status = reply();
  const words = [...(status?.childNodes ?? [])];
  status?.replaceChildren();
  requestAnimationFrame(() => status?.replaceChildren(...words));
}));
