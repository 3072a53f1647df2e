/**
 * Tells the address what the markup of a figure says about it; see `link` in links.py.
 */
const tell = () => {
  /** @type {HTMLElement | null} */
  const said = element.querySelector('[data-link]');
  /** @type {[string, string, Values]} */
  const [chapter, part, values] = JSON.parse(said?.dataset.link ?? '[]');
  if (chapter) window.labLink?.(chapter, part, values);
};
watch('value', tell);
tell();
