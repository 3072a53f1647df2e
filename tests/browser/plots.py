"""A page with nothing but a loss plot, in the markup and the styles that the lab gives it."""

import json
from collections.abc import Sequence
from typing import Any
from xml.etree import ElementTree

from playwright.sync_api import Browser, Page, ViewportSize

from ui.app import HEAD
from ui.components.loss_plot import markup
from ui.markup import Markup, join, tag
from ui.static import STYLES, script

XHTML = "{http://www.w3.org/1999/xhtml}"
SVG = "{http://www.w3.org/2000/svg}"

Curve = dict[str, Any]

# The figure as XML, which has to be well-formed.
DRAW = """(text) => {
    const { curve, before, log } = JSON.parse(text);
    document.querySelector(`[value=${log ? 'log' : 'linear'}]`).checked = true;
    plot.draw(curve, before);
    return new XMLSerializer().serializeToString(document.querySelector('figure'));
}"""
PICTURE = """(text) => {
    const { curve, before, log } = JSON.parse(text);
    const picture = labLossPicture(curve, before, log);
    return JSON.stringify({ ...picture, first: picture.read(0) });
}"""


def curve(
    loss: Sequence[float], held_out: Sequence[float | None] | None = None, step: Sequence[int] | None = None
) -> Curve:
    """What the plot draws; the steps are 0, 1, 2 ... unless given."""
    return {
        "step": list(range(len(loss)) if step is None else step),
        "loss": list(loss),
        "held_out_loss": list(held_out or [None] * len(loss)),
        "floor": None,
    }


def bare_page(browser: Browser, size: ViewportSize, log: bool = False, has_touch: bool = False) -> Page:
    """The page; its plot is `plot`."""
    page = browser.new_page(viewport=size, has_touch=has_touch)
    styles = "".join(path.read_text(encoding="utf-8") for path in STYLES)
    room = "body { margin: 1rem; background: var(--lab-paper); color: var(--lab-ink); }"
    page.set_content(
        join(
            Markup("<!doctype html>"),
            tag("style", Markup(styles + room)),
            [tag("script", Markup(script(name))) for name in HEAD],
            tag("div.bench", tag("div.run", tag("div.figure", markup("bare", log, {}), id="plot"))),
        )
    )
    page.evaluate("globalThis.plot = labLossPlot(document.querySelector('#plot'))")
    return page


def figure(page: Page, drawn: Curve, before: Curve | None = None, log: bool = False) -> ElementTree.Element:
    """The figure that is drawn."""
    asked = json.dumps({"curve": drawn, "before": before, "log": log})
    return ElementTree.fromstring(page.evaluate(DRAW, asked))


def picture(page: Page, drawn: Curve, before: Curve | None = None, log: bool = False) -> dict[str, Any]:
    """What is to be drawn, and said."""
    return json.loads(page.evaluate(PICTURE, json.dumps({"curve": drawn, "before": before, "log": log})))
