/** Where a kernel finds its arrays. */

/** @import { Numbers, Placed } from './work' */

/**
 * What puts arrays into the module's memory, one behind the other, from its first free byte on.
 * @param {WebAssembly.Exports} exports
 */
export const room = (exports) => {
  const memory = /** @type {WebAssembly.Memory} */ (exports.memory);
  /** @type {number} */
  let free = /** @type {WebAssembly.Global} */ (exports.__heap_base).value;
  /** @template {Numbers} A @param {A} array @returns {Placed<A>} */
  return (array) => {
    const place = Math.ceil(free / 64) * 64; // a cache line
    free = place + array.byteLength;
    const missing = free - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / 2 ** 16));
    const kind = /** @type {new (buffer: ArrayBuffer, place: number, length: number) => any} */ (array.constructor);
    const view = () => new kind(memory.buffer, place, array.length);
    view().set(array);
    const size = BigInt(array.BYTES_PER_ELEMENT);
    return {
      place,
      view,
      unpacked: (count = array.length) => [0, 0, BigInt(count), size, place, BigInt(count), size],
    };
  };
};
