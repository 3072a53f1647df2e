"""What the ritual comes to in other orders, without Reset, and at every learning rate."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import gradio as gr

from service import HIGHEST_RATE, LOWEST_RATE, RATE_COUNT, InvalidInput, downhill, explore, never_reset, race
from ui.book import Book
from ui.chapters.ritual import ritual_options
from ui.components.courses import downhill_panel, pair_panel, race_panel
from ui.components.figure import figure
from ui.components.number_slider import number_slider
from ui.components.numbers import exact
from ui.components.rates_plot import rates_plot
from ui.components.terms import term
from ui.events import QUIET
from ui.fields import Data, Field, Fields, read_fields
from ui.links import WRITER, answered, asked, draft, hidden, link, linked, settled, usable

ORDERS = """
The lab says that any order other than Backprop, Optimize, Reset fails. Here are all six, from the start and
with the learning rate of the bench above.
"""
NEVER = f"""
Without Reset the gradients add up, as in SGD with a {term("momentum")} of 1.0: a ball that rolls without
friction. Both run here, compared to the last bit.
"""
DOWNHILL = """
Does the optimizer take the value to 0? It steps *down*, not to 0. `loss = var_1 * var_2` has no lowest value:
from most starts it falls below 0, and keeps falling. A square is never below 0: one reason to square losses.
"""
RATES = f"""
{RATE_COUNT} trainings at learning rates from {LOWEST_RATE} to {exact(HIGHEST_RATE)}, from the start of the
bench above. Move the steps: what do more of them change?
"""


def _race(steps: int, **given: Any) -> str:
    options = ritual_options(**given)
    return race_panel(race(options, steps), options.target)


def _never(steps: int, **given: Any) -> str:
    options = ritual_options(**given)
    return pair_panel(never_reset(options, steps), options.target)


def _downhill(steps: int, **given: Any) -> str:
    return downhill_panel(downhill(ritual_options(**given), steps))


def _rates(steps: int, **given: Any) -> str:
    return rates_plot(explore(ritual_options(**given), steps))


@dataclass(frozen=True)
class Part:
    """An experiment on the bench's settings: what it is called, draws, and how many steps it may take."""

    name: str
    """Also what stands before the names of its controls in a link."""
    title: str
    idea: str
    draw: Callable[..., str]
    steps: int
    most: int


PARTS = (
    Part("orders", "All six orders", ORDERS, _race, 100, 500),
    Part("never", "Without Reset", NEVER, _never, 200, 1000),
    Part("downhill", "A loss that is not squared", DOWNHILL, _downhill, 2000, 3000),
    Part("rates", "Every learning rate", RATES, _rates, 300, 2000),
)


class Experiment:
    """A part, laid out and wired: a slider for the steps, and the result once the fold is opened."""

    def __init__(self, book: Book, chapter: str, part: Part, bench: Fields) -> None:
        """`bench` are the fields of the bench that the part runs on."""
        self._chapter = chapter
        self._part = part
        self._bench = bench
        self._ran = gr.State(False)
        with gr.Accordion(part.title, open=False, elem_id=f"{part.name}-part", elem_classes="part") as folded:
            gr.Markdown(part.idea, elem_classes="idea")
            with gr.Row(elem_classes="experiment"):
                slider = number_slider(
                    "Steps", f"{part.name}-steps", value=part.steps, minimum=1, maximum=part.most, whole=True
                )
            self.result = figure("", f"{part.name}-result", WRITER)
        self._folded = folded
        self._steps = Field(slider, "lesson")
        self._linked: Fields = {f"{part.name}.steps": self._steps}
        fields = {**bench, "steps": self._steps}
        self.inputs: set[Any] = {self._ran, *(field.component for field in fields.values())}
        self.outputs = [self.result, self._ran]
        folded.expand(self.run, self.inputs, self.outputs, **QUIET)
        moved = [slider.input]  # pyright: ignore[reportAttributeAccessIssue]
        draft(chapter, part.name, self._linked, moved)
        ran = gr.on(moved, self.run, self.inputs, self.outputs, trigger_mode="always_last", **QUIET)
        answered(chapter, part.name, ran)
        controls = [field.component for field in fields.values()]
        book.opening.know(chapter, self._linked, {"steps": self._steps})
        book.opening.add(self.open, [*self.outputs, slider, folded], controls=controls)

    async def run(self, data: Data) -> dict[Any, Any]:
        """Run it with the bench's settings, and have the address say so."""
        return await self._drawn(data)

    async def again(self, data: Data) -> dict[Any, Any]:
        """Run it once more, if it has been run before and the bench's settings can be read."""
        try:
            return await self._drawn(data) if data[self._ran] else {}
        except InvalidInput:  # the bench itself says so
            return {}

    async def open(self, data: Data, request: gr.Request) -> dict[Any, Any]:
        """Run it if the page's address says that it was run."""
        visibility = dict.fromkeys(hidden(self._linked, request), False)
        if not any(asked(self._chapter, request, name) for name in self._linked):
            return settled({}, visibility, data)

        async def check(tried: Data) -> None:
            await self._drawn({**data, **tried})

        # What of the bench's cannot be used is named by the bench.
        held, _ = await usable(self._chapter, self._bench, request, check)
        data = {**data, **held}
        values = await linked(self._chapter, self._linked, request, check)
        if not values:
            return settled({}, visibility, data)
        held = {**data, **values}
        unfolded = gr.update(open=True, label=self._part.title)
        return {**await self._drawn(held), **settled(values, visibility, data), self._folded: unfolded}

    async def _drawn(self, data: Data) -> dict[Any, Any]:
        given = read_fields({**self._bench, "steps": self._steps}, data, "lesson")
        markup = await asyncio.to_thread(self._part.draw, **given)
        address = link(self._chapter, self._part.name, self._linked, data)
        return {self.result: address + markup, self._ran: True}


def lay_out_orders(book: Book, chapter: str, bench: Fields) -> Callable[[Iterable[Any]], None]:
    """The experiments on the bench's settings; returns what has those that were run follow some events."""
    experiments = [Experiment(book, chapter, part, bench) for part in PARTS]

    async def follow(data: Data) -> dict[Any, Any]:
        updates: dict[Any, Any] = {experiment.result: gr.skip() for experiment in experiments}
        for experiment in experiments:
            updates |= await experiment.again(data)
        return updates

    inputs: set[Any] = set().union(*(experiment.inputs for experiment in experiments))
    outputs = [output for experiment in experiments for output in experiment.outputs]

    fresh: Any = bench["fresh"].component
    fresh.input(follow, inputs, outputs, trigger_mode="multiple", **QUIET)  # see Workbench.changes

    def after(changes: Iterable[Any]) -> None:
        for change in changes:
            change.then(follow, inputs, outputs, trigger_mode="always_last", **QUIET)

    return after
