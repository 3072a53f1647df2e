/** The buttons of the panel with which a run leaves the page. Files come from the public endpoint. */
/** @param {string} text */
const say = (text) => element.querySelector('.share-said')?.replaceChildren(text);
/**
 * @param {string | undefined} model
 * @param {string | undefined} format
 * @returns {Promise<{ path: string, orig_name: string }>}
 */
const exported = async (model, format) => {
  const call = 'gradio_api/call/export';
  const body = JSON.stringify({ data: [model, format] });
  const headers = { 'Content-Type': 'application/json' };
  const { event_id } = await (await fetch(window.labAddress(call), { method: 'POST', body, headers })).json();
  const answer = await (await fetch(window.labAddress(`${call}/${event_id}`))).text();
  const data = JSON.parse(answer.split('data:').at(-1) ?? '');
  if (!answer.startsWith('event: complete')) throw new Error(data?.error ?? data ?? 'The file was not made.');
  return data[0];
};
element.addEventListener('click', async (event) => {
  const button = event.target instanceof Element && event.target.closest('button[data-share]');
  if (!(button instanceof HTMLElement)) return;
  const { share, format, model } = button.dataset;
  if (share === 'link') {
    const link = window.labPublic(element.querySelector('.share-link')?.getAttribute('href') ?? '');
    try {
      await navigator.clipboard.writeText(link);
      say('The link has been copied.');
    } catch {  // a frame of another site may not write to the clipboard
      say(link);
    }
  }
  if (share === 'file') {
    say('One moment ...');
    try {
      const { path, orig_name } = await exported(model, format);
      const href = window.labAddress(`gradio_api/file=${encodeURI(path)}`);
      Object.assign(document.createElement('a'), { href: href.href, download: orig_name }).click();
      say(`${orig_name} has been downloaded.`);
    } catch (error) {
      say(error instanceof Error ? error.message : String(error));
    }
  }
});
