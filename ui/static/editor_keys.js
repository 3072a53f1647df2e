/** What keys do in a program that is written: the browser's own undo takes all of it back. */

const LEVEL = 4; // spaces
const LEAVES = /^\s*(return|break|pass|continue|raise)\b/;
const COMMENT = /^(\s*)# ?/;

let putting = false;
/** Put the text in the place of what is selected. @param {string} text */
const put = (text) => {
  putting = true;
  // Nothing else leaves the browser's undo as it is.
  if (text) document.execCommand('insertText', false, text);
  else document.execCommand('delete');
  putting = false;
};
/** Put another text in the place of all of it. @param {HTMLTextAreaElement} area @param {string} text */
export const replace = (area, text) => {
  area.focus();
  area.select();
  put(text);
  area.setSelectionRange(0, 0);
};
/** @param {string} line */
const indentOf = (line) => line.length - line.trimStart().length;

/** Have the selected lines changed as `change` says, and stay selected. @param {HTMLTextAreaElement} area @param {(lines: string[]) => string[]} change */
const changeLines = (area, change) => {
  const { value, selectionStart: start, selectionEnd: end } = area;
  const first = value.lastIndexOf('\n', start - 1) + 1;
  const last = value.indexOf('\n', Math.max(start, end - 1));
  const until = last < 0 ? value.length : last;
  const before = value.slice(first, until).split('\n'), after = change(before);
  if (after.join('\n') === before.join('\n')) return;
  area.setSelectionRange(first, until);
  put(after.join('\n'));
  const grown = after.join('\n').length - (until - first), shifted = after[0].length - before[0].length;
  area.setSelectionRange(Math.max(first, start + shifted), Math.max(first, end + grown));
};
/** @param {string[]} lines */
const deeper = (lines) => lines.map((line) => (line ? ' '.repeat(LEVEL) + line : line));
/** @param {string[]} lines */
const back = (lines) => lines.map((line) => line.slice(Math.min(indentOf(line), (indentOf(line) - 1) % LEVEL + 1)));
/** @param {string[]} lines */
const commented = (lines) => {
  const written = lines.filter((line) => line.trim());
  if (written.every((line) => COMMENT.test(line))) return lines.map((line) => line.replace(COMMENT, '$1'));
  const at = Math.min(...written.map(indentOf));
  return lines.map((line) => (line.trim() ? `${line.slice(0, at)}# ${line.slice(at)}` : line));
};

/** @param {HTMLTextAreaElement} area */
const breakLine = ({ value, selectionStart }) => {
  const line = value.slice(value.lastIndexOf('\n', selectionStart - 1) + 1, selectionStart);
  const code = line.replace(/\s*#[^'"]*$/, '').trimEnd();
  const indent = indentOf(line) + (code.endsWith(':') ? LEVEL : LEAVES.test(code) ? -LEVEL : 0);
  put(`\n${' '.repeat(Math.max(0, indent))}`);
};
/** Whether the spaces before the cursor went back one level. @param {HTMLTextAreaElement} area */
const goneBack = (area) => {
  const { value, selectionStart: start, selectionEnd: end } = area;
  const before = value.slice(value.lastIndexOf('\n', start - 1) + 1, start);
  if (start !== end || !before || before.trim()) return false;
  area.setSelectionRange(start - ((before.length - 1) % LEVEL + 1), start);
  put('');
  return true;
};
/** @param {HTMLTextAreaElement} area */
const indent = (area) => {
  const { value, selectionStart: start, selectionEnd: end } = area;
  if (value.slice(start, end).includes('\n')) return changeLines(area, deeper);
  const column = start - value.lastIndexOf('\n', start - 1) - 1;
  put(' '.repeat(LEVEL - column % LEVEL));
};

/**
 * Have the keys work in the area; `run` is called for Ctrl+Enter. Tab indents, but after Escape it leaves, as elsewhere.
 * @param {HTMLTextAreaElement} area @param {() => void} run
 */
export const bindKeys = (area, run) => {
  let leaving = false;
  area.addEventListener('blur', () => { leaving = false; });
  area.addEventListener('pointerdown', () => { leaving = false; });
  area.addEventListener('keydown', (event) => {
    const { key, shiftKey, altKey, isComposing } = event;
    const control = event.ctrlKey || event.metaKey;
    if (isComposing || altKey || ['Shift', 'Control', 'Meta'].includes(key)) return;
    const leaves = leaving;
    leaving = key === 'Escape';
    /** Whether the key has done something of ours. */
    const does = () => {
      if (key === 'Enter' && control) return run(), true;
      if (key === '/' && control) return changeLines(area, commented), true;
      if (control || area.readOnly) return false;
      if (key === 'Tab' && !leaves) return shiftKey ? changeLines(area, back) : indent(area), true;
      if (key === 'Enter' && !shiftKey) return breakLine(area), true;
      return key === 'Backspace' && goneBack(area);
    };
    if (does()) event.preventDefault();
  });
  // The keys of a phone say only what they are about to do.
  area.addEventListener('beforeinput', (event) => {
    if (putting || event.isComposing) return;
    const does = () => {
      if (event.inputType === 'insertLineBreak') return breakLine(area), true;
      return event.inputType === 'deleteContentBackward' && goneBack(area);
    };
    if (does()) event.preventDefault();
  });
};
