/**
 * The keys of the ritual. The value is the presses so far. It changes here, at once, so however fast somebody
 * presses, no press is lost on the way to the server. What was there before each press is remembered, so that
 * undoing takes back what was pressed last, be it one letter or thirty.
 */
/** @template {HTMLElement} E @param {string} selector @param {new () => E} kind */
const own = (selector, kind) => {
  const found = element.querySelector(selector);
  if (!(found instanceof kind)) throw new Error(`${selector} is missing`);
  return found;
};
const line = own('input', HTMLInputElement);
const undo = own('[data-press=undo]', HTMLButtonElement);
const over = own('[data-press=over]', HTMLButtonElement);
const letters = /[^FBOR]/g;
/** @type {string[]} */
let before = [];
/** @type {string | null} */
let last = null;
const sync = () => {
  props.value = props.value ?? '';
  if (props.value !== last) { before = []; last = props.value; }
  if (line !== document.activeElement) line.value = props.value;
  undo.disabled = props.value === '' && !before.length;
  over.disabled = props.value === '';
};
/** @param {string} presses */
const become = (presses) => { props.value = last = presses; sync(); trigger('input'); };
/** @param {string | undefined} name */
const press = (name) => {
  if (name === 'undo') return become(before.pop() ?? props.value.slice(0, -1));
  before.push(props.value);
  become(name === 'over' ? '' : props.value + name);
};
element.addEventListener('click', (event) => {
  const button = event.target instanceof Element && event.target.closest('button[data-press]');
  if (button instanceof HTMLElement) press(button.dataset.press);
});
element.addEventListener('keydown', (event) => {
  const onButton = event.target instanceof Element && event.target.closest('button');
  if (event.repeat && onButton) event.preventDefault();
});
line.addEventListener('input', () => {
  line.value = line.value.toUpperCase().replace(letters, '');
  if (line.value === props.value) return;
  before.push(props.value);
  become(line.value);
});
// On a layout without Latin letters the key that would be B on one with them.
/** @param {KeyboardEvent} event */
const letter = ({ key, code }) =>
  /^\p{L}$/u.test(key) && !/^\p{Script=Latin}$/u.test(key) ? code.replace('Key', '') : key.toUpperCase();
const typed = 'input:not([type=range], [type=checkbox], [type=radio]), textarea, select, [contenteditable]';
document.addEventListener('keydown', (event) => {
  const held = event.repeat || event.ctrlKey || event.metaKey || event.altKey;
  if (held || (event.target instanceof Element && event.target.closest(typed))) return;
  if (element.closest('[inert]') || !element.checkVisibility()) return;
  const pressed = letter(event);
  if (/^[FBORU]$/.test(pressed)) press(pressed === 'U' ? 'undo' : pressed);
});
watch('value', sync);
sync();
