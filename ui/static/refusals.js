/**
 * Marks the controls whose ids are among the classes of a message's `.refusal`, until something on their chapter is changed or
 * pressed, which has them checked again, or until the message that stands above a lesson goes away.
 */
() => {
  const FIELDS = 'input, textarea, [role=listbox], [role=radiogroup]';
  /** @type {Set<string>} */
  const marked = new Set();

  /** @param {string} id @param {boolean} refused */
  const set = (id, refused) => {
    const control = document.getElementById(id);
    if (!control) return;
    control.classList.toggle('refused', refused);
    for (const field of control.querySelectorAll(FIELDS)) {
      if (field instanceof HTMLInputElement && ['range', 'radio'].includes(field.type)) continue;
      if (refused) field.setAttribute('aria-invalid', 'true');
      else field.removeAttribute('aria-invalid');
    }
  };
  /** @param {Element} message */
  const ids = (message) => [...message.classList].filter((name) => name.includes('-'));
  const lasting = () =>
    new Set([...document.querySelectorAll('.message .refusal')].flatMap(ids));
  /** @param {string} id */
  const mark = (id) => { marked.add(id); set(id, true); };
  /** @param {Element} [panel] */
  const clear = (panel) => {
    const kept = lasting();
    for (const id of [...marked]) {
      const control = document.getElementById(id);
      if (kept.has(id) || (panel && control && !panel.contains(control))) continue;
      marked.delete(id);
      set(id, false);
    }
  };

  new MutationObserver((changes) => {
    for (const change of changes) {
      for (const node of change.addedNodes) {
        if (!(node instanceof Element)) continue;
        const found = [...node.querySelectorAll('.refusal')];
        if (node.matches('.refusal')) found.push(node);
        found.flatMap(ids).forEach(mark);
      }
      for (const node of change.removedNodes) {
        if (node instanceof Element && (node.matches('.message') || node.querySelector('.message'))) clear();
      }
    }
  }).observe(document.body, { childList: true, subtree: true });

  /** @param {Event} event */
  const changed = (event) => {
    const panel = event.target instanceof Element && event.target.closest('[role=tabpanel]');
    if (panel) clear(panel);
  };
  document.addEventListener('input', changed, true);
  document.addEventListener('click', (event) => {
    if (event.target instanceof Element && event.target.closest('button:not(.label-wrap)')) changed(event);
  }, true);
}
