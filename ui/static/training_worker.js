/**
 * Trains beside the page, so that no training keeps it from moving: the last one that is asked for wins.
 *
 * Told to `prepare` a description and its kernels, it says `ready`, or `unable`. Told to `train`, it answers with what
 * the training came to, with `slow` where it would take too long, or with `unknown` where it has not been told enough;
 * and not at all once another one is asked for.
 */
import { load } from './kernel.js';
import { named, packed, read } from './packing.js';

/**
 * @import { Kernels, Live, Point, Prepare, ToPage, Told, Train, Work } from './work'
 * @typedef {ReturnType<Kernels['losses']>} Losses
 */

/** A training that would take longer stays with the server. */
const LIMIT_MS = 1000;
/** Between two looks at whether something else is asked for. */
const TURN_MS = 8;
/** What takes less is brought to its end, or a hand that never rests would never see a curve. */
const WORTH_MS = 100;
/** What little time tells is not believed: a browser compiles what is new to it, and something else may be at work. */
const TELLING_MS = 40;
const FIRST_STEPS = 100;
const MAX_GROWTH = 8;
const WARM_UP_STEPS = 3000;

/** @type {{ of: string, told: Told, work: Work, kernels: Kernels } | undefined} */
let prepared;
/** What is being prepared, or has been. */
let wanted = '';
/** How many steps of it fill a turn, as far as that is known. */
let stepsPerTurn = FIRST_STEPS;
/** What has been asked for while another training is under way, and not yet been begun. @type {Train | undefined} */
let next;
let busy = false;

/** @param {ToPage} message */
const say = (message) => postMessage(message);

const channel = new MessageChannel();
/** Let messages in. @returns {Promise<void>} */
const turn = () => new Promise((resolve) => {
  channel.port1.onmessage = () => resolve();
  channel.port2.postMessage(0);
});

/** A recorded point; none where the loss is not finite. @param {number} step @param {Losses} losses @returns {Point[]} */
const point = (step, losses) => (Number.isFinite(losses.loss) ? [{ step, ...losses }] : []);

/**
 * The training from its first weights, with these values; undefined if its seed has not been told.
 * @param {Live} live
 * @returns {Work | undefined}
 */
const begun = (live) => {
  if (!prepared) return undefined;
  const { told, work, kernels } = prepared;
  const momentum = live['optimizer.momentum'];
  const settings = momentum === undefined ? work.settings : { ...work.settings, momentum };
  const moved = { ...work, settings, learning_rate: live.learning_rate, target_step: live.steps, buffers: [], updates: 0 };
  if (work.kernel === 'product_kernel') {
    const parameters = Float32Array.of(live['start.0'], live['start.1']);
    return { ...moved, parameters, points: point(0, kernels.losses(work, parameters)) };
  }
  const first = told.first[live.seed];
  if (!first) return undefined;
  return { ...moved, parameters: packed(work.views, work.parameters.length, first.weights), points: first.points };
};

/**
 * Train as far as it goes, turn by turn. Says nothing where it gives way to the next.
 * @param {Train} asked
 */
const train = async ({ train: id, of, live, vectors }) => {
  const work = prepared?.of === of && begun(live);
  if (!prepared || !work) return say({ unknown: id });
  const { kernels } = prepared;
  const start = performance.now();
  let steps = Math.min(stepsPerTurn, work.target_step);
  let result = kernels.train(work, steps);
  // At its fastest: what else the machine does says nothing of the training.
  let stepMs = (performance.now() - start) / steps;
  while (result.step < work.target_step && result.diverged_at === null) {
    const left = work.target_step - result.step;
    const elapsed = performance.now() - start;
    const whole = elapsed + stepMs * left;
    if (elapsed > TELLING_MS && whole > LIMIT_MS)
      return say({ slow: id, most_steps: work.target_step * LIMIT_MS / whole });
    steps = Math.min(left, steps * MAX_GROWTH, Math.max(1, Math.round(TURN_MS / stepMs)));
    if (elapsed > TURN_MS) await turn();
    if (next && whole > WORTH_MS) return;
    const began = performance.now();
    result = kernels.train({ ...work, ...result }, result.step + steps);
    stepMs = Math.min(stepMs, (performance.now() - began) / steps);
  }
  if (result.diverged_at === null) stepsPerTurn = Math.max(1, Math.round(TURN_MS / stepMs));
  const { step, points, diverged_at } = result;
  // Where it ends before its time, the server records the loss where it stands.
  const last = diverged_at !== null && points.length && points[points.length - 1].step !== step;
  if (last) points.push(...point(step, kernels.losses(work, result.parameters)));
  const answers = kernels.answers(work, result.parameters, vectors);
  const curve = { // by columns, which travel faster than points
    step: points.map((each) => each.step),
    loss: points.map(({ loss }) => loss),
    held_out_loss: points.map(({ held_out_loss }) => held_out_loss),
  };
  const milliseconds = performance.now() - start;
  say({ done: id, step, diverged_at, curve, named: named(work.views, result.parameters), answers, milliseconds });
};

/** Train what is asked for, and then what is asked for last meanwhile. */
const work = async () => {
  busy = true;
  while (next) {
    const asked = next;
    next = undefined;
    await train(asked).catch(() => say({ unknown: asked.train }));
  }
  busy = false;
};

/** @param {Prepare} message */
const prepare = async ({ of, folder, url }) => {
  wanted = of;
  prepared = undefined;
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${response.url}: ${response.status}`);
  /** @type {Told | null} */
  const told = await response.json();
  if (!told) throw new Error('only the server can train it');
  const work = read(told);
  const kernels = await load(folder, work.kernel);
  // The first calls take longer: the browser has not compiled them as well as it can.
  kernels.train({ ...work, target_step: WARM_UP_STEPS }, FIRST_STEPS);
  if (wanted !== of) return; // another one has been asked for meanwhile
  prepared = { of, told, work, kernels };
  stepsPerTurn = FIRST_STEPS;
  const { views, floor } = told;
  say({ ready: of, views, floor });
};

addEventListener('message', (/** @type {MessageEvent<Prepare | Train>} */ { data }) => {
  if ('train' in data) {
    next = data;
    if (!busy) work();
  } else {
    prepare(data).catch((error) => say({ unable: data.of, why: String(error) }));
  }
});
