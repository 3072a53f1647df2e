/** A link that holds a program: packed into the page's address, and read from there. */

export const MOST_PACKED = 6000; // characters of the packed program: longer addresses do not arrive everywhere
const MOST_CHARACTERS = 20_000; // as MAX_PROGRAM_CHARACTERS in service/sandbox/report.py
const NAME = 'program';
const DAMAGED = 'The program in this link is damaged: copy the link once more, all of it.';
const TOO_LARGE = `The program in this link is longer than ${MOST_CHARACTERS.toLocaleString('en-US')} characters.`;

/** Its text compressed, in letters that an address may hold. @param {string} program */
export const packed = async (program) => {
  const stream = new Blob([program]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  const base64 = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  return base64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
};

/** @param {string} text */
const unpacked = async (text) => {
  let bytes;
  try {
    const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
    bytes = Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
  } catch {
    throw new Error(DAMAGED);
  }
  const reader = new Blob([bytes]).stream()
    .pipeThrough(new DecompressionStream('deflate-raw'))
    .pipeThrough(new TextDecoderStream('utf-8', { fatal: true })).getReader();
  let program = '';
  for (;;) {
    const { done, value } = await reader.read().catch(() => { throw new Error(DAMAGED); });
    if (done) return program;
    program += value;
    if (program.length <= MOST_CHARACTERS) continue;
    reader.cancel().catch(() => {}); // a small text may unpack to gigabytes
    throw new Error(TOO_LARGE);
  }
};

/** The address of the page that opens with this program, and runs it; null if it would be too long. @param {string} program */
export const linkOf = async (program) => {
  const text = await packed(program);
  return text.length > MOST_PACKED ? null : window.labPublic(`?chapter=write&${NAME}=${text}`);
};

/** The program that the page's address holds, if it does. Throws an Error that says so where it is damaged. */
export const programOfAddress = async () => {
  const text = new URLSearchParams(location.search).get(NAME);
  return text === null ? null : unpacked(text);
};
