/** The colors of a program that is written: a copy of it that lies under the text. */

const TOKEN = new RegExp([
  /(?<comment>#[^\n]*)/,
  /(?<string>[rfb]{0,2}(?:"""[^]*?(?:"""|$)|'''[^]*?(?:'''|$)|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?))/,
  /\b(?<keyword>and|as|assert|break|class|continue|def|del|elif|else|except|False|finally|for|from|global|if|import|in|is|lambda|None|nonlocal|not|or|pass|raise|return|True|try|while|with|yield)\b/,
].map(({ source }) => source).join('|'), 'g');
/** As PARTS in ui/components/program.py. @type {[kind: string, line: RegExp][]} */
const PARTS = [
  ['forward', /^\s*(my_latent_value|loss) = /],
  ['backprop', /^.*\.backward\(\)/],
  ['optimize', /^.*\.step\(\)/],
  ['reset', /^.*\.zero_grad\(\)/],
];

/** @param {string} kind @param {string} text */
const colored = (kind, text) => Object.assign(document.createElement('span'), { className: kind, textContent: text });
/** @param {string} line @returns {(string | Node)[]} */
const partOf = (line) => {
  const part = PARTS.find(([, pattern]) => pattern.test(line));
  return [part ? colored(`part-line ${part[0]}`, line) : line];
};

/** The program, its comments, strings, keywords and the parts of a round each in its color. @param {string} program */
export const colors = (program) => {
  /** @type {(string | Node)[]} */
  const pieces = [];
  let end = 0;
  for (const { 0: text, index, groups } of program.matchAll(TOKEN)) {
    const kind = Object.keys(groups ?? {}).find((name) => groups?.[name] !== undefined) ?? '';
    pieces.push(...program.slice(end, index).split(/(?<=\n)/).flatMap(partOf), colored(`code-${kind}`, text));
    end = index + text.length;
  }
  return [...pieces, ...program.slice(end).split(/(?<=\n)/).flatMap(partOf), '\n'];
};
