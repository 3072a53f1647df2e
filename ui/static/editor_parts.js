/** What the editor's parts are made of. */

/**
 * An element of the class `name` that holds `children`.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} kind @param {string} name @param {(Node | string)[]} children @returns {HTMLElementTagNameMap[K]}
 */
export const part = (kind, name, ...children) => {
  const made = document.createElement(kind);
  if (name) made.className = name;
  made.append(...children);
  return made;
};

/** @param {string} kind @param {string} words @param {() => void} press */
export const button = (kind, words, press) => {
  const made = part('button', kind, words);
  made.type = 'button';
  made.addEventListener('click', press);
  return made;
};

/** A sign that only repeats what words say. @param {string} text */
export const sign = (text) => {
  const made = part('span', 'sign', text);
  made.ariaHidden = 'true';
  return made;
};

/** For those who hear the page. @param {string} words */
export const unseen = (words) => part('span', 'unseen', words);

/** Lines as they are; they can be scrolled by keyboard where there are many. @param {string} text @param {string} label */
export const lines = (text, label) => {
  const made = part('pre', '', text);
  if (text.split('\n').length > 12) Object.assign(made, { tabIndex: 0, role: 'region', ariaLabel: label });
  return made;
};

/** A sentence, with what stands between backticks set as code. @param {string} words */
export const sentence = (words) =>
  part('p', '', ...words.split('`').map((each, index) => (index % 2 ? part('code', '', each) : each)));
