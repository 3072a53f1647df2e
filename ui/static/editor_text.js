/** The text of a program that is written: its field, the numbers of its lines, and beside them what they showed. */
import { colors } from './editor_colors.js';
import { putBeside, shownItems } from './editor_output.js';
import { part } from './editor_parts.js';

/** @import { Shown } from './written' */

const BEFORE = 'What it shows will stand here, beside its line.';

/**
 * @param {string} id Of the field; unique on the page.
 * @param {string} words What the field is called.
 * @param {string[]} described The ids of what describes it, and of what tells of an error in it.
 */
export const openText = (id, words, [help, error]) => {
  const gutter = part('div', 'editor-gutter'), under = part('pre', 'editor-colors'), area = part('textarea', '');
  gutter.ariaHidden = under.ariaHidden = 'true';
  Object.assign(area, { id, spellcheck: false, autocapitalize: 'off', autocomplete: 'off', wrap: 'off' });
  area.setAttribute('autocorrect', 'off');
  const label = part('label', 'unseen', words);
  label.htmlFor = id;
  const none = part('p', 'editor-none', BEFORE), list = part('ol', 'editor-shown');
  list.ariaLabel = 'What the program showed';
  const beside = part('div', 'editor-beside', none, list);
  const frame = part('div', 'editor-frame', gutter, part('div', 'editor-text', label, under, area), beside);

  /** Have this line, or none, be the one that an error ended the program in. @param {number | null} line */
  const mark = (line) => {
    for (const [index, number] of [...gutter.children].entries()) number.classList.toggle('marked', index + 1 === line);
    area.ariaInvalid = line === null ? null : 'true';
    // Few screen readers tell of an error message that does not describe the field, too.
    area.setAttribute('aria-describedby', line === null ? help : `${help} ${error}`);
    if (line === null) area.removeAttribute('aria-errormessage');
    else area.setAttribute('aria-errormessage', error);
  };
  /** The line that runs, or none. @param {number | null} line */
  const point = (line) => {
    for (const [index, number] of [...gutter.children].entries()) number.classList.toggle('running', index + 1 === line);
  };
  /** The text has changed. */
  const draw = () => {
    const count = area.value.split('\n').length;
    while (gutter.children.length > count) gutter.lastElementChild?.remove();
    while (gutter.children.length < count) gutter.append(part('span', '', String(gutter.children.length + 1)));
    frame.style.setProperty('--lines', String(count));
    under.replaceChildren(...colors(area.value));
  };
  const layOut = () => {
    if (!frame.contains(beside)) return; // then they stand in a list of their own
    putBeside(/** @type {HTMLElement[]} */ ([...list.children]), parseFloat(getComputedStyle(area).lineHeight));
  };
  area.addEventListener('scroll', () => { under.style.translate = `${-area.scrollLeft}px`; });
  mark(null);
  return {
    area,
    frame,
    beside,
    mark,
    point,
    draw,
    layOut,
    /** What the program has shown, or the words `otherwise`. @param {Shown[]} shown @param {string} otherwise */
    show: (shown, otherwise) => {
      none.textContent = otherwise;
      none.hidden = shown.length > 0;
      list.replaceChildren(...shownItems(shown));
      layOut();
    },
    /** Have the line's code selected. @param {number} line */
    goTo: (line) => {
      const lines = area.value.split('\n').slice(0, line);
      const end = lines.join('\n').length;
      area.focus();
      area.setSelectionRange(end - (lines.at(-1) ?? '').trimStart().length, end);
    },
  };
};
