"""What the ritual comes to in other orders, without Reset, and at every learning rate."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import gradio as gr

from service.lessons import downhill, explore, never_reset, race
from ui.book import Book
from ui.chapters.ritual import ritual_options
from ui.components.courses import downhill_panel, pair_panel, race_panel
from ui.components.figure import figure
from ui.components.number_slider import number_slider
from ui.components.rates_plot import rates_plot
from ui.errors import shows_errors
from ui.events import QUIET
from ui.fields import Data, Field, Fields, read_fields

ORDERS = """
**Six orders.** The lab says that any other order than Backprop, Optimize, Reset fails. Run all six, with the
settings of the bench above, and see.
"""
NEVER = """
**Without Reset** the gradients add up. That is the same as SGD with `momentum=1.0`: a ball without friction.
Both run here, and their numbers are compared to the last bit.
"""
DOWNHILL = """
**"The optimizer takes the value to 0"?** It takes it *down*. With `loss = var_1 * var_2` there is nothing
at 0 to stop it. A square has its lowest point at 0: that is why losses are squared.
"""
RATES = """
**Every learning rate at once**: 241 trainings from 0.0001 to 1, from the start of the bench above. Move the
steps to see what more patience changes, and what it does not.
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


def lay_out_orders(book: Book, options: Fields) -> None:
    """Four experiments on the bench's settings, each under a title of its own."""
    parts: Sequence[tuple[str, str, str, Callable[..., str], int, int, str]] = (
        ("orders", "All six orders", ORDERS, _race, 100, 500, "Race the six orders"),
        ("never", "Without Reset", NEVER, _never, 200, 1000, "Run both"),
        ("downhill", "A loss that is not squared", DOWNHILL, _downhill, 2000, 3000, "Run it"),
        ("rates", "Every learning rate", RATES, _rates, 300, 2000, "Try them all"),
    )
    for name, title, idea, draw, steps, most, label in parts:
        with gr.Accordion(title, open=False, elem_id=f"{name}-part", elem_classes="part"):
            gr.Markdown(idea, elem_classes="idea")
            with gr.Row(elem_classes="experiment"):
                slider = number_slider(
                    "Steps", f"{name}-steps", value=steps, minimum=1, maximum=most, whole=True
                )
                button = gr.Button(label, variant="primary", elem_id=f"{name}-run")
            result = figure("", f"{name}-result")
        _wire({**options, "steps": Field(slider, "lesson")}, draw, button, slider, result)


def _wire(
    fields: Fields, draw: Callable[..., str], button: gr.Button, slider: gr.HTML, result: gr.HTML
) -> None:
    inputs: set[Any] = {field.component for field in fields.values()}

    @shows_errors
    async def run(data: Data) -> str:
        return await asyncio.to_thread(draw, **read_fields(fields, data, "lesson"))

    button.click(run, inputs, result, **QUIET)
    moved = [slider.input]  # pyright: ignore[reportAttributeAccessIssue]
    gr.on(moved, run, inputs, result, trigger_mode="always_last", **QUIET)
