/** The styles of what is not on the page at first. */
import { address } from './editor_run.js';

/** Have the page styled by one more of styles/. Without it, all is there, less neat. @param {string} name */
export const styled = (name) => new Promise((resolve) => {
  const href = address(`lab/static/styles/${name}.css`).href;
  const link = Object.assign(document.createElement('link'), { rel: 'stylesheet', href });
  link.onload = link.onerror = resolve;
  document.head.append(link);
});
