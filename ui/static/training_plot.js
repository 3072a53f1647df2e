/**
 * The loss curve of a bench: of what the server has trained, or, while a slider moves, of what the page does, once
 * trainer.js has been fetched.
 */
/** @typedef {import('./work').Shown} Shown */
/** @template {HTMLElement} E @param {ParentNode | null} parent @param {string} selector @param {new () => E} kind */
const part = (parent, selector, kind) => {
  const found = parent?.querySelector(selector);
  if (!(found instanceof kind)) throw new Error(`${selector} is missing`);
  return found;
};
const bench = element.closest('.bench');
const run = element.closest('.run');
if (!(bench instanceof HTMLElement) || !(run instanceof HTMLElement)) throw new Error('the plot is in no bench');
const plot = window.labLossPlot(element);
/** @type {Record<string, string>} */
const sliders = JSON.parse(part(element, '[data-sliders]', HTMLElement).dataset.sliders ?? '');
/** @returns {Shown} */
const shown = () => props.value;
const where = part(element, '.plot-where', HTMLElement);
const SERVER = 'Computed on the server.';

/** @type {Curve | null} */
let present = null;
/** @type {Curve | null} */
let before = null;
/**
 * A training that goes on, or is trained on, is the same one: its curve begins as it did.
 * @param {Curve} one @param {Curve} other
 */
const same = (one, other) => one.step.every((step, index) => index >= other.step.length
  || (step === other.step[index] && one.loss[index] === other.loss[index]));
/**
 * Over the curve of the training before: where a slider moves, that is the one from where it began.
 * @param {Curve | null} curve @param {boolean} begins
 */
const draw = (curve, begins) => {
  if (curve?.step.length) {
    if (begins && present && !same(present, curve)) before = present;
    present = curve;
  }
  plot.draw(curve, before);
};

/** @typedef {ReturnType<typeof import('./trainer.js').trainer>} Trainer */
/** @type {Trainer | undefined} */
let trainer;
let asked = false;
const touched = async () => {
  trainer?.prepare();
  if (asked || !shown().hand) return;
  asked = true;
  try {
    /** @type {typeof import('./trainer.js')} */
    const module = await import(window.labAddress('lab/static/trainer.js').href);
    trainer = module.trainer({
      element: bench, run, sliders, shown, draw,
      status: part(element, '.page-status', HTMLElement),
      where, server: SERVER,
      predictions: document.getElementById(part(element, '[data-answers]', HTMLElement).dataset.answers ?? ''),
    });
  } catch { // the server trains, as it does where there are no workers; the next touch tries again
    asked = false;
  }
};

/** @param {EventTarget | null} target */
const moves = (target) => target instanceof Element && Object.keys(sliders).some((id) => target.closest(`#${id}`));
for (const touch of ['pointerdown', 'focusin'])
  bench.addEventListener(touch, ({ target }) => { if (moves(target)) touched(); });
bench.addEventListener('labmove', (event) => {
  if (!(event instanceof CustomEvent) || !moves(event.target)) return;
  if (!trainer) touched();
  else if (trainer.move(event.detail)) event.preventDefault();
});
bench.addEventListener('labrest', () => trainer?.rest());
// What else is set or pressed changes what a move trains: the server says so with its next answer.
for (const change of ['input', 'change', 'click', 'keydown']) bench.addEventListener(change, ({ target }) => {
  const control = target instanceof Element && target.closest('.controls, .run-status');
  const pressed = target instanceof Element && target.closest('button:not(.label-wrap), input, textarea, [role=option]');
  if (control && pressed && !moves(target)) trainer?.touch();
}, true);

const drawShown = () => draw(shown().curve, true);
const drawServers = () => {
  drawShown();
  where.textContent = shown().curve ? SERVER : '';
};
watch('value', () => {
  if (!trainer) drawServers();
  else if (trainer.answered()) drawShown();
});
drawServers();
