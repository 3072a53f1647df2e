"""A chapter's settings in the page's address, so that a link brings back what was on the screen.

`?chapter=autograd&learning_rate=0.05&hide=start.0` opens that chapter with that learning rate, and
without the control that is named. A figure says in its markup what was asked of it, and the browser
keeps that in the address; so the address is never ahead of what is shown, nor behind it.
"""

import json
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

import gradio as gr
from gradio.components import Component

from service import InvalidInput, LabError
from ui.components.numbers import exact
from ui.errors import warn
from ui.events import QUIET
from ui.fields import Data, Fields, meant
from ui.markup import Markup, tag
from ui.parsing import number_or_text
from ui.static import script

CHAPTER, HIDE = "chapter", "hide"
OPEN, RUN, FINGERPRINT = "open", "run", "fingerprint"
"""A model to be shown as it is; a whole training, to be run again, and what it came to."""

FORMERLY = {name: f"bench.{name}" for name in ("learning_rate", "start.0", "start.1", "target")}
"""What links of a time when the bench had its own controls call those that it shares now."""


def keep_address(page: gr.Blocks, settings: Iterable[str]) -> None:
    """Have the page's address follow what is shown (static/address.js); `settings` are all their names.

    A page that is loaded again, by hand or after a lost connection, opens at the chapter of its address,
    or else at the one it was at.
    """
    renamed = {former: name for name, former in FORMERLY.items()}
    start = f"() => ({script('address')})({json.dumps(sorted(settings))}, {json.dumps(renamed)})"
    page.load(None, js=start, api_visibility="private")


WRITER = script("link")
"""What the figure that holds the markup of `link` does."""


def link(chapter: str, part: str, fields: Fields, held: Data) -> Markup:
    """Markup for a figure: what the address is to say about the fields of this part of the chapter."""
    values = {
        name: _encoded(held[field.component]) for name, field in fields.items() if field.component in held
    }
    return tag("i", hidden=True, data_link=json.dumps([chapter, part, values]))


def draft(
    chapter: str,
    part: str,
    fields: Fields,
    moved: Sequence[Any],
    live: Component | None = None,
) -> None:
    """Have the address say at once what is `moved`, until `answered` says that the figures say it.

    To be wired before the event that redraws them: gradio's client runs the events of a control in the order
    in which they were made, and a fast answer would come first. With `live`, only while that is ticked. What
    is no number yet is not said of a control for numbers.
    """
    numbers = [isinstance(field.component, gr.HTML | gr.Number) for field in fields.values()]
    told = json.dumps([chapter, part, list(fields), numbers])
    inputs = [field.component for field in fields.values()]
    js = f"(live, ...values) => {{ if (live) window.labDraft(...{told}, values); }}"
    if live is None:
        js = f"(...values) => window.labDraft(...{told}, values)"
    gr.on(moved, None, inputs if live is None else [live, *inputs], js=js, **QUIET)


def answered(chapter: str, part: str, redrawn: Any) -> None:
    """End the draft with `redrawn`, the event that redraws the figures."""
    redrawn.then(None, js=f"() => window.labAnswered({json.dumps(chapter)}, {json.dumps(part)})", **QUIET)


async def linked(
    chapter: str, fields: Fields, request: gr.Request, check: Callable[[Data], Awaitable[object]]
) -> dict[Component, Any]:
    """What the address says about the chapter's controls, as far as it can be used: component -> value.

    A warning names each value that cannot be used. `check` is as for `usable`.
    """
    values, refused = await usable(chapter, fields, request, check)
    if refused:
        controls = {name: field.component for name, field in fields.items()}
        warn(refused, "Link", "In the address of this page, ", controls)
    return values


async def usable(
    chapter: str, fields: Fields, request: gr.Request, check: Callable[[Data], Awaitable[object]]
) -> tuple[dict[Component, Any], list[LabError]]:
    """The values in the address that can be used, by component, and what is wrong with each of the others.

    `check` raises InvalidInput for values that are not allowed together.
    """
    values: dict[str, Any] = {}
    refused: list[LabError] = []
    for name, field in fields.items():
        try:
            if (text := asked(chapter, request, name)) is not None:
                values[name] = _decoded(name, field.component, text)
        except InvalidInput as error:
            refused.append(error)

    async def objection(tried: Collection[str]) -> InvalidInput | None:
        try:
            await check({fields[name].component: values[name] for name in tried})
        except InvalidInput as error:
            return error
        return None

    while values and (error := await objection(values)):
        refused.append(error)
        suspects = meant(error.field, values) or list(values)
        for suspect in suspects:
            other = await objection([name for name in values if name != suspect])
            if other is None or other.field != error.field:
                suspects = [suspect]
                break
        for suspect in suspects:
            del values[suspect]
    return {fields[name].component: value for name, value in values.items()}, refused


def asked(chapter: str, request: gr.Request, name: str) -> str | None:
    """What the address says about `name`, if it is about the chapter at all.

    Raises InvalidInput if it says several things.
    """
    if _query(request).get(CHAPTER, [""])[-1] != chapter:
        return None
    query = _query(request)
    texts = query.get(name) or query.get(FORMERLY.get(name, ""))
    if texts and len(set(texts)) > 1:
        raise InvalidInput(name, texts, "given once")
    return texts[0] if texts else None


def hidden(fields: Fields, request: gr.Request) -> list[Component]:
    """The controls that the address asks to hide."""
    names = _names_to_hide(request)
    return [field.component for name, field in fields.items() if name in names]


def unknown(chapters: Mapping[str, Collection[str]], request: gr.Request) -> list[LabError]:
    """What is wrong with the chapter that the address names, and with the controls that it hides.

    `chapters` has the names of each chapter's controls. What else the address says may be somebody else's.
    """
    chapter = _query(request).get(CHAPTER, [""])[-1]
    if not chapter:
        return []
    if chapter not in chapters:
        return [InvalidInput(CHAPTER, chapter, f"one of {', '.join(chapters)}")]
    known = chapters[chapter]
    allowed = f"one of {', '.join(known)}" if known else "left out, for this chapter has no controls to hide"
    return [InvalidInput(HIDE, name, allowed) for name in _names_to_hide(request) if name not in known]


def _names_to_hide(request: gr.Request) -> list[str]:
    names = [name for text in _query(request).get(HIDE, []) for name in text.split(",") if name]
    now = {former: name for name, former in FORMERLY.items()}
    return [now.get(name, name) for name in names]


def _query(request: gr.Request) -> dict[str, list[str]]:
    """All that the address says about each name."""
    query = request.query_params
    return {name: query.getlist(name) for name in query}


def settled(values: Data, visibility: Mapping[Component, bool], data: Data) -> dict[Component, Any]:
    """The updates that make controls hold `values`, and become visible or hidden.

    `data` is what they hold otherwise: in a tab that nobody has opened yet, a control that is told
    only whether to be seen would lose its value.
    """
    updates = {component: gr.update(value=value) for component, value in values.items()}
    for component, visible in visibility.items():
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
    if isinstance(component, gr.HTML):
        number = number_or_text(text)
        return int(number) if isinstance(number, float) and number.is_integer() else number
    return text
