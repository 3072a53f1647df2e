/** The styles of what is not on the page at first. */

/** Have the page styled by one more of styles/. Without it, all is there, less neat. @param {string} name */
export const styled = (name) => new Promise((resolve) => {
  const href = window.labAddress(`lab/static/styles/${name}.css`).href;
  const link = Object.assign(document.createElement('link'), { rel: 'stylesheet', href });
  link.onload = link.onerror = resolve;
  document.head.append(link);
});
