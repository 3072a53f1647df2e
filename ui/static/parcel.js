/**
 * Hands the browser the modules of Gradio's front end that came in one file: an import map says that they
 * are here. Where there are no import maps, or this has not arrived, each is fetched from the server.
 *
 * In the texts, `gradio/` stands before the name of a module, for a module that came in this way has no
 * address that another one could be relative to.
 * @param {Record<string, string>} modules the texts by their names
 * @param {string[]} sheets the names of the style sheets that the page has in one file
 */
(modules, sheets) => {
  if (!HTMLScriptElement.supports?.('importmap')) return;
  const assets = new URL('./assets/', document.baseURI).href;
  /** @type {Record<string, string>} */
  const imports = { 'gradio/': assets };
  for (const [name, text] of Object.entries(modules)) {
    const address = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
    imports[`gradio/${name}`] = imports[assets + name] = address;
  }
  const map = document.createElement('script');
  map.type = 'importmap';
  map.textContent = JSON.stringify({ imports });
  document.head.append(map);

  // Gradio fetches in advance what it is about to import, unless a link says that this is under way.
  for (const name of [...Object.keys(modules), ...sheets]) {
    const link = document.createElement('link');
    if (sheets.includes(name)) link.rel = 'stylesheet';
    link.setAttribute('disabled', '');
    link.href = assets + name;
    document.head.append(link);
  }
}
