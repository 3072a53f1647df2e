/** How far a learner has come with the exercises, and her programs: kept in the browser, and carried as a file. */

/** @typedef {'new' | 'tried' | 'done'} State */
/**
 * @typedef {object} Kept What is kept of an exercise, or of a program of her own.
 * @property {State} state
 * @property {number} hints How many she has taken.
 * @property {string} [program] Hers, where it is not the one to begin with.
 */
/** @typedef {Record<string, Kept>} Progress By the names of the exercises. */

const KEY = 'backprop-lab-exercises';
const FORMAT = 'backprop-lab-progress';
const VERSION = 1;
export const FILE_NAME = `${FORMAT}.json`;
const MAX_CHARACTERS = 1_000_000;
/** As service/sandbox/report.py has it: a longer one could not be run. */
const MAX_PROGRAM_CHARACTERS = 20_000;
/** @type {State[]} */
const STATES = ['new', 'tried', 'done'];
/** @type {Kept} */
const NOTHING = { state: 'new', hints: 0 };

/** @param {unknown} value @returns {value is Record<string, unknown>} */
const isRecord = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** What is kept of one exercise; null where that is not what `told` tells. @param {unknown} told @returns {Kept | null} */
const read = (told) => {
  if (!isRecord(told)) return null;
  const { hints = 0, program } = told;
  const state = STATES.find((each) => each === told.state);
  if (!state || typeof hints !== 'number' || !Number.isInteger(hints) || hints < 0) return null;
  if (program === undefined) return { state, hints };
  return typeof program === 'string' && program.length <= MAX_PROGRAM_CHARACTERS ? { state, hints, program } : null;
};

/** The progress that a text tells; null where it tells none. @param {string} text @returns {Progress | null} */
export const parse = (text) => {
  if (text.length > MAX_CHARACTERS) return null;
  try {
    const told = JSON.parse(text);
    if (!isRecord(told) || told.format !== FORMAT || told.version !== VERSION || !isRecord(told.exercises)) return null;
    const entries = Object.entries(told.exercises).map(([name, each]) => /** @type {const} */ ([name, read(each)]));
    return entries.some(([, kept]) => !kept) ? null : /** @type {Progress} */ (Object.fromEntries(entries));
  } catch {
    return null;
  }
};

/** @param {Progress} progress */
export const format = (progress) =>
  JSON.stringify({ format: FORMAT, version: VERSION, exercises: progress }, null, 2);

/** The better of two states. @param {State} one @param {State} other */
const better = (one, other) => STATES[Math.max(STATES.indexOf(one), STATES.indexOf(other))];

/**
 * What was kept, and what is brought: of each exercise the better state, and the program of that; of two that are as
 * good, what is brought.
 * @param {Progress} kept @param {Progress} brought @returns {Progress}
 */
export const merge = (kept, brought) => {
  const merged = { ...kept };
  for (const [name, theirs] of Object.entries(brought)) {
    const ours = kept[name] ?? NOTHING;
    const state = better(ours.state, theirs.state);
    const [first, second] = state === theirs.state ? [theirs, ours] : [ours, theirs];
    const program = first.program ?? second.program;
    merged[name] = { state, hints: Math.max(ours.hints, theirs.hints), ...(program !== undefined && { program }) };
  }
  return merged;
};

/** What the browser has no room for. @type {Progress | null} */
let unkept = null;

/** What the browser has kept; another tab may have changed it meanwhile. @returns {Progress} */
export const kept = () => unkept ?? parse(localStorage.getItem(KEY) ?? '') ?? {};

/** @param {string} name @returns {Kept} */
export const keptOf = (name) => kept()[name] ?? NOTHING;

/** @param {Progress} progress */
export const keep = (progress) => {
  try {
    localStorage.setItem(KEY, format(progress));
    unkept = null;
  } catch {
    unkept = progress; // as long as the page is there
  }
};

/** Keep what has changed of one exercise; what is done stays done. @param {string} name @param {Partial<Kept>} change */
export const change = (name, change) => {
  const before = keptOf(name);
  const after = { ...before, ...change, state: better(before.state, change.state ?? 'new') };
  if (after.program && after.program.length > MAX_PROGRAM_CHARACTERS) after.program = before.program;
  keep({ ...kept(), [name]: after });
};
