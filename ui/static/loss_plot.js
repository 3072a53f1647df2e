/**
 * The loss curve on the page, in the static markup of components/loss_plot.py: drawn in one way, whoever computed it.
 * The elements that there are take on what loss_picture.js says, so a drawing leaves nothing behind, and no trace of
 * the one before. A slider over the panel reads the curve: by its keys, or where the pointer is.
 */
(() => {
  /** @typedef {[attributes: Record<string, string>, words?: string]} Told */
  const SIZE = 1000;
  const IN_USE = ':hover, :focus, [data-pressed]';

  /** @param {number} at */
  const percent = (at) => `${(100 * at).toFixed(2)}%`;
  /** @param {Element} node @param {Record<string, string>} attributes @param {string} [words] */
  const put = (node, attributes, words) => {
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    if (words === undefined) return;
    if (node.firstChild) node.firstChild.nodeValue = words;
    else node.append(words);
  };
  /**
   * Have the parent hold an element for each item, with what is `told` of it: its attributes, and its words.
   * @template T @param {Element} parent @param {string} name @param {T[]} items @param {(item: T) => Told} told
   */
  const fill = (parent, name, items, told) => {
    while (parent.children.length > items.length) parent.lastElementChild?.remove();
    while (parent.children.length < items.length)
      parent.append(document.createElementNS(parent.namespaceURI, name));
    items.forEach((item, index) => put(parent.children[index], ...told(item)));
  };
  /** @param {number} at @returns {Record<string, string>} */
  const level = (at) => {
    const y = (SIZE * (1 - at)).toFixed(1);
    return { x1: '0', y1: y, x2: String(SIZE), y2: y };
  };
  /** @param {string} kind @returns {(dot: Dot) => Told} */
  const dotted = (kind) => ({ place: [x, y], style }) => [
    { class: `${kind} ${style}`, style: `left:${percent(x / SIZE)};top:${percent(y / SIZE)}` }];

  window.labLossPlot = (root) => {
    /** @template {Element} E @param {string} selector @param {new () => E} kind */
    const own = (selector, kind) => {
      const found = root.querySelector(selector);
      if (!(found instanceof kind)) throw new Error(`${selector} is missing`);
      return found;
    };
    const [figure, empty, panel] = ['.loss-plot', '.empty', '.plot-panel'].map((each) => own(each, HTMLElement));
    const [key, keyWithHeldOut] = figure.querySelectorAll('.loss-plot > .key');
    const [grid, floors, strokes] = own('.plot-area', SVGElement).children;
    const reader = own('.plot-reader', HTMLInputElement), log = own('[value=log]', HTMLInputElement);
    let shown = window.labLossPicture(null, null, false);
    /** @type {[Curve | null, Curve | null]} */
    let drawn = [null, null];
    /** @type {number | null} How far across the pointer is, from 0 to 1. */
    let pointed = null;

    /** @param {number} index */
    const read = (index) => {
      const { place: [x, y], dots, words } = shown.read(index), left = percent(x / SIZE);
      reader.value = String(index);
      reader.setAttribute('aria-valuetext', words);
      put(own('.plot-cross', Element), { style: `left:${left}` });
      // Shifted by as much of its own width, so that it ends where the panel does; and away from the curve.
      put(own('.plot-readout', Element), {
        style: `left:${left};transform:translateX(-${left});${y > SIZE / 2 ? 'top' : 'bottom'}:0`,
      }, words);
      fill(own('.plot-read', Element), 'span', dots, dotted('plot-at'));
    };
    const draw = () => {
      const step = shown.steps[Number(reader.value)], reading = reader.matches(IN_USE);
      shown = window.labLossPicture(...drawn, log.checked);
      const { told, before, heldOut, across, up, steps } = shown;
      empty.hidden = told !== '';
      figure.hidden = told === '';
      key.toggleAttribute('hidden', heldOut);
      keyWithHeldOut.toggleAttribute('hidden', !heldOut);
      put(figure, { 'aria-label': told, 'data-before': String(before) });
      put(own('figcaption', Element), {}, told);
      panel.className = `plot-panel plot-${log.checked ? 'log' : 'linear'}`;
      fill(own('.plot-y', Element), 'span', up, ({ at, label }) => [{ style: `bottom:${percent(at)}` }, label]);
      fill(own('.plot-x', Element), 'span', across, ({ at, label }) => [{ style: `left:${percent(at)}` }, label]);
      fill(grid, 'line', up, ({ at }) => [level(at)]);
      fill(floors, 'line', shown.floors, ({ at }) => [{ class: 'plot-mark', ...level(at) }]);
      fill(own('.plot-floors', Element), 'span', shown.floors, ({ at, label }) => [
        { class: 'plot-words', style: `right:0.25rem;top:${percent(1 - at)}` }, label]);
      fill(strokes, 'polyline', shown.strokes, ({ style, places }) => [
        { class: style, points: places.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ') }]);
      fill(own('.plot-ends', Element), 'span', shown.ends, dotted('plot-last'));
      reader.max = String(Math.max(0, steps.length - 1));
      read(!reading || !told ? steps.length - 1 : pointed === null ? shown.nearest(step) : shown.under(pointed));
    };

    /** @param {PointerEvent} event */
    const point = ({ clientX }) => {
      const { left, width } = reader.getBoundingClientRect();
      pointed = (clientX - left) / width;
      read(shown.under(pointed));
    };
    for (const type of /** @type {const} */ (['pointerenter', 'pointermove'])) reader.addEventListener(type, point);
    reader.addEventListener('pointerdown', (event) => {
      reader.toggleAttribute('data-pressed', true);
      reader.setPointerCapture(event.pointerId);
      point(event);
    });
    reader.addEventListener('lostpointercapture', () => reader.removeAttribute('data-pressed'));
    // A finger that is lifted leaves nothing there; one that scrolls does not come here.
    reader.addEventListener('pointerup', () => reader.focus({ preventScroll: true }));
    reader.addEventListener('pointerleave', () => { pointed = null; });
    // The browser has moved it by its own measure, which is not that of the steps.
    reader.addEventListener('input', () => {
      if (!reader.matches('[data-pressed]')) pointed = null;
      read(pointed === null ? Number(reader.value) : shown.under(pointed));
    });
    for (const radio of root.querySelectorAll('.plot-scale input')) radio.addEventListener('change', draw);
    draw();
    return { draw: (curve, before) => { drawn = [curve, before]; draw(); } };
  };
})();
