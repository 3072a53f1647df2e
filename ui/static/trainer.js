/**
 * Trains in the page while a slider of a bench moves, and says whether the server, which trains the same once the thumb
 * rests, has come to the same bits.
 */
import { showAnswers, showStatus, tested } from './figures.js';

/** @import { Done, Live, Shown, ToPage, View } from './work' */

/** A server that is reached answers before that. */
const LOST_MS = 5000;
const PAGE = 'Computed in this page.';
const WAITING = `${PAGE} The server is training the same.`;
const UNANSWERED = `${PAGE} The server does not answer.`;
const AGREED = 'Computed in this page and on the server: the same bits.';

/**
 * What a bench lends to its trainer.
 * @typedef {object} Bench
 * @property {HTMLElement} element Around its controls and figures; `data-ready` once a move trains in the page.
 * @property {HTMLElement} run Around its status and its curve.
 * @property {HTMLElement} status The panel for the status of what the page trains.
 * @property {HTMLElement} where The line that says where the numbers were computed, and below, that it was the server.
 * @property {string} server
 * @property {Element | null} predictions
 * @property {Record<string, string>} sliders The names of the fields, by the ids of their sliders.
 * @property {() => Shown} shown What the server has said last.
 * @property {(curve: Curve, begins: boolean) => void} draw Draws a curve, maybe the first of a move.
 */

/** What the sliders hold that are on the page; nothing where one holds no number. @param {Bench} bench */
const held = ({ sliders }) => {
  /** @type {Live} */
  const values = {};
  for (const [id, name] of Object.entries(sliders)) {
    /** @type {HTMLElement | null} */
    const slider = document.querySelector(`#${id} [data-value]`);
    if (!slider) continue; // hidden, or folded away
    const value = JSON.parse(slider.dataset.value ?? 'null');
    if (typeof value !== 'number') return null;
    values[name] = value;
  }
  return values;
};
/** @param {Live} one @param {Live} other */
const same = (one, other) => Object.keys(one).every((name) => one[name] === other[name]);
/** @param {Done} done @param {View[]} views */
const flat = ({ named }, views) => Float32Array.from(views.flatMap(({ name }) => named[name]));
/** @param {Float32Array<ArrayBuffer>} numbers */
const bytes = (numbers) => new Uint8Array(numbers.buffer);

/**
 * As in service/training/fingerprint.py; browsers have SHA-256 only where the page came over https, or from this machine.
 * @param {Done} done @param {View[]} views
 */
const fingerprint = async ({ named }, views) => {
  if (!globalThis.crypto?.subtle) return 'unknown, for this page was not sent over https';
  const sorted = [...views].sort((one, other) => (one.name < other.name ? -1 : 1));
  const parts = sorted.map(({ name, shape }) => [
    new TextEncoder().encode(`${name} [${shape.join(', ')}] `), bytes(Float32Array.from(named[name])),
  ]);
  const digest = await crypto.subtle.digest('SHA-256', await new Blob(parts.flat()).arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('').slice(0, 16);
};

/** @param {Done} done @param {View[]} views @param {string} weights In base64. */
const sameWeights = (done, views, weights) => {
  const [own, there] = [bytes(flat(done, views)), atob(weights)];
  return own.length === there.length && own.every((byte, index) => byte === there.charCodeAt(index));
};
/**
 * Whether the losses of the recorded steps are the same; but of the last before a divergence, which the server sums in
 * another order.
 * @param {Done} done @param {Curve} curve
 */
const sameLosses = ({ curve: own, diverged_at }, curve) => {
  const compared = diverged_at === null ? own.step : own.step.slice(0, -1);
  return curve.step.length === own.step.length && compared.every((step, index) => step === curve.step[index]
    && own.loss[index] === curve.loss[index] && own.held_out_loss[index] === curve.held_out_loss[index]);
};

/** The trainer of a bench, which gets ready at once. @param {Bench} bench */
export const trainer = (bench) => {
  const worker = new Worker(window.labAddress('lab/static/training_worker.js'), { type: 'module' });
  /** What the worker has been told, or is being told. */
  let asked = '';
  /** @type {{ of: string, views: View[], floor: Curve['floor'] } | null} */
  let ready = null;
  /** As far as the worker goes, once it has found a training too long; asked again with the next move. */
  let mostSteps = Infinity;
  let count = 0;
  /** What the worker has been asked, oldest first. @type {{ id: number, of: string, live: Live, release: () => void }[]} */
  let sent = [];
  /** What the page shows of its own. @type {{ of: string, live: Live, done: Done } | null} */
  let own = null;
  let agreed = '';
  /** Whether something else than a slider has been touched since the server said what a move trains. */
  let stale = false;
  /** Whether the thumb rests, and whether what the page trains next is the first of another move. */
  let [resting, moveBegins] = [true, true];
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let lost;

  /** @param {string} text @param {boolean} [loud] */
  const say = (text, loud = false) => {
    if (bench.where.textContent !== text) bench.where.textContent = text;
    bench.where.classList.toggle('disagreed', loud);
    bench.element.classList.toggle('page-agrees', text === AGREED);
  };

  const prepare = () => {
    const { hand } = bench.shown();
    if (!hand || stale || hand.of === asked) return;
    asked = hand.of;
    ready = null;
    delete bench.element.dataset.ready;
    const url = window.labAddress('lab/training');
    url.searchParams.set('of', hand.of);
    url.searchParams.set('seed', String(hand.live.seed));
    const folder = window.labAddress('lab/static/kernels').href;
    worker.postMessage({ of: hand.of, folder, url: url.href });
  };

  /** What the page trains is no more of interest; what it shows stays until the server answers. */
  const giveWay = () => {
    clearTimeout(lost);
    own = null;
    sent = [];
  };

  /**
   * Train what the sliders hold by now. Returns false where the server has to: then it is to be told at once.
   * @param {() => void} release Tells it, if that is found out later.
   */
  const move = (release) => {
    const { hand } = bench.shown();
    const values = held(bench);
    if (stale || !hand || !values || ready?.of !== hand.of) return giveWay(), false;
    const live = { ...hand.live, ...Object.fromEntries(Object.entries(values).filter(([name]) => name in hand.live)) };
    if (live.steps > mostSteps) return giveWay(), false;
    sent.push({ id: ++count, of: hand.of, live, release });
    clearTimeout(lost);
    worker.postMessage({ train: count, of: hand.of, live, vectors: tested(bench.predictions).inputs });
    return true;
  };

  const show = () => {
    if (!own || !ready) return;
    const begins = moveBegins;
    moveBegins = false;
    const { live, done } = own;
    bench.run.classList.add('by-page');
    showStatus(bench.status, live, done, ready.views);
    showAnswers(bench.predictions, tested(bench.predictions), done);
    bench.draw({ ...done.curve, floor: ready.floor }, begins);
  };

  const expectAnswer = () => {
    clearTimeout(lost);
    lost = setTimeout(() => { if (own) say(UNANSWERED); }, LOST_MS);
  };

  /** @param {Done} done */
  const finish = (done) => {
    const asked = sent.find(({ id }) => id === done.done);
    if (!asked) return;
    sent = sent.filter(({ id }) => id > asked.id);
    own = { ...asked, done };
    show();
    if (!compare()) say(resting && !sent.length ? WAITING : PAGE);
  };

  /** Whether the server has come to where the page has; if so, the two are compared, and the server's is shown. */
  const compare = () => {
    const shown = bench.shown();
    const { hand, result, curve } = shown;
    if (!own || !ready || !result || !curve || hand?.of !== own.of || !same(hand.live, own.live)) return false;
    const { done } = own;
    const { views } = ready;
    const [weights, losses] = [sameWeights(done, views, result.weights), sameLosses(done, curve)];
    clearTimeout(lost);
    own = null;
    bench.run.classList.toggle('by-page', sent.length > 0); // the thumb has moved on
    if (weights && losses) {
      agreed = result.fingerprint;
      say(AGREED);
    } else {
      const what = weights ? 'losses on the way differ' : 'weights differ';
      fingerprint(done, views).then((here) => say(
        `This page and the server disagree: ${what}. The weights\u2019 fingerprint is ${here} here, `
        + `${result.fingerprint} there. The server\u2019s are shown.`, true));
    }
    return true;
  };

  /** The server has said something new. Returns whether to show it. */
  const answered = () => {
    const { hand, result, working } = bench.shown();
    if (compare()) { stale = false; prepare(); return true; }
    const here = own ?? sent.at(-1);
    const ended = hand && here && same(hand.live, here.live) && !working; // and has come to nothing
    if (!stale && here?.of === hand?.of && here && !ended) { // of an earlier place of the thumb, or under way
      requestAnimationFrame(show);
      if (resting) expectAnswer();
      return false;
    }
    stale = false;
    giveWay();
    bench.run.classList.remove('by-page');
    prepare();
    say(!bench.shown().curve ? '' : result && result.fingerprint === agreed && hand ? AGREED : bench.server);
    return true;
  };

  /** The thumb rests, and the server has been told. */
  const rest = () => {
    resting = moveBegins = true;
    mostSteps = Infinity;
    if (!own && !sent.length) return;
    if (!sent.length) say(WAITING);
    expectAnswer();
  };

  worker.addEventListener('message', (/** @type {MessageEvent<ToPage>} */ { data }) => {
    if ('ready' in data) {
      if (data.ready !== asked) return;
      ready = { of: data.ready, views: data.views, floor: data.floor };
      bench.element.dataset.ready = '';
    } else if ('done' in data) {
      finish(data);
    } else if ('unable' in data) {
      if (data.unable === asked) asked = ''; // the next touch tries again
    } else {
      if ('slow' in data) mostSteps = data.most_steps;
      const last = sent.at(-1);
      if (last?.id !== ('slow' in data ? data.slow : data.unknown)) return;
      giveWay();
      last.release();
    }
  });
  worker.addEventListener('error', () => { asked = ''; ready = null; });

  prepare();
  return {
    /** @param {() => void} release */
    move: (release) => { resting = false; return move(release); },
    rest,
    answered,
    /** Something else than a slider has been touched. */
    touch: () => { stale = true; },
    prepare,
  };
};
