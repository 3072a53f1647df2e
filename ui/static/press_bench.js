/**
 * The keys of the ritual. The value is the presses so far. It changes here, at once, so however fast somebody
 * presses, no press is lost on the way to the server. What was there before each press is remembered, so that
 * undoing takes back what was pressed last, be it one letter or thirty.
 */
const line = element.querySelector('input');
const letters = /[^FBOR]/g;
let before = [], last = null;
const sync = () => {
  props.value = props.value ?? '';
  if (props.value !== last) { before = []; last = props.value; }
  if (line !== document.activeElement) line.value = props.value;
  element.querySelector('[data-press=undo]').disabled = props.value === '' && !before.length;
  element.querySelector('[data-press=over]').disabled = props.value === '';
};
const become = (presses) => { props.value = last = presses; sync(); trigger('input'); };
const press = (name) => {
  if (name === 'undo') return become(before.pop() ?? props.value.slice(0, -1));
  before.push(props.value);
  become(name === 'over' ? '' : props.value + name);
};
element.addEventListener('click', (event) => {
  const button = event.target.closest('button[data-press]');
  if (button) press(button.dataset.press);
});
element.addEventListener('keydown', (event) => {
  if (event.repeat && event.target.closest('button')) event.preventDefault();
});
line.addEventListener('input', () => {
  line.value = line.value.toUpperCase().replace(letters, '');
  if (line.value === props.value) return;
  before.push(props.value);
  become(line.value);
});
// On a layout without Latin letters the key that would be B on one with them.
const letter = ({ key, code }) =>
  /^\p{L}$/u.test(key) && !/^\p{Script=Latin}$/u.test(key) ? code.replace('Key', '') : key.toUpperCase();
const typed = 'input:not([type=range], [type=checkbox], [type=radio]), textarea, select, [contenteditable]';
document.addEventListener('keydown', (event) => {
  const held = event.repeat || event.ctrlKey || event.metaKey || event.altKey;
  if (held || event.target.closest?.(typed)) return;
  if (element.closest('[inert]') || !element.checkVisibility()) return;
  const pressed = letter(event);
  if (/^[FBORU]$/.test(pressed)) press(pressed === 'U' ? 'undo' : pressed);
});
watch('value', sync);
sync();
