/** The exercises: their script is fetched now, when the chapter is first opened. */
import(window.labAddress('lab/static/write.js').href)
  .then((/** @type {typeof import('./write.js')} */ { openExercises }) => openExercises(element))
  .catch(() => element.replaceChildren(Object.assign(document.createElement('p'), {
    className: 'message', textContent: 'The exercises could not be fetched. Load the page again to try once more.',
  })));
