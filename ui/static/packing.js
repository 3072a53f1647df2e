/**
 * What a training is told in (service/training/description.py), read: arrays, and where in them each parameter lies.
 */

/** @import { View, Work } from './work' */

/** @param {string} base64 */
const bytes = (base64) => Uint8Array.from(atob(base64), (byte) => byte.charCodeAt(0)).buffer;
/** @param {string} base64 */
const floats = (base64) => new Float32Array(bytes(base64));

/**
 * The work that a description, parsed from JSON, tells of. To train it otherwise, give it other values:
 * `{...work, learning_rate}`; where that changes the optimizer or its settings, none of `buffers` and 0 `updates`.
 * @param {any} description
 * @returns {Work}
 */
export const read = (description) => {
  const { parameters, buffers, inputs, targets, held_out, orders } = description;
  const work = { ...description, parameters: floats(parameters), buffers: buffers.map(floats) };
  if (work.kernel === 'product_kernel') return work;
  return {
    ...work,
    inputs: floats(inputs),
    targets: floats(targets),
    held_out: held_out && { inputs: floats(held_out.inputs), targets: floats(held_out.targets) },
    orders: orders && { ...orders, places: new Uint16Array(bytes(orders.places)) },
  };
};

/**
 * The numbers of each parameter, row by row, by its name; of a buffer, if its numbers are given.
 * @param {View[]} views
 * @param {Float32Array} packed
 */
export const named = (views, packed) =>
  Object.fromEntries(views.map((view) => [view.name, placesOf(view).map((place) => packed[place])]));

/**
 * Packed parameters of that length, from their numbers in base64: one parameter after the other, row by row.
 * @param {View[]} views @param {number} length @param {string} base64
 */
export const packed = (views, length, base64) => {
  const numbers = floats(base64);
  const array = new Float32Array(length);
  views.flatMap(placesOf).forEach((place, index) => { array[place] = numbers[index]; });
  return array;
};

/** Where in the packed parameters the numbers of one lie, row by row. @param {View} view */
const placesOf = ({ shape, offset, strides }) => {
  let places = [offset];
  shape.forEach((count, axis) => {
    places = places.flatMap((place) => Array.from({ length: count }, (_, index) => place + index * strides[axis]));
  });
  return places;
};
