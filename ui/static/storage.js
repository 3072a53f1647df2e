/**
 * A browser may grant a page no storage: in a sandboxed frame, in a frame of another site, or because site
 * data are blocked. Reading `localStorage` then throws, or gives null, and Gradio would not open the page.
 * A store that lasts as long as the page takes its place. To be run before Gradio's own scripts.
 */
(() => {
  class PassingStore {
    /** @type {Map<string, string>} */
    #kept = new Map();
    get length() { return this.#kept.size; }
    /** @param {number} index */
    key(index) { return [...this.#kept.keys()][index] ?? null; }
    /** @param {string} name */
    getItem(name) { return this.#kept.get(String(name)) ?? null; }
    /** @param {string} name @param {string} value */
    setItem(name, value) { this.#kept.set(String(name), String(value)); }
    /** @param {string} name */
    removeItem(name) { this.#kept.delete(String(name)); }
    clear() { this.#kept.clear(); }
  }
  for (const name of /** @type {const} */ (['localStorage', 'sessionStorage'])) {
    try {
      window[name].getItem(name);
    } catch {
      Object.defineProperty(window, name, { configurable: true, value: new PassingStore() });
    }
  }
})();
