/**
 * Tells the address what the markup of a figure says about it; see `link` in links.py.
 */
const tell = () => {
  const said = element.querySelector('[data-link]');
  if (said) window.labLink?.(...JSON.parse(said.dataset.link));
};
watch('value', tell);
tell();
