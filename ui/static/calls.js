/** Puts the page's own address into the calls, and into the notebooks that it hands out. */
const own = new URL('.', location.href).href.replace(/\/$/, '');
const tellAddress = () => {
  for (const place of element.querySelectorAll('[data-lab]')) place.textContent = own;
};
watch('value', tellAddress);
tellAddress();

element.addEventListener('click', async (event) => {
  const link = event.target instanceof Element && event.target.closest('a[data-notebook]');
  if (!(link instanceof HTMLAnchorElement)) return;
  event.preventDefault();
  const answer = await fetch(window.labAddress(link.getAttribute('href') ?? ''));
  const text = (await answer.text()).replaceAll(link.dataset.notebook ?? '', own);
  const href = URL.createObjectURL(new Blob([text], { type: 'application/x-ipynb+json' }));
  Object.assign(document.createElement('a'), { href, download: link.download }).click();
  URL.revokeObjectURL(href);
});
