"""The keys of the ritual: Forward, Backprop, Optimize, Reset, in a row, and what was pressed so far."""

import gradio as gr

ROUND = "BOR"

# The value is the presses so far. It changes here, at once, so however fast somebody presses, no
# press is lost on the way to the server. What was there before each press is remembered, so that undoing
# takes back what was pressed last, be it one letter or thirty.
SCRIPT = """
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
  /^\\p{L}$/u.test(key) && !/^\\p{Script=Latin}$/u.test(key) ? code.replace('Key', '') : key.toUpperCase();
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
"""

KEYS = (
    ("F", "Forward", "compute the loss"),
    ("B", "Backprop", "loss.backward()"),
    ("O", "Optimize", "my_sgd.step()"),
    ("R", "Reset", "my_sgd.zero_grad()"),
)


def press_bench(name: str) -> gr.HTML:
    """The row of buttons; its value is a text of the letters F, B, O and R. The keys do the same."""
    return gr.HTML(
        "",
        html_template=markup(name),
        js_on_load=SCRIPT,
        apply_default_css=False,
        label="Presses",
        elem_id=name,
        elem_classes="figure",
    )


def markup(name: str) -> str:
    """The HTML of the buttons and of the line below them."""
    keys = "".join(
        f'<button type="button" data-press="{letter}" aria-keyshortcuts="{letter}">'
        f"<b>{title}</b> <kbd>{letter}</kbd><code>{code}</code></button>"
        for letter, title, code in KEYS
    )
    return (
        f'<div class="press-bench"><div class="press-keys">{keys}</div><div class="press-line">'
        f'<label for="{name}-line">Pressed</label><input id="{name}-line" type="text" autocomplete="off" '
        'spellcheck="false" placeholder="nothing yet">'
        '</div><div class="press-line"><button type="button" data-press="undo" aria-keyshortcuts="U">Undo '
        "<kbd>U</kbd></button>"
        f'<button type="button" data-press="{ROUND * 10}">{ROUND} 10 times</button>'
        '<button type="button" data-press="over">Start over</button></div></div>'
    )
