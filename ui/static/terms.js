/**
 * Shows what a special word means, beside the word: under the pointer, with the keyboard's focus, and when
 * tapped. Escape closes it. The sentence is a popover, above everything else, so nothing is clipped or moved.
 */
const GAP = 8;
/** @type {HTMLElement | null} */
let word = null;
/** @type {HTMLElement | null} */
let sentence = null;

const hide = () => {
  if (sentence?.matches(':popover-open')) sentence.hidePopover();
  word = sentence = null;
};
/** @param {HTMLElement} asked */
const show = (asked) => {
  if (asked === word) return;
  hide();
  const id = [...asked.classList].find((name) => name.startsWith('term-')) ?? '';
  const found = document.getElementById(id);
  if (!found) return;
  asked.setAttribute('aria-describedby', id); // a text in Markdown has lost it
  [word, sentence] = [asked, found];
  found.showPopover();
  place();
};
const place = () => {
  if (!word?.isConnected || !sentence) return hide();
  const at = word.getBoundingClientRect();
  const { width, height } = sentence.getBoundingClientRect();
  const { clientWidth, clientHeight } = document.documentElement;
  const left = Math.min(at.left + at.width / 2 - width / 2, clientWidth - width - GAP);
  const below = at.bottom + height <= clientHeight;
  sentence.style.left = `${Math.max(GAP, left)}px`;
  sentence.style.top = `${Math.max(0, below ? at.bottom : at.top - height)}px`;
};
/** @param {EventTarget | null} target @returns {HTMLElement | null} */
const wordAt = (target) => (target instanceof Element ? target.closest('.term') : null);

// The pointer may go from the word to its sentence, which touches it, to read on or to copy.
document.addEventListener('pointerover', ({ target }) => {
  const asked = wordAt(target);
  if (asked) show(asked);
  else if (word && word !== document.activeElement && target !== sentence) hide();
});
document.addEventListener('focusin', ({ target }) => {
  const asked = wordAt(target);
  if (asked) show(asked);
  else hide();
});
document.addEventListener('click', ({ target }) => {
  const asked = wordAt(target);
  if (asked) show(asked);
  else if (target !== sentence) hide();
});
document.addEventListener('keydown', ({ key }) => { if (key === 'Escape') hide(); });
document.addEventListener('scroll', place, true);
addEventListener('resize', place);
