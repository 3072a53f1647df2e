/** Has the server run a program, and hears what it tells: see ui/written.py. */

/** @import { Ended, Progress } from './written' */

/** What the server keeps this page's programs together by. */
const OWNER = Math.random().toString(36).slice(2);
const UNREACHED = 'The server does not answer. Try once more in a moment.';

/** @param {string} path @param {object} asked @param {AbortSignal} [signal] */
const post = async (path, asked, signal) => {
  const headers = { 'Content-Type': 'application/json' };
  const answer = await fetch(window.labAddress(path), { method: 'POST', body: JSON.stringify(asked), headers, signal });
  if (answer.ok) return answer;
  throw new Error((await answer.json().catch(() => ({}))).refused ?? UNREACHED);
};

/**
 * Run the program, or check it where it is for an exercise. Throws an Error whose message is a sentence; what `signal`
 * ends is not told of.
 * @param {{ program: string, exercise?: string }} asked
 * @param {AbortSignal} signal
 * @param {(progress: Progress) => void} told
 * @returns {Promise<Ended>}
 */
export const run = async (asked, signal, told) => {
  const path = asked.exercise === undefined ? 'lab/run' : 'lab/check';
  try {
    const answer = await post(path, { ...asked, owner: OWNER }, signal);
    for await (const event of events(answer)) {
      if ('refused' in event) throw new Error(event.refused);
      if ('end' in event) return event;
      told(event.progress);
    }
  } catch (error) {
    // What fetch throws has a message for programmers.
    throw error instanceof TypeError ? new Error(UNREACHED) : error;
  }
  throw new Error(UNREACHED);
};

/** @param {Response} answer */
async function* events({ body }) {
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (;;) {
    const { done, value } = await reader?.read() ?? { done: true, value: undefined };
    if (done) return;
    const lines = (text + value).split('\n');
    text = lines.pop() ?? '';
    for (const line of lines) if (line.startsWith('data: ')) yield JSON.parse(line.slice(6));
  }
}

/** What a network answers, as HTML. Throws as `run`. @param {string | undefined} model_id @param {string} vectors */
export const predict = async (model_id, vectors) => {
  try {
    return /** @type {string} */ ((await (await post('lab/predict', { model_id, vectors })).json()).html);
  } catch (error) {
    throw error instanceof TypeError ? new Error(UNREACHED) : error;
  }
};
