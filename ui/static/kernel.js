/**
 * Trains in the browser, on the kernels that the server trains on (wasm/ compiles them), with the same bits.
 *
 * `load` a kernel, `read` (packing.js) a description that service/training/description.py wrote, and `train` it. Uses
 * nothing of the page, so that a worker can import it, too.
 */
import { answers, losses } from './evaluation.js';
import { room } from './memory.js';
import { named } from './packing.js';

/**
 * @import { Given, Kernel, Kernels, NetworkData, Numbers, Placed } from './work'
 * @import { ProductData, Result, State, Training, View, Work } from './work'
 */

/**
 * (module (func (export "madd") (param f32 f32 f32) (result f32) local.get 0 f32x4.splat local.get 1 f32x4.splat
 *   local.get 2 f32x4.splat f32x4.relaxed_madd f32x4.extract_lane 0))
 */
const MADD = Uint8Array.of(
  0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x01, 0x60, 0x03, 0x7d, 0x7d, 0x7d, 0x01, 0x7d,
  0x03, 0x02, 0x01, 0x00, 0x07, 0x08, 0x01, 0x04, 0x6d, 0x61, 0x64, 0x64, 0x00, 0x00, 0x0a, 0x16, 0x01, 0x14,
  0x00, 0x20, 0x00, 0xfd, 0x13, 0x20, 0x01, 0xfd, 0x13, 0x20, 0x02, 0xfd, 0x13, 0xfd, 0x85, 0x02, 0xfd, 0x1f,
  0x00, 0x0b,
);

/** Whether there is a relaxed_madd, and it rounds once: twice would leave nothing of the square's last bit. */
export const fused = () => {
  if (!WebAssembly.validate(MADD)) return false;
  const { madd } = new WebAssembly.Instance(new WebAssembly.Module(MADD)).exports;
  return /** @type {Function} */ (madd)(1 + 2 ** -12, 1 + 2 ** -12, -(1 + 2 ** -11)) === 2 ** -24;
};

/**
 * The kernels of one kind, from the folder at this address. Rejects where they cannot be had, or the browser knows
 * no WebAssembly with SIMD.
 * @param {string} folder
 * @param {'network_kernel' | 'product_kernel'} kind
 * @param {'fused' | 'exact'} variant
 * @returns {Promise<Kernels>}
 */
export const load = async (folder, kind, variant = fused() ? 'fused' : 'exact') => {
  const response = await fetch(`${folder}/${kind}.${variant}.wasm`);
  if (!response.ok) throw new Error(`${response.url}: ${response.status}`);
  const { instance } = await WebAssembly.instantiate(await response.arrayBuffer());
  return {
    variant,
    train: (work, stop = work.target_step) => train(instance.exports, work, stop),
    answers: (work, parameters, vectors) => answers(instance.exports, work, parameters, vectors),
    losses: (work, parameters) => losses(instance.exports, work, parameters),
  };
};

/**
 * The optimizer's kernel, how many buffers it has, whether they depend on how many updates they have seen, and its
 * numbers in the kernel's order: engines/compiled.py, RULES.
 * @param {Training} training
 * @returns {{ rule: string, buffers: number, counts: boolean, numbers: (updates: number) => (number | bigint)[] }}
 */
const optimizing = ({ optimizer, learning_rate, settings }) => {
  const { momentum = 0, nesterov, weight_decay, betas = [0, 0], eps = 0 } = settings;
  if (optimizer !== 'sgd') {
    const numbers = [learning_rate, ...betas, eps, weight_decay, Number(optimizer === 'adamw')];
    return { rule: 'adam', buffers: 2, counts: true, numbers: (updates) => [...numbers, BigInt(updates)] };
  }
  if (momentum === 0 && weight_decay === 0)
    return { rule: 'descent', buffers: 0, counts: false, numbers: () => [learning_rate] };
  const numbers = [learning_rate, momentum, Number(nesterov), weight_decay];
  return { rule: 'momentum', buffers: 1, counts: false, numbers: () => numbers };
};

/** torch counts Adam's steps in float32, which counts no further: engines/rules.py. */
const LARGEST_STEP_COUNT = 2 ** 24;

/**
 * The steps to record after `step` and up to `stop`: engines/base.py, Training.records.
 * @param {Work} work @param {number} step @param {number} stop
 */
const recorded = ({ start_step, target_step, max_points }, step, stop) => {
  const stride = Math.ceil((target_step - start_step) / (max_points - 1));
  const steps = [];
  const first = start_step + (Math.floor((step - start_step) / stride) + 1) * stride;
  for (let next = first; next <= Math.min(stop, target_step - 1); next += stride) steps.push(next);
  if (stop === target_step && stop > step) steps.push(stop);
  return steps;
};

/**
 * Where the kernel has to stop on the way: engines/compiled.py, _ends.
 * @param {Work} work @param {number} step @param {number} stop
 */
const ends = (work, step, stop) => {
  const found = new Set([stop]);
  if (work.kernel === 'network_kernel') {
    const block = work.orders?.steps_per_block ?? Infinity;
    for (let end = (Math.floor(step / block) + 1) * block; end < stop; end += block) found.add(end);
    if (work.held_out) for (const end of recorded(work, step, stop)) found.add(end);
  }
  return [...found].sort((a, b) => a - b);
};

/** @param {Work & ProductData} work @returns {Given} */
const product = ({ target }) => ({
  suffix: '', before: [], after: (_, updates) => [target, BigInt(updates)], held_out: null,
});

/** @param {ReturnType<typeof room>} put @param {Work & NetworkData} work @returns {Given} */
const network = (put, work) => {
  const { examples, batch_size, orders, held_out } = work;
  const perEpoch = Math.ceil(examples / batch_size);
  const epochs = orders ? orders.steps_per_block / perEpoch : 1;
  const before = [...put(BigInt64Array.from(work.widths, BigInt)).unpacked(), BigInt(work.activation)];
  const gradients = batch_size > 1 ? put(new Float32Array(work.parameters.length)).unpacked() : [0];
  const values = put(new Float32Array(work.room)).unpacked();
  const fixed = [new Float32Array(work.room), work.inputs, work.targets].flatMap((array) => put(array).unpacked());
  const order = put(BigInt64Array.from({ length: epochs * examples }, (_, place) => BigInt(place)));
  const kept = held_out && [held_out.inputs, held_out.targets].flatMap((array) => put(array).unpacked());
  /** Have the order around a step, and tell where in it to begin: engines/kernels.py, _order. @param {number} step */
  const position = (step) => {
    const epoch = Math.floor(step / perEpoch);
    const begin = (step % perEpoch) * batch_size;
    if (!orders) return begin;
    const first = (Math.floor(epoch / epochs) - orders.first_block) * epochs * examples;
    const places = orders.places.slice(first, first + epochs * examples);
    if (first < 0 || !places.length) throw new RangeError(`the order of the examples at step ${step} is not known`);
    order.view().set(BigInt64Array.from(places, BigInt));
    return (epoch % epochs) * examples + begin;
  };
  return {
    suffix: batch_size > 1 ? '_in_batches' : '',
    before,
    after: (step, updates) => [
      ...gradients, ...values, ...fixed, ...order.unpacked(),
      ...[updates, batch_size, examples, position(step)].map(BigInt),
    ],
    held_out: kept && [...values, ...kept],
  };
};

/**
 * The training repeated from where the work stands, as engines/compiled.py repeats it; and whether the loss that the
 * next update would start from is finite.
 * @param {WebAssembly.Exports} exports @param {Work} work @param {number} stop
 * @returns {[State, boolean]}
 */
const repeat = (exports, work, stop) => {
  const put = room(exports);
  const { rule, buffers: count, counts, numbers } = optimizing(work);
  const parameters = put(work.parameters);
  const buffers = Array.from({ length: count },
    (_, index) => put(work.buffers[index] ?? new Float32Array(work.parameters.length)));
  const arrays = [parameters, ...buffers].flatMap((array) => array.unpacked());
  const records = put(new BigInt64Array(work.max_points));
  const losses = put(new Float64Array(work.max_points));
  const returned = put(new BigInt64Array(2));
  const { suffix, before, after, held_out } = work.kernel === 'product_kernel' ? product(work) : network(put, work);

  /** @param {string} name @param {(number | bigint)[]} given */
  const call = (name, ...given) => {
    const status = /** @type {Kernel} */ (exports[name])(returned.place, 0, ...given);
    if (status) throw new Error(`${name} returned ${status}`);
    return returned.view();
  };
  const heldOutLoss = () => {
    if (!held_out) return null;
    const { buffer } = call('mean_loss', ...before, ...parameters.unpacked(), ...held_out);
    const loss = new Float64Array(buffer)[returned.place / 8];
    return Number.isFinite(loss) ? loss : null;
  };
  let { step } = work;
  const updates = () => counts ? Math.min(work.updates + step - work.step, LARGEST_STEP_COUNT) : work.updates;
  const points = [...work.points];
  /** @param {number} end */
  const runTo = (end) => {
    const steps = recorded(work, step, end);
    records.view().set(steps.map((each) => BigInt(each - step)));
    const [made, healthy] = call(
      rule + suffix, ...before, ...numbers(updates()), ...arrays, ...after(step, end - step),
      ...records.unpacked(steps.length), ...losses.unpacked(steps.length),
    );
    step += Number(made);
    steps.forEach((each, index) => {
      const loss = losses.view()[index];
      if (each <= step && Number.isFinite(loss)) points.push({ step: each, loss, held_out_loss: heldOutLoss() });
    });
    return (healthy & 1n) === 1n; // the lowest byte alone is written
  };
  const healthy = ends(work, step, stop).every(runTo) && runTo(step);
  const [trained, ...averages] = [parameters, ...buffers].map((array) => array.view().slice());
  return [{ step, points, parameters: trained, buffers: averages, updates: updates() }, healthy];
};

/** @param {Training} training @param {State} state */
const allFinite = ({ views }, { parameters }) =>
  Object.values(named(views, parameters)).every((numbers) => numbers.every(Number.isFinite));

/**
 * Like `advance` in service/training/advance.py, up to a step: where a number that is not finite came up, the state is
 * that before the update that left it, found by bisection.
 * @param {WebAssembly.Exports} exports @param {Work} work @param {number} stop
 * @returns {Result}
 */
const train = (exports, work, stop) => {
  const [state, healthy] = repeat(exports, work, stop);
  if (healthy && allFinite(work, state)) return { ...state, diverged_at: null };
  /** @param {number} step */
  const broken = (step) => !allFinite(work, repeat(exports, work, step)[0]);
  let diverged_at = state.step;
  if (diverged_at > work.step + 1 && broken(diverged_at - 1)) {
    let whole = work.step;
    while (whole + 1 < diverged_at) {
      const middle = Math.floor((whole + diverged_at) / 2);
      if (broken(middle)) diverged_at = middle; else whole = middle;
    }
  }
  const [before] = repeat(exports, work, Math.max(diverged_at - 1, work.step));
  return { ...before, diverged_at };
};
