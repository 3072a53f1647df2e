/**
 * Keeps hands off the chapters until the page has been told what its link, or this browser, holds: what
 * is pressed before that would be done with the wrong settings. `labOpened()` ends the wait.
 */
() => {
  const PATIENCE_MS = 300; // what is over sooner needs no words
  /** @param {boolean} inert */
  const set = (inert) => {
    /** @type {NodeListOf<HTMLElement>} */
    const panels = document.querySelectorAll('[role=tabpanel]');
    for (const panel of panels) panel.inert = inert;
  };
  const lock = () => set(true);
  const observer = new MutationObserver(lock); // a chapter's panel is made when it is first opened
  observer.observe(document.body, { childList: true, subtree: true });
  lock();

  const words = document.createElement('p');
  words.className = 'opening';
  words.role = 'status';
  document.querySelector('.gradio-container')?.append(words);
  const timer = setTimeout(() => {
    const what = new URLSearchParams(location.search).has('chapter') ? 'what the link says' : 'the last session';
    words.textContent = `Restoring ${what}. The controls wait for it.`;
  }, PATIENCE_MS);

  window.labOpened = () => {
    clearTimeout(timer);
    words.remove();
    observer.disconnect();
    set(false);
  };
}
