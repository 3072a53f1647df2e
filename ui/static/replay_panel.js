/**
 * Plays and scrubs a training. All frames come with the panel, so that scrubbing asks nobody.
 */
const still = matchMedia('(prefers-reduced-motion: reduce)');
/** @type {number | undefined} */
let playing;
/** The panel's parts; they are there once a training has been replayed. */
const stage = () => element.querySelector('.replay-stage');
const now = () => element.querySelector('.replay-now');
const slider = () => /** @type {HTMLInputElement | null} */ (element.querySelector('.replay-slider'));
const play = () => element.querySelector('.replay-play');
/** @param {number} at */
const show = (at) => {
  const frame = element.querySelectorAll('template')[at];
  if (!frame) return;
  const words = frame.dataset.words ?? '';
  stage()?.replaceChildren(frame.content.cloneNode(true));
  now()?.replaceChildren(words);
  slider()?.setAttribute('aria-valuetext', words);
};
const stop = () => {
  clearInterval(playing);
  playing = undefined;
  play()?.replaceChildren('Play');
};
element.addEventListener('input', (event) => {
  const moved = slider();
  if (moved && event.target === moved) { stop(); show(Number(moved.value)); }
});
element.addEventListener('click', (event) => {
  const at = slider();
  if (!at || !(event.target instanceof Element) || !event.target.closest('.replay-play')) return;
  if (playing) return stop();
  if (at.value === at.max) at.value = '0';
  play()?.replaceChildren('Pause');
  playing = setInterval(() => {
    if (!at.isConnected || at.value === at.max) return stop();
    at.value = String(Number(at.value) + 1);
    show(Number(at.value));
  }, still.matches ? 600 : 120);
});
