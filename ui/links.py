"""A chapter's controls in the page's address, so that a link brings back what was on the screen.

`?chapter=autograd&learning_rate=0.05&hide=start.0` opens that chapter with that learning rate, and
without the control that is named. Writing the address is the browser's work, reading it the server's.
"""

import json
from collections.abc import Mapping
from typing import Any

import gradio as gr
from gradio.components import Component

from service import InvalidInput, LabError
from ui.fields import Fields

CHAPTER, HIDE = "chapter", "hide"
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
    const query = new URLSearchParams({ chapter: id, ...links[id] });
    for (const kept of KEPT) if (before.has(kept)) query.set(kept, before.get(kept));
    history.replaceState(history.state, '', '?' + query);
  };
  window.labLink = (id, names, values) => {
    const held = Object.fromEntries(names.map((name, at) => [name, String(values[at] ?? '')]));
    for (const name of names) {
      const [what, optimizer, setting] = name.split('.');
      if (what === 'optimizer' && setting && optimizer !== held.optimizer) delete held[name];
    }
    // A chapter has several parts, and each writes the names that are its own.
    const others = Object.entries(links[id] ?? {}).filter(([name]) => !names.includes(name));
    links[id] = { ...Object.fromEntries(others), ...held };
    // While a slider moves there is nobody to read the address, and browsers limit how often it changes.
    clearTimeout(pending);
    pending = setTimeout(() => { if (chapter() === id) write(id); }, 200);
  };
  [...document.querySelectorAll(tab)].find((each) => each.dataset.tabId === last)?.click();
  document.addEventListener('click', (event) => {
    const clicked = event.target.closest(tab);
    if (!clicked || !event.isTrusted) return;
    localStorage.setItem(key, clicked.dataset.tabId);
    write(clicked.dataset.tabId);
  });
}
""".replace("KEPT", json.dumps(KEPT))


def writer(chapter: str, names: list[str]) -> str:
    """The JavaScript of an event that puts the values of its inputs, so named, into the address.

    The settings of SGD are named `optimizer.sgd.momentum` and so on, and left out with another optimizer.
    """
    return f"(...values) => {{ window.labLink?.({json.dumps(chapter)}, {json.dumps(names)}, values); }}"


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


def hidden(fields: Fields, request: gr.Request) -> list[Component]:
    """The controls that the address asks to hide."""
    names = dict(request.query_params).get(HIDE, "").split(",")
    return [field.component for name, field in fields.items() if name in names]


def warn(error: LabError) -> None:
    """Tell a visitor that their link says something that cannot be."""
    gr.Warning(f"In the address of this page, {error}", title="Link")


def _decoded(name: str, component: Component, text: str) -> Any:
    if isinstance(component, gr.Checkbox):
        if text not in ("true", "false"):
            raise InvalidInput(name, text, "true or false")
        return text == "true"
    if isinstance(component, gr.Radio | gr.Dropdown):
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
