/**
 * Asks the server for nothing: answers that gradio's client has stopped listening for come along with it. So do
 * those to a button, some time after the last press.
 */
const LOST_MS = 3000; // as in address.js
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
window.labWake = () => trigger('submit');
document.addEventListener('click', ({ target }) => {
  if (!(target instanceof Element) || !target.closest('[role=tabpanel] button')) return;
  clearTimeout(timer);
  timer = setTimeout(() => window.labWake?.(), LOST_MS);
});
