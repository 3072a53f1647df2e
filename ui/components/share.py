"""A run to share and to take home: a link that trains it again, its fingerprint, and its files."""

from html import escape
from urllib.parse import urlencode

FILES = {
    "safetensors": "the weights",
    "onnx": "the network, for any runtime",
    "python": "the program, in plain PyTorch",
    "notebook": "the program, with plots",
    "csv": "the losses",
}
"""The formats of /export, and what is in them."""

# The files come from the public endpoint, as they do in a notebook.
SCRIPT = """
const say = (text) => { element.querySelector('.share-said').textContent = text; };
const exported = async (model, format) => {
  const call = new URL('gradio_api/call/export', location.origin + location.pathname);
  const body = JSON.stringify({ data: [model, format] });
  const headers = { 'Content-Type': 'application/json' };
  const { event_id } = await (await fetch(call, { method: 'POST', body, headers })).json();
  const answer = await (await fetch(`${call}/${event_id}`)).text();
  const data = JSON.parse(answer.split('data:').at(-1));
  if (!answer.startsWith('event: complete')) throw new Error(data?.error ?? data ?? 'The file was not made.');
  return data[0];
};
element.addEventListener('click', async (event) => {
  const { share, format, model } = event.target.closest('button[data-share]')?.dataset ?? {};
  if (share === 'link') {
    const link = element.querySelector('.share-link');
    try {
      await navigator.clipboard.writeText(link.href);
      say('The link is in the clipboard.');
    } catch {  // a frame of another site may not write to the clipboard
      say(link.href);
    }
  }
  if (share === 'file') {
    say('One moment ...');
    try {
      const file = await exported(model, format);
      const anchor = Object.assign(document.createElement('a'), { href: file.url, download: file.orig_name });
      anchor.click();
      say(`${file.orig_name} is among your downloads.`);
    } catch (error) {
      say(error.message);
    }
  }
});
"""


def share_panel(chapter: str, model_id: str, recipe: str | None, fingerprint: str) -> str:
    """Everything about one run that can leave the page; without a recipe there is no link."""
    files = "".join(
        f'<button type="button" class="quiet" data-share="file" data-format="{name}" '
        f'data-model="{model_id}">'
        f"<b>{name}</b> {what}</button>"
        for name, what in FILES.items()
    )
    return (
        '<details class="panel share fold"><summary>Share it, take it home</summary>'
        f"{_link(chapter, recipe, fingerprint)}"
        f"<p>Fingerprint of these weights: <code>{fingerprint}</code></p>"
        f'<div class="share-files">{files}</div><p class="share-said" role="status"></p></details>'
    )


def _link(chapter: str, recipe: str | None, fingerprint: str) -> str:
    if recipe is None:
        return "<p>This run has too many trainings for a link; the files have them all.</p>"
    query = urlencode({"chapter": chapter, "run": recipe, "fingerprint": fingerprint})
    return (
        f'<p><a class="share-link" href="?{escape(query)}">A link to this run</a> '
        '<button type="button" class="quiet" data-share="link">Copy the link</button> It trains '
        "the run again, wherever it is opened, and says whether the weights came out the same.</p>"
    )


def verdict(claimed: str | None, fingerprint: str) -> str:
    """Whether a run that a link has brought came out as the link says; nothing if it says nothing."""
    if claimed is None:
        return ""
    if claimed == fingerprint:
        return (
            '<p class="run-verdict" data-same="true"><span aria-hidden="true">✓</span> Trained again from '
            f"the link, here and now: the same weights to the bit (<code>{fingerprint}</code>).</p>"
        )
    return (
        '<p class="run-verdict" data-same="false"><span aria-hidden="true">✗</span> Trained again from the '
        f"link, but not to the same weights: the fingerprint is <code>{fingerprint}</code>, the link says "
        "otherwise. PyTorch may round differently on another processor, or the link was changed.</p>"
    )
