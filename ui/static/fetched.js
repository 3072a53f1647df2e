/** Where the page's scripts find what they fetch. A private Space asks for the key of its frame with every request. */
window.labAddress = (path) => {
  const url = new URL(path, location.origin + location.pathname);
  const key = new URLSearchParams(location.search).get('__sign');
  if (key) url.searchParams.set('__sign', key);
  return url;
};
