/**
 * Plays and scrubs a training. All frames come with the panel, so that scrubbing asks nobody.
 */
const still = matchMedia('(prefers-reduced-motion: reduce)');
let playing = null;
const part = (name) => element.querySelector('.replay-' + name);
const show = (at) => {
  const frame = element.querySelectorAll('template')[at];
  if (!frame) return;
  part('stage').replaceChildren(frame.content.cloneNode(true));
  part('now').textContent = frame.dataset.words;
  part('slider').setAttribute('aria-valuetext', frame.dataset.words);
};
const stop = () => {
  clearInterval(playing);
  playing = null;
  if (part('play')) part('play').textContent = 'Play';
};
element.addEventListener('input', (event) => {
  if (event.target.matches('.replay-slider')) { stop(); show(event.target.value); }
});
element.addEventListener('click', (event) => {
  if (!event.target.closest('.replay-play')) return;
  if (playing) return stop();
  const slider = part('slider');
  if (slider.value === slider.max) slider.value = 0;
  part('play').textContent = 'Pause';
  playing = setInterval(() => {
    if (!slider.isConnected || slider.value === slider.max) return stop();
    slider.value = Number(slider.value) + 1;
    show(slider.value);
  }, still.matches ? 600 : 120);
});
