/**
 * A board to put a program's lines in order: those in the loop, and those left out. A line is moved by its buttons, by
 * the arrow keys while one of these has the focus, and by dragging: by its grip with a finger, anywhere with a mouse.
 */

const MOTION_MS = 150;
const LISTS = /** @type {const} */ (['used', 'left']);
const TITLES = { used: 'Your loop', left: 'Left out' };
const NONE = { used: 'Drag lines here, or press +.', left: 'No line is left out.' };
/** @typedef {typeof LISTS[number]} List */
/** @typedef {Record<List, number[]>} Order The lines of each list, by their numbers as they were dealt. */

/** @template {keyof HTMLElementTagNameMap} K @param {K} kind @param {Partial<HTMLElementTagNameMap[K]>} values @param {(Node | string)[]} children */
const make = (kind, values, ...children) => {
  const made = Object.assign(document.createElement(kind), values);
  made.append(...children);
  return made;
};

/**
 * @typedef {object} Dealt
 * @property {string} start The program, with a line that holds nothing but the marker.
 * @property {string} ordered The marker.
 * @property {string[]} lines
 */

/** What stands before the marker's line, its indentation, and what stands after it. @param {Dealt} dealt */
const around = ({ start, ordered }) => {
  const at = start.indexOf(ordered);
  const begin = start.lastIndexOf('\n', at) + 1;
  return { before: start.slice(0, begin), indent: start.slice(begin, at), after: start.slice(at + ordered.length) };
};

/** The program with the lines in that order; without any, the marker stays. @param {Dealt} dealt @param {number[]} used */
export const composed = (dealt, used) => {
  const { before, indent, after } = around(dealt);
  const lines = used.length ? used.map((number) => dealt.lines[number]) : [dealt.ordered];
  return before + lines.map((line) => indent + line).join('\n') + after;
};

/** The order that makes the program; null if none does. @param {Dealt} dealt @param {string} program @returns {number[] | null} */
export const orderOf = (dealt, program) => {
  const { before, after } = around(dealt);
  if (!program.startsWith(before) || !program.endsWith(after)) return null;
  const lines = program.slice(before.length, program.length - after.length).split('\n').map((line) => line.trim());
  /** @type {number[]} */
  const used = [];
  for (const line of lines.filter((each) => each && each !== dealt.ordered)) {
    const number = dealt.lines.findIndex((each, index) => each.trim() === line && !used.includes(index));
    if (number < 0) return null;
    used.push(number);
  }
  return used;
};

/**
 * Fill the place with a board.
 * @param {HTMLElement} place @param {Dealt} dealt @param {() => void} moved Called after every move.
 */
export const openBoard = (place, dealt, moved) => {
  const all = dealt.lines.map((_, number) => number);
  /** @type {Order} */
  let order = { used: [], left: all };
  const spoken = make('p', { className: 'spoken', role: 'status' });
  /** @type {Record<List, HTMLOListElement>} */
  const lists = { used: make('ol', {}), left: make('ol', {}) };
  const items = dealt.lines.map((line, number) => {
    /** @param {string} action @param {string} sign */
    const key = (action, sign) => {
      const button = make('button', { type: 'button', className: 'parsons-key' }, sign);
      button.dataset.move = action;
      return button;
    };
    const grip = make('span', { className: 'parsons-grip', ariaHidden: 'true' }, '⠿');
    const item = make('li', { className: 'parsons-line' }, grip, make('code', {}, line), key('up', '↑'), key('down', '↓'), key('other', ''));
    item.dataset.line = String(number);
    return item;
  });

  /** @param {number} number @returns {List} */
  const listOf = (number) => order.used.includes(number) ? 'used' : 'left';
  /** The words for where a line is. @param {number} number */
  const told = (number) => {
    const list = listOf(number);
    const count = order[list].length;
    const where = `line ${order[list].indexOf(number) + 1} of ${count} in your loop`;
    return `${dealt.lines[number]}, ${list === 'used' ? where : 'left out'}`;
  };

  const draw = () => {
    const focused = document.activeElement;
    for (const list of LISTS) {
      order[list].forEach((number, index) => {
        const item = items[number];
        if (lists[list].children[index] !== item) lists[list].insertBefore(item, lists[list].children[index] ?? null);
        const line = dealt.lines[number];
        for (const key of item.querySelectorAll('button')) {
          const move = key.dataset.move;
          const ends = (move === 'up' && index === 0) || (move === 'down' && index === order[list].length - 1);
          key.ariaDisabled = String(ends); // not disabled, which would take the focus away
          key.hidden = list === 'left' && move !== 'other';
          if (move === 'other') key.textContent = list === 'used' ? '✕' : '+';
          const words = move === 'other' ? (list === 'used' ? 'Leave out' : 'Use') : `Move ${move}`;
          key.ariaLabel = `${words}: ${line}`;
        }
      });
    }
    for (const list of LISTS) lists[list].classList.toggle('none', !order[list].length);
    const item = focused?.closest('.parsons-line');
    if (focused instanceof HTMLElement && item && place.contains(item)) {
      /** @type {HTMLElement | null} */
      const last = item.querySelector('[data-move=other]');
      (focused.hidden ? last : focused)?.focus({ preventScroll: true });
    }
  };

  /** Draw the lines where they are now, and have them slide there. @param {HTMLElement} [but] */
  const slide = (but) => {
    const before = items.map((item) => item.getBoundingClientRect());
    draw();
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    items.forEach((item, number) => {
      const now = item.getBoundingClientRect();
      const [x, y] = [before[number].x - now.x, before[number].y - now.y];
      if (item !== but && (x || y)) item.animate([{ translate: `${x}px ${y}px` }, { translate: '0 0' }], { duration: MOTION_MS, easing: 'ease-out' });
    });
  };

  /** The order with the line put there. @param {number} number @param {List} list @param {number} index @returns {Order} */
  const placed = (number, list, index) => {
    const others = { used: order.used.filter((each) => each !== number), left: order.left.filter((each) => each !== number) };
    others[list].splice(index, 0, number);
    return others;
  };
  /** @param {number} number @param {string | undefined} move */
  const press = (number, move) => {
    const list = listOf(number);
    const index = order[list].indexOf(number);
    if (move === 'other') order = placed(number, list === 'used' ? 'left' : 'used', Infinity);
    else if (list === 'left') return;
    else order = placed(number, list, Math.max(0, index + (move === 'up' ? -1 : 1)));
    slide();
    spoken.textContent = told(number);
    moved();
  };

  place.classList.add('parsons');
  for (const list of LISTS) {
    const title = make('h4', { id: `${place.id}-${list}` }, TITLES[list]);
    lists[list].setAttribute('aria-labelledby', title.id);
    const none = make('p', { className: 'parsons-none' }, NONE[list]);
    const part = make('div', { className: 'parsons-list' }, title, lists[list], none);
    part.dataset.list = list;
    place.append(part);
  }
  place.append(spoken);
  draw();

  place.addEventListener('click', ({ target }) => {
    const key = target instanceof Element && target.closest('button');
    const item = key && key.closest('.parsons-line');
    if (item instanceof HTMLElement && key && key.ariaDisabled !== 'true') press(Number(item.dataset.line), key.dataset.move);
  });
  const ARROWS = new Map([['ArrowUp', 'up'], ['ArrowDown', 'down'], ['ArrowLeft', 'used'], ['ArrowRight', 'left']]);
  place.addEventListener('keydown', (event) => {
    const item = event.target instanceof Element && event.target.closest('.parsons-line');
    const asked = ARROWS.get(event.key);
    if (!(item instanceof HTMLElement) || !asked || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const number = Number(item.dataset.line);
    if (asked === 'up' || asked === 'down') press(number, asked);
    else if (asked !== listOf(number)) press(number, 'other');
  });

  /** @type {{ item: HTMLElement, number: number, x: number, y: number, pointer: number, from: Order } | null} */
  let drag = null;
  /** Where in the lists a point is. @param {number} x @param {number} y @returns {[List, number]} */
  const under = (x, y) => {
    /** @param {List} list */
    const away = (list) => {
      const { left, right, top, bottom } = (lists[list].closest('.parsons-list') ?? lists[list]).getBoundingClientRect();
      return Math.hypot(Math.max(left - x, 0, x - right), Math.max(top - y, 0, y - bottom));
    };
    const list = away('used') <= away('left') ? 'used' : 'left';
    const others = [...lists[list].children].filter((item) => item !== drag?.item);
    return [list, others.filter((item) => {
      const { top, height } = item.getBoundingClientRect();
      return top + height / 2 < y;
    }).length];
  };
  /** Keep the dragged line under the pointer, wherever in the lists it is. @param {number} x @param {number} y */
  const follow = (x, y) => {
    if (!drag) return;
    drag.item.style.translate = '';
    const { left, top } = drag.item.getBoundingClientRect();
    drag.item.style.translate = `${x - drag.x - left}px ${y - drag.y - top}px`;
  };
  /** @param {boolean} keeps Whether the line stays where it was dragged to. */
  const drop = (keeps) => {
    if (!drag) return;
    const { item, number, from, pointer } = drag;
    drag = null;
    removeEventListener('keydown', escape);
    if (place.hasPointerCapture(pointer)) place.releasePointerCapture(pointer);
    item.classList.remove('dragged');
    if (!keeps) order = from;
    const same = JSON.stringify(order) === JSON.stringify(from);
    slide();
    item.style.translate = '';
    if (same) return;
    spoken.textContent = told(number);
    moved();
  };
  /** @param {KeyboardEvent} event */
  const escape = ({ key }) => { if (key === 'Escape') drop(false); };
  place.addEventListener('pointerdown', (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const item = target?.closest('.parsons-line');
    const grabs = event.pointerType === 'mouse' ? !target?.closest('button') : target?.closest('.parsons-grip');
    if (!(item instanceof HTMLElement) || !grabs || event.button || drag) return;
    event.preventDefault(); // no text is selected
    const { left, top } = item.getBoundingClientRect();
    drag = {
      item, number: Number(item.dataset.line), pointer: event.pointerId, from: order,
      x: event.clientX - left, y: event.clientY - top,
    };
    place.setPointerCapture(event.pointerId);
    addEventListener('keydown', escape);
    item.classList.add('dragged');
  });
  place.addEventListener('pointermove', ({ clientX, clientY, pointerId }) => {
    if (!drag || pointerId !== drag.pointer) return;
    const [list, index] = under(clientX, clientY);
    const next = placed(drag.number, list, index);
    if (JSON.stringify(next) !== JSON.stringify(order)) {
      order = next;
      slide(drag.item);
    }
    follow(clientX, clientY);
  });
  place.addEventListener('pointerup', () => drop(true));
  place.addEventListener('pointercancel', () => drop(false));

  return {
    get program() { return composed(dealt, order.used); },
    /** Show the order that makes this program, if there is one. @param {string} program */
    show: (program) => {
      const used = orderOf(dealt, program);
      if (used) order = { used, left: all.filter((number) => !used.includes(number)) };
      draw();
    },
  };
};
