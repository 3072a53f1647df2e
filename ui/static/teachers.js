/**
 * The panel for teachers: the ticked controls of the chapter that is open become `hide` in the link.
 */
/** @type {HTMLInputElement | null} */
const field = element.querySelector('#teachers-link');
const said = element.querySelector('.teachers-said');
const template = element.querySelector('template');
if (!template) throw new Error('the controls are missing');
/** @type {NodeListOf<HTMLElement>} */
const fieldsets = template.content.querySelectorAll('fieldset[data-chapter]');
/** @param {HTMLElement} part @returns {HTMLInputElement[]} */
const boxes = (part) => [...part.querySelectorAll('input')];
const LEFT_OUT = ['chapter', 'hide', 'open', 'run', 'fingerprint'];
let search = location.search;

for (const names of new URLSearchParams(search).getAll('hide')) {
  const chapter = new URLSearchParams(search).get('chapter');
  for (const part of fieldsets) {
    if (part.dataset.chapter !== chapter) continue;
    for (const box of boxes(part)) box.checked ||= names.split(',').includes(box.value);
  }
}

const tell = () => {
  /** @type {HTMLElement | null} */
  const tab = document.querySelector('[role=tab][data-tab-id][aria-selected=true]');
  const part = [...fieldsets].find(({ dataset }) => dataset.chapter === tab?.dataset.tabId);
  for (const each of fieldsets) each.hidden = each !== part;
  if (!part || !field) return;
  const asked = new URLSearchParams(search);
  const held = asked.get('chapter') === part.dataset.chapter ? [...asked] : [];
  const settings = held.filter(([name]) => !LEFT_OUT.includes(name) && !name.startsWith('__'));
  const ticked = boxes(part).filter(({ checked }) => checked);
  const hide = ticked.length ? [['hide', ticked.map(({ value }) => value).join(',')]] : [];
  const query = new URLSearchParams([['chapter', part.dataset.chapter ?? ''], ...settings, ...hide]);
  field.value = window.labPublic(`?${query}`);
  const names = ticked.map((box) => box.closest('label')?.textContent).join(', ');
  const seen = ticked.length ? `everything but: ${names}. What is hidden keeps the value it has here` : 'every control';
  said?.replaceChildren(`A learner starts in ${part.dataset.tab}, with your settings, and sees ${seen}.`);
};
addEventListener('labaddress', (event) => {
  if (event instanceof CustomEvent) search = event.detail;
  tell();
});
element.addEventListener('change', tell);
element.addEventListener('toggle', () => {
  template.after(template.content);
  tell();
}, true);
element.addEventListener('click', async ({ target }) => {
  const copy = target instanceof Element && target.closest('[data-copy]');
  if (!copy || !field) return;
  try {
    await navigator.clipboard.writeText(field.value);
    said?.replaceChildren('The link has been copied.');
  } catch {  // a frame of another site may not write to the clipboard
    field.select();
    said?.replaceChildren('The link is selected: copy it with your keyboard.');
  }
});
