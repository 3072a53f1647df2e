/** The exercises: their script is fetched now, when the chapter is first opened. */
/** A private Space asks for the key of its frame with every request. @param {string} path */
const address = (path) => {
  const url = new URL(path, location.origin + location.pathname);
  const key = new URLSearchParams(location.search).get('__sign');
  if (key) url.searchParams.set('__sign', key);
  return url;
};
import(address('lab/static/write.js').href)
  .then((/** @type {typeof import('./write.js')} */ { openExercises }) => openExercises(element))
  .catch(() => element.replaceChildren(Object.assign(document.createElement('p'), {
    className: 'message', textContent: 'The exercises could not be fetched. Load the page again to try once more.',
  })));
