/**
 * What is to be drawn of a loss curve, and said: a pure function of the curve, of the one before, and of the axis.
 */
(() => {
  /** @typedef {{ position: (value: number) => number, ticks: Tick[] }} Axis */
  /** @typedef {{ steps: number[], losses: number[] }} Line */

  const SIZE = 1000; // of the square that places are in
  const FAR = 1e9; // where floats still tell places apart
  const MOST_POINTS = 400;
  const SMALLEST_DRAWN = 1e-300; // below this an axis has no ticks that a float can hold
  const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
  /** @param {number} loss */
  const short = (loss) => window.labGeneral(loss, 4);

  /** @template T @param {T[]} items */
  const last = (items) => items[items.length - 1];
  /** @param {number[]} values */
  const highest = (values) => values.reduce((a, b) => Math.max(a, b));
  /** @param {number[]} values */
  const lowest = (values) => values.reduce((a, b) => Math.min(a, b));
  /**
   * At most MOST_POINTS of the items, evenly chosen, the first and the last always among them.
   * @template T @param {T[]} items @returns {T[]}
   */
  const thin = (items) => items.length <= MOST_POINTS ? items : Array.from(
    { length: MOST_POINTS }, (_, index) => items[Math.round(index * (items.length - 1) / (MOST_POINTS - 1))]);
  /** @param {number[]} steps @param {number} wanted */
  const nearest = (steps, wanted) => steps.reduce(
    (best, step, index) => Math.abs(step - wanted) < Math.abs(steps[best] - wanted) ? index : best, 0);

  /**
   * The losses of the examples held out, in parts: not every job need have held some out.
   * @param {Curve} curve @returns {Line[]}
   */
  const heldOut = ({ step, held_out_loss }) => {
    /** @type {Line[]} */
    const parts = [];
    held_out_loss.forEach((loss, index) => {
      if (loss === null) return;
      if (!index || held_out_loss[index - 1] === null) parts.push({ steps: [], losses: [] });
      last(parts).steps.push(step[index]);
      last(parts).losses.push(loss);
    });
    return parts;
  };

  // In words

  /** @param {string} name @param {Line} line */
  const course = (name, { steps, losses }) => {
    /** @param {number} index */
    const at = (index) => `${short(losses[index])} at step ${grouped.format(steps[index])}`;
    const end = steps.length - 1, least = losses.indexOf(lowest(losses));
    const whole = `${name} ${at(0)}${end ? `, ${at(end)}` : ''}`;
    return losses[least] < losses[end] ? `${whole}; lowest ${at(least)}.` : `${whole}.`;
  };
  /** @param {Curve} curve @param {Line[]} parts */
  const summary = ({ step, loss }, parts) => [
    course('Loss', { steps: step, losses: loss }),
    ...(parts.length ? [course('On the examples held out', {
      steps: parts.flatMap(({ steps }) => steps), losses: parts.flatMap(({ losses }) => losses),
    })] : []),
  ].join(' ');

  // The axes

  /** Its power of ten, rounded down; no logarithm says it so exactly. @param {number} value */
  const decade = (value) => Number(value.toExponential().split('e')[1]);
  /** @param {number} low @param {number} high @param {(tick: number) => string} label @returns {Axis} */
  const linearAxis = (low, high, label, least = 0) => {
    const span = high - low, power = Number(`1e${decade(span / 4)}`);
    const factor = [1, 2, 5].find((each) => span / (power * each) <= 5) ?? 10;
    const stride = Math.max(least, power * factor), first = Math.ceil(low / stride);
    const ticks = Array.from({ length: Math.floor(high / stride) - first + 1 }, (_, k) => stride * (first + k));
    const position = (/** @type {number} */ value) => (value - low) / span;
    return { position, ticks: ticks.map((tick) => ({ at: position(tick), label: label(tick) })) };
  };
  /** Over the decades of what is above 0; 0 itself lies on the lower edge. @param {number[]} values @returns {Axis} */
  const logAxis = (values) => {
    const positive = values.filter((value) => value > 0);
    const least = positive.length ? lowest(positive) : 1, most = positive.length ? highest(positive) : 1;
    const low = decade(least), round = Number(`1e${decade(most)}`) === most;
    const high = Math.max(decade(most) + (round ? 0 : 1), low + 1), span = high - low;
    const stride = Math.ceil(span / 6);
    return {
      position: (value) => value > 0 ? (Math.log10(value) - low) / span : 0,
      ticks: Array.from({ length: Math.floor(span / stride) + 1 }, (_, k) => low + stride * k)
        .map((ten) => ({ at: (ten - low) / span, label: ten ? `1e${ten}` : '1' })),
    };
  };

  // What is drawn

  /** The parts of a line that lie in the square. @param {Place[]} places @returns {Place[][]} */
  const clipped = (places) => {
    /** @type {Place[][]} */
    const parts = [];
    let within = false;
    places.slice(1).forEach(([right, bottom], index) => {
      const [left, top] = places[index];
      let enter = 0, leave = 1;
      for (const [from, by] of [[left, right - left], [top, bottom - top]]) {
        const inside = from >= 0 && from <= SIZE;
        const [near, far] = by ? [-from / by, (SIZE - from) / by] : inside ? [0, 1] : [2, 2];
        enter = Math.max(enter, Math.min(near, far));
        leave = Math.min(leave, Math.max(near, far));
      }
      if (enter <= leave) {
        const [start, end] = [enter, leave].map(
          (at) => /** @type {Place} */ ([left + at * (right - left), top + at * (bottom - top)]));
        if (!within || enter > 0) parts.push([start]);
        last(parts).push(end);
      }
      within = enter <= leave && leave === 1;
    });
    return parts;
  };

  /** @type {Picture} */
  const NOTHING = {
    told: '', before: false, heldOut: false, across: [], up: [], floors: [], strokes: [], ends: [], steps: [],
    read: () => ({ place: [0, 0], dots: [], words: '' }), under: () => 0, nearest: () => 0,
  };

  window.labLossPicture = (curve, before, log) => {
    if (!curve?.step.length) return NOTHING;
    const { floor } = curve, parts = heldOut(curve);
    const points = thin(curve.step.map((step, index) => (
      { step, loss: curve.loss[index], heldOut: curve.held_out_loss[index] })));
    const steps = points.map(({ step }) => step);
    const lines = [
      { style: 'trained', steps, losses: points.map(({ loss }) => loss) },
      ...parts.map((part) => ({ style: 'held-out', steps: thin(part.steps), losses: thin(part.losses) })),
    ];
    const heights = [...(floor ? [floor.at] : []), ...lines.flatMap(({ losses }) => losses)];
    const most = highest(heights);
    const begin = steps[0], end = Math.max(last(steps), begin + 1);
    const across = linearAxis(begin, end, grouped.format, 1);
    const up = log ? logAxis(heights) : linearAxis(0, most > SMALLEST_DRAWN ? most : 1, short);
    /** @param {number} step @param {number} loss @returns {Place} */
    const place = (step, loss) => [SIZE * across.position(step), SIZE * (1 - up.position(loss))];
    const strokes = lines.map(({ style, ...line }) => (
      { style, places: line.steps.map((step, index) => place(step, line.losses[index])) }));
    const far = (before?.step ?? []).map((step, index) => /** @type {Place} */ (
      place(step, before?.loss[index] ?? 0).map((each) => Math.max(-FAR, Math.min(FAR, each)))));

    /** @param {number} index @returns {Reading} */
    const read = (index) => {
      const { step, loss, heldOut } = points[index];
      const told = [{ style: 'trained', at: step, loss, words: `loss ${short(loss)}` }];
      if (heldOut !== null) told.push({ style: 'held-out', at: step, loss: heldOut, words: `held out ${short(heldOut)}` });
      if (before?.step.length && step >= before.step[0] && step <= last(before.step)) {
        const found = nearest(before.step, step), at = before.step[found], was = before.loss[found];
        const where = at === step ? '' : ` at step ${grouped.format(at)}`;
        told.push({ style: 'before', at, loss: was, words: `before the change ${short(was)}${where}` });
      }
      const dots = told.map(({ style, at, loss }) => ({ style, place: place(at, loss) }));
      return {
        place: place(step, loss),
        dots: dots.reverse().filter(({ place }) => place.every((each) => each > -1 && each < SIZE + 1)),
        words: `step ${grouped.format(step)}: ${told.map(({ words }) => words).join(', ')}`,
      };
    };
    return {
      told: summary(curve, parts),
      before: Boolean(before?.step.length),
      heldOut: parts.length > 0,
      across: across.ticks,
      up: up.ticks,
      floors: floor ? [{ at: up.position(floor.at), label: floor.label }] : [],
      strokes: [...clipped(thin(far)).map((places) => ({ style: 'before', places })), ...strokes],
      ends: strokes.map(({ style, places }) => ({ style, place: last(places) })),
      steps,
      read,
      under: (at) => nearest(steps, begin + at * (end - begin)),
      nearest: (step) => nearest(steps, step),
    };
  };
})();
