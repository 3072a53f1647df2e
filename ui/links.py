"""A chapter's settings in the page's address, so that a link brings back what was on the screen.

`?chapter=autograd&learning_rate=0.05&hide=start.0` opens that chapter with that learning rate, and
without the control that is named. A figure says in its markup what was asked of it, and the browser
keeps that in the address; so the address is never ahead of what is shown, nor behind it.
"""

import json
from collections.abc import Mapping
from html import escape
from typing import Any

import gradio as gr
from gradio.components import Component

from service import InvalidInput
from ui.fields import Data, Fields, exact

CHAPTER, HIDE = "chapter", "hide"
OPEN, RUN, FINGERPRINT = "open", "run", "fingerprint"
"""A model to be shown as it is; a whole training, to be run again, and what it came to."""
KEPT = [HIDE, "__theme"]

# Chapters are told apart by their tabs. A page that is loaded again, by hand or after a lost
# connection, opens at the chapter of its address, or else at the one it was at.
SCRIPT = """
() => {
  const tab = '[role=tab][data-tab-id]', key = 'backprop-lab-chapter', links = {};
  let pending = null;
  const asked = new URLSearchParams(location.search).get('chapter');
  const last = asked ?? localStorage.getItem(key);
  const chapter = () => document.querySelector(tab + '[aria-selected=true]')?.dataset.tabId;
  const write = (id) => {
    const before = new URLSearchParams(location.search);
    const query = new URLSearchParams(Object.assign({ chapter: id }, ...Object.values(links[id] ?? {})));
    for (const kept of KEPT) if (before.has(kept)) query.set(kept, before.get(kept));
    if (location.search !== '?' + query) history.replaceState(history.state, '', '?' + query);
  };
  const flush = () => { if (pending) { clearTimeout(pending); pending = null; write(chapter()); } };
  // A chapter has several parts, and each says what is its own.
  window.labLink = (id, part, values) => {
    links[id] = { ...links[id], [part]: values };
    if (chapter() !== id) return;
    // Browsers limit how often an address may change, and a slider moves more often.
    pending ??= setTimeout(flush, 300);
  };
  addEventListener('pagehide', flush);
  [...document.querySelectorAll(tab)].find((each) => each.dataset.tabId === last)?.click();
  document.addEventListener('click', (event) => {
    const clicked = event.target.closest(tab);
    if (!clicked || !event.isTrusted) return;
    localStorage.setItem(key, clicked.dataset.tabId);
    write(clicked.dataset.tabId);
  });
}
""".replace("KEPT", json.dumps(KEPT))


WRITER = """
const tell = () => {
  const said = element.querySelector('[data-link]');
  if (said) window.labLink?.(...JSON.parse(said.dataset.link));
};
watch('value', tell);
tell();
"""
"""What the figure that holds the markup of `link` does."""


def link(chapter: str, part: str, fields: Fields, held: Data) -> str:
    """Markup for a figure: what the address is to say about the fields of this part of the chapter."""
    values = {
        name: _encoded(held[field.component]) for name, field in fields.items() if field.component in held
    }
    return f'<i hidden data-link="{escape(json.dumps([chapter, part, values]))}"></i>'


def linked(chapter: str, fields: Fields, request: gr.Request) -> dict[Component, Any]:
    """What the address says about the chapter's controls: component -> value.

    Raises InvalidInput for a value that the control cannot hold.
    """
    asked: Mapping[str, str] = dict(request.query_params)
    if asked.get(CHAPTER) != chapter:
        return {}
    return {
        field.component: _decoded(name, field.component, asked[name])
        for name, field in fields.items()
        if name in asked
    }


def asked(chapter: str, request: gr.Request, name: str) -> str | None:
    """What the address says about `name`, if it is about the chapter at all."""
    query: Mapping[str, str] = dict(request.query_params)
    return query.get(name) if query.get(CHAPTER) == chapter else None


def hidden(fields: Fields, request: gr.Request) -> list[Component]:
    """The controls that the address asks to hide."""
    names = dict(request.query_params).get(HIDE, "").split(",")
    return [field.component for name, field in fields.items() if name in names]


def settled(values: Data, sight: Mapping[Component, bool], data: Data) -> dict[Component, Any]:
    """The updates that make controls hold `values`, and come into sight or go out of it.

    `data` is what they hold otherwise: in a tab that nobody has opened yet, a control that is told
    only whether to be seen would lose its value.
    """
    updates = {component: gr.update(value=value) for component, value in values.items()}
    for component, visible in sight.items():
        updates[component] = gr.update(value=values.get(component, data[component]), visible=visible)
    return updates


def _encoded(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return exact(value) if isinstance(value, int | float) else str(value if value is not None else "")


def _decoded(name: str, component: Component, text: str) -> Any:
    if isinstance(component, gr.Checkbox):
        if text not in ("true", "false"):
            raise InvalidInput(name, text, "true or false")
        return text == "true"
    chosen = isinstance(component, gr.Radio | gr.Dropdown)
    # A set that somebody has uploaded is not in the list; the service knows whether it is there.
    if chosen and not getattr(component, "allow_custom_value", False):
        values = [value for _, value in component.choices]
        if text not in values:
            raise InvalidInput(name, text, "one of " + ", ".join(map(str, values)))
        return text
    if isinstance(component, gr.HTML | gr.Number):
        try:
            number = float(text)
        except ValueError:
            return text
        return int(number) if number.is_integer() else number
    return text
