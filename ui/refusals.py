"""What the page says about a control that holds something invalid: the control's label, and a mark on it."""

import re
from collections.abc import Mapping

from gradio.components import Component

from service import InvalidInput, LabError
from ui.fields import meant
from ui.markup import Markup, join, tag
from ui.static import script

SCRIPT = script("refusals")
"""Marks the controls that a message on the page names."""


def refusal(error: LabError, controls: Mapping[str, Component], *, held: bool = True) -> Markup:
    """The error's sentence as markup, which is how Gradio shows messages.

    `controls` are those that it may be about, by argument. The sentence calls them by their labels. If they
    hold what was refused, classes name their elements: Gradio takes any other attribute away.
    """
    if not isinstance(error, InvalidInput):
        return join(str(error))
    names = meant(error.field, controls)
    ids = [str(controls[name].elem_id) for name in names] if held else []
    return tag(".".join(["span.refusal", *ids]), _sentence(error, names, controls))


def _sentence(error: InvalidInput, names: list[str], controls: Mapping[str, Component]) -> str:
    labels = [str(getattr(controls[name], "label", None) or name).split(",")[0] for name in names]
    if error.field in controls:
        return error.sentence(labels[0])
    argument = re.match(r"\w+", error.field)
    known = {word for name in names for word in name.split(".")}
    if not labels or argument is None or argument[0] not in known:
        return str(error)
    place = re.sub(r"\[(\d+)\]", lambda index: f", number {int(index[1]) + 1}", error.field[argument.end() :])
    if place.count(", number ") == 2 or error.field.startswith("vectors["):
        place = place.replace(", number ", ", vector ", 1)
    return error.sentence(" and ".join(labels) + (f"{place.removesuffix(',')}," if place else ""))
