/**
 * Copies a program when its button is pressed.
 */
element.addEventListener('click', async (event) => {
  const button = event.target instanceof Element && event.target.closest('.program-copy');
  const code = button && button.closest('.program')?.querySelector('code');
  if (!button || !code) return;
  try {
    await navigator.clipboard.writeText(code.textContent ?? '');
    button.textContent = 'Copied';
  } catch {  // a frame of another site may not write to the clipboard
    getSelection()?.selectAllChildren(code);
    button.textContent = 'Selected: copy it with your keyboard';
  }
  setTimeout(() => { button.textContent = 'Copy'; }, 2000);
});
