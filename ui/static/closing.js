/** A link to the next chapter turns to its tab, without loading the page again. */
element.addEventListener('click', (event) => {
  const link = event.target instanceof Element && event.target.closest('a[data-chapter]');
  if (!(link instanceof HTMLElement) || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const tab = document.querySelector(`[role=tab][data-tab-id="${link.dataset.chapter}"]`);
  if (!(tab instanceof HTMLElement)) return;
  event.preventDefault();
  tab.click();
  tab.focus({ preventScroll: true });
  window.scrollTo({ top: 0 });
});
