"""A mistake on the page: the program that is right, one press away from the one that is not."""

import json

from service import Exercise
from ui.components.exercises import exercise_told
from ui.components.parts import button, printed
from ui.components.program import lines_of
from ui.components.text import code_marked
from ui.markup import Child, Markup, tag
from ui.static import script

SCRIPT = script("mistake")
"""What a figure with a mistake does: it opens the broken program in an editor."""


def mistake_panel(mistake: Exercise, runs: bool) -> Markup:
    """What the program should do, and the program that does it.

    If the server runs no programs, the broken one stands below, with why it is and what repairs it.
    """
    right = printed("The program, as it is right", tag("code", *lines_of(mistake.solution)))
    task = tag("p", code_marked(mistake.task))
    if not runs:
        broken = printed("The program, broken", tag("code", *lines_of(mistake.start)))
        why = (tag("p", code_marked(hint)) for hint in mistake.hints)
        return tag("div.mistake", task, _program(right), _program(tag("h3", "Broken"), broken, why))
    return tag(
        "div.mistake",
        task,
        _program(right, button("mistake-break", "Break it")),
        tag("div.mistake-place"),
        data_name=mistake.name,
        data_title=mistake.title,
        data_told=json.dumps(exercise_told(mistake)),
    )


def _program(*parts: Child) -> Markup:
    return tag("section.panel.program.open", *parts)
