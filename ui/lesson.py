"""A lesson: named controls, and figures that are a pure function of what the controls hold."""

import asyncio
from collections.abc import Callable, Collection, Mapping
from typing import Any

import gradio as gr
from gradio.components import Component

from service import InvalidInput
from ui.components.figure import figure
from ui.events import QUIET
from ui.fields import Data, Fields, initially, moved_by_hand, read_fields
from ui.links import WRITER, answered, draft, hidden, link, linked, settled
from ui.markup import tag
from ui.opening import Opening
from ui.refusals import refusal

Draw = Callable[..., Mapping[str, str]]


class Lesson:
    """Draws the figures again whenever a control moves, or when a button asks for it.

    The fields that belong to the lesson are its arguments by name; what cannot be read is said in a
    line above the figures, which stay as they were.
    """

    def __init__(
        self,
        opening: Opening,
        chapter: str,
        fields: Fields,
        figures: Mapping[str, gr.HTML],
        draw: Draw,
        message: gr.HTML,
        *,
        part: str = "lesson",
        linked: Fields | None = None,
        shared: Collection[str] = (),
    ) -> None:
        """Wire the controls; `part` is what a link calls the lesson, and `linked` what it says of it.

        A link says all the `fields` if it is not told what. `message` is made by `message_line`. For the
        fields that are `shared`, whoever else they belong to has the lesson drawn again.
        """
        self._chapter = chapter
        self._part = part
        self._fields = fields
        self._linked = fields if linked is None else linked
        self._figures = figures
        self._draw = draw
        self._components: list[Any] = [field.component for field in fields.values()]
        self.message = message
        self._drawn: list[Component] = [self.message, *figures.values()]
        triggers = [moved_by_hand(field.component) for name, field in fields.items() if name not in shared]
        controls = set(self._components)
        draft(chapter, self._part, self._linked, triggers)
        redrawn = gr.on(triggers, self.redraw, controls, self._drawn, trigger_mode="always_last", **QUIET)
        answered(chapter, self._part, redrawn)
        opening.know(chapter, self._linked, fields)
        opening.add(self.open, [*self._drawn, *self._components], controls=self._components)

    @property
    def inputs(self) -> set[Component]:
        """What `redraw` reads."""
        return set(self._components)

    @property
    def outputs(self) -> list[Component]:
        """What it draws."""
        return self._drawn

    def offer(self, presets: Mapping[str, Mapping[str, Any]]) -> None:
        """Lay out a button for each preset: what the named controls shall hold."""
        with gr.Row(elem_classes="presets"):
            for label, values in presets.items():
                button = gr.Button(label, size="sm", min_width=60)
                outputs = [*self._drawn, *self._components]
                button.click(self._setting(values), set(self._components), outputs, **QUIET)

    async def redraw(self, data: Data) -> dict[Any, Any]:
        """The figures for what the controls hold now."""
        try:
            drawn = await self._drawn_for(data)
        except InvalidInput as error:
            controls = {name: field.component for name, field in self._fields.items()}
            return {self.message: tag("p.message", refusal(error, controls), role="alert")}
        address = link(self._chapter, self._part, self._linked, data)
        return {self.message: address, **{self._figures[name]: markup for name, markup in drawn.items()}}

    async def _drawn_for(self, data: Data) -> Mapping[str, str]:
        return await asyncio.to_thread(self._draw, **read_fields(self._fields, data, "lesson"))

    async def open(self, data: Data, request: gr.Request) -> dict[Any, Any]:
        """What the page's address asks for."""
        visibility = dict.fromkeys(hidden(self._linked, request), False)

        async def check(values: Data) -> None:
            await self._drawn_for({**data, **values})

        values = await linked(self._chapter, self._linked, request, check)
        drawn = await self.redraw({**data, **values}) if values else {}
        return {**drawn, **settled(values, visibility, data)}

    def _setting(self, values: Mapping[str, Any]) -> Callable[..., Any]:
        async def set_and_draw(data: Data) -> dict[Any, Any]:
            update = {self._fields[name].component: value for name, value in values.items()}
            return {**await self.redraw({**data, **update}), **update}

        return set_and_draw


def message_line(elem_id: str) -> gr.HTML:
    """The line above the figures that says what cannot be read; the address is written from it, too."""
    return figure("", elem_id, WRITER)


def drawn_at_first(draw: Draw, fields: Fields) -> Mapping[str, str]:
    """The figures for what the controls hold when the page is made."""
    data = initially(field.component for field in fields.values())
    return draw(**read_fields(fields, data, "lesson"))
