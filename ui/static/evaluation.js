/** What a trained network answers, and how far off it is. */
import { room } from './memory.js';

/** @import { Kernel, NetworkData, Work } from './work' */

/**
 * What asks the network of a work, with these parameters, how large the mean loss over some examples is.
 * @param {WebAssembly.Exports} exports @param {NetworkData} work @param {Float32Array} parameters
 */
const asker = (exports, { widths, activation, room: size }, parameters) => {
  const put = room(exports);
  const returned = put(new Float64Array(2));
  const values = put(new Float32Array(size));
  const network = [
    ...put(BigInt64Array.from(widths, BigInt)).unpacked(), BigInt(activation), ...put(parameters).unpacked(),
    ...values.unpacked(),
  ];
  /** @param {Float32Array} inputs @param {Float32Array} targets */
  const meanLoss = (inputs, targets) => {
    const examples = [inputs, targets].flatMap((array) => put(array).unpacked());
    /** @type {Kernel} */ (exports.mean_loss)(returned.place, 0, ...network, ...examples);
    return returned.view()[0];
  };
  /** What the last layer holds after a single example: the first of every eight numbers. @returns {number[]} */
  const outputs = () => {
    const last = values.view().subarray(size - size / widths.length);
    return Array.from({ length: widths[widths.length - 1] }, (_, output) => last[output * 8]);
  };
  return { meanLoss, outputs };
};

/** As the kernels have rows: filled with zeros to a multiple of eight. @param {number} width @param {number[]} values */
const row = (width, values) => {
  const filled = new Float32Array(Math.ceil(width / 8) * 8);
  filled.set(values);
  return filled;
};

/**
 * @param {WebAssembly.Exports} exports @param {Work} work @param {Float32Array} parameters @param {number[][]} vectors
 * @returns {number[][]}
 */
export const answers = (exports, work, parameters, vectors) => {
  if (work.kernel !== 'network_kernel') return [];
  const [inputs, outputs] = [work.widths[0], work.widths[work.widths.length - 1]];
  const asked = asker(exports, work, parameters);
  return vectors.map((vector) => {
    asked.meanLoss(row(inputs, vector), row(outputs, []));
    return asked.outputs();
  });
};

/**
 * @param {WebAssembly.Exports} exports @param {Work} work @param {Float32Array} parameters
 * @returns {{ loss: number, held_out_loss: number | null }}
 */
export const losses = (exports, work, parameters) => {
  if (work.kernel !== 'network_kernel') {
    const error = Math.fround(Math.fround(work.target) - Math.fround(parameters[0] * parameters[1]));
    return { loss: error ** 2, held_out_loss: null };
  }
  const { inputs, targets, held_out } = work;
  const { meanLoss } = asker(exports, work, parameters);
  const loss = meanLoss(inputs, targets);
  const heldOut = held_out ? meanLoss(held_out.inputs, held_out.targets) : null;
  return { loss, held_out_loss: heldOut !== null && Number.isFinite(heldOut) ? heldOut : null };
};
