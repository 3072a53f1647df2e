/**
 * What the figure that holds the status panel does: the offered learning rate is taken by `submit`.
 */
element.addEventListener('click', (event) => {
  if (!(event.target instanceof Element) || !event.target.closest('.run-status-offer')) return;
  trigger('submit');
  // The offer goes away with what it was about, and must not take the keyboard's place with it.
  /** @type {HTMLElement | null | undefined} */
  const train = element.closest('.bench')?.querySelector('.controls button.primary');
  train?.focus();
});
