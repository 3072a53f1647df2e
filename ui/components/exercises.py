"""The exercises to be written: their list on the page, and what its script fetches to open one."""

from collections.abc import Mapping
from typing import Any

from service import ORDERED, Exercise
from ui.components.parts import button, icon
from ui.components.text import code_marked
from ui.markup import Child, Markup, join, tag
from ui.static import script

SCRIPT = script("exercises")

STATES = {"new": ("○", "not tried"), "tried": ("◐", "tried"), "done": ("✓", "done")}
"""How far a learner has come with an exercise: its sign, and its words."""

OWN = "own"
"""What the place is called that holds a program of the learner's own: no exercise may have that name."""
OWN_PROGRAM = """\
import torch
from torch.optim import SGD

var_1 = torch.tensor(3.0, requires_grad=True)
var_2 = torch.tensor(4.0, requires_grad=True)
my_sgd = SGD([var_1, var_2], lr=3e-3)

for _ in range(100):
    my_latent_value = var_1 * var_2
    loss = (15 - my_latent_value) ** 2
    loss.backward()  # Backprop
    my_sgd.step()  # Optimize
    my_sgd.zero_grad()  # Reset

my_latent_value
var_1, var_2
"""


def exercises_panel(idea: Child, exercises: Mapping[str, Exercise]) -> Markup:
    """The idea, the exercises by their titles, each folded, and the place for a program of one's own.

    A script shows them, and unfolds one at a time; what is told of the learner's progress is filled in there,
    too.
    """
    entries = [_entry(each.name, each.title, each.task) for each in exercises.values()]
    own = _entry(OWN, "Your own program", "Change it, or write another. Every value stands beside its line.")
    done = tag("p.exercises-done", f"0 of {len(exercises)} done", role="status", data_count=len(exercises))
    parts = [tag("div.exercises-idea", idea, done), *entries, own, _kept()]
    # What is open stands beside all of them.
    return tag("div.exercises", parts, style=f"--rows: {len(parts)}", hidden=True)


def _entry(name: str, title: str, task: str) -> Markup:
    head, place = f"exercise-{name}-head", f"exercise-{name}"
    sign, state = ("✎", "") if name == OWN else STATES["new"]
    words = icon(sign), tag("b", title), tag("span.exercise-state", state)
    opener = button("exercise-opener", *words, id=head, aria_expanded="false", aria_controls=place)
    written = tag("div.exercise-place", id="write-free" if name == OWN else None)
    return join(
        tag("h3.exercise-head", opener, data_exercise=name),
        tag(
            "section.exercise",
            tag("p.exercise-task", code_marked(task)),
            written,
            id=place,
            aria_label=title,
            hidden=True,
        ),
    )


def _kept() -> Markup:
    """What can be done with the progress that the browser keeps."""
    actions = {"save": "Save as a file", "load": "Load a file", "forget": "Forget all"}
    return tag(
        "div.exercises-kept",
        tag("p", "This browser keeps your programs."),
        tag(
            "div.exercises-actions",
            (button("quiet", words, data_kept=name) for name, words in actions.items()),
        ),
        tag("p.exercises-said", role="status"),
    )


def exercise_told(exercise: Exercise) -> dict[str, Any]:
    """What static/exercise.js needs to open an exercise."""
    return {
        "start": exercise.start,
        "lines": list(exercise.lines),
        "hints": [code_marked(hint) for hint in exercise.hints],
        "solution": exercise.solution,
    }


def exercises_told(exercises: Mapping[str, Exercise]) -> dict[str, Any]:
    """What static/write.js needs to open an exercise: programs, hints, and solutions."""
    return {
        "states": STATES,
        "ordered": ORDERED,
        "exercises": {
            OWN: {"start": OWN_PROGRAM, "lines": [], "hints": [], "solution": None},
            **{each.name: exercise_told(each) for each in exercises.values()},
        },
    }
