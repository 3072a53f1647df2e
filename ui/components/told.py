"""What a press just did, in one plain sentence, and what the story asks for next."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isfinite

from service import Moment, RitualOptions
from ui.components.numbers import exact, shown, sign
from ui.components.text import counted
from ui.markup import Child, Markup, join, tag

NUMBERS = ("var_1", "var_2")
ROUND = "BOR"
MANY_ROUNDS = 100
ARRIVED_WITHIN = 5e-5
"""A product is at the target where the four decimals on the screen are the target's."""
LISTED_PRESSES = 6


@dataclass(frozen=True)
class Step:
    """A step of the story: the presses that it adds, and what is asked for."""

    presses: str
    asks: Markup


def _key(name: str) -> Markup:
    return tag("b", name)


STORY = (
    Step("B", join("Press ", _key("Backprop"), ": which way is down?")),
    Step("O", join("Press ", _key("Optimize"), " to take one step that way.")),
    Step("B", join("Now press ", _key("Backprop"), " again, without Reset, and watch the gradient.")),
    Step("R", join("Press ", _key("Reset"), " to clear it.")),
    Step(
        ROUND * MANY_ROUNDS,
        join("Backprop, Optimize, Reset: that was one round. Press ", _key(f"{MANY_ROUNDS} rounds"), "."),
    ),
)
"""The way to the target, and the one lesson on it that everybody forgets."""
AFTERWARDS = join(
    "Now it is yours: start over and leave Reset out, change the order, or try another learning rate."
)


def told(options: RitualOptions, moments: Sequence[Moment]) -> Markup:
    """The panel under the keys: what was pressed, what the last press did, and what to press next.

    The story steps aside as soon as something else is pressed.
    """
    presses = "".join(moment.press for moment in moments)
    return tag(
        "div.told",
        tag("p.told-pressed", _pressed(presses)),
        tag("p.told-happened", happened(options, moments)),
        tag("p.told-next", _next(presses)),
        role="status",
        data_last=presses[-1:] or None,
        data_next=_next_key(presses),
    )


def happened(options: RitualOptions, moments: Sequence[Moment]) -> Markup:
    """What the last press did, in a sentence or two; at the beginning, where the numbers stand."""
    after = moments[-1]
    presses = "".join(moment.press for moment in moments)
    if not presses:
        return join(
            _product(after), f": the target is {exact(options.target)}. The loss is ", _loss(after), "."
        )
    if after.error:
        return join("PyTorch refuses: ", tag("q", after.error.split(". ")[0].rstrip(".")), ".")
    if not all(isfinite(after.nodes[name].value) for name in NUMBERS):
        return join("The numbers have flown off to infinity: the steps were too long.")
    if _arrived(options, after):
        return join(tag("b", "You are there: "), _product(after), ".")
    if presses.endswith(ROUND * 2):
        rounds = counted(_rounds(presses), "round")
        return join(f"After {rounds} of Backprop, Optimize, Reset: ", _product(after), ".")
    return PRESSED[after.press](options, moments)


def _arrived(options: RitualOptions, moment: Moment) -> bool:
    return moment.updates > 0 and abs(moment.product - options.target) < ARRIVED_WITHIN


def _rounds(presses: str) -> int:
    """How many whole rounds the presses end with."""
    count = 0
    while presses.endswith(ROUND * (count + 1)):
        count += 1
    return count


def _pressed(presses: str) -> str:
    if not presses:
        return f"Step 1 of {len(STORY)}"
    listed = " ".join(presses[-LISTED_PRESSES:])
    more = "… " if len(presses) > LISTED_PRESSES else ""
    step = _story_step(presses)
    place = f" · step {min(step + 1, len(STORY))} of {len(STORY)}" if step is not None else ""
    return f"You pressed {more}{listed}{place}"


def _story_step(presses: str) -> int | None:
    """How many steps of the story the presses have made; None once they are others."""
    made = ""
    for index, step in enumerate(STORY):
        if presses == made:
            return index
        made += step.presses
    return len(STORY) if presses == made else None


def _next(presses: str) -> Markup | None:
    step = _story_step(presses)
    if step is None:
        return None
    return STORY[step].asks if step < len(STORY) else AFTERWARDS


def _next_key(presses: str) -> str | None:
    """The key that the story asks for: a letter, or "rounds"."""
    step = _story_step(presses)
    if step is None or step == len(STORY):
        return None
    asked = STORY[step].presses
    return asked if len(asked) == 1 else "rounds"


def _forward(_: RitualOptions, moments: Sequence[Moment]) -> Markup:
    return join("Forward computed the loss from where the numbers stand now: ", _loss(moments[-1]), ".")


def _backprop(_: RitualOptions, moments: Sequence[Moment]) -> Markup:
    before, after = moments[-2], moments[-1]
    was, now, added = before.nodes["var_1"].grad, after.nodes["var_1"].grad, after.added["var_1"]
    name = tag("code", "var_1.grad")
    if was is None:
        way = "grows" if added < 0 else "shrinks"
        flat = "At this point the loss is flat." if added == 0 else f"The loss falls as var_1 {way}."
        return join(name, " is ", _number(now), ". ", flat, " Backprop moves nothing.")
    only = "only " if now is not None and abs(added) < abs(now) else ""
    return join(
        name,
        *(" went from ", _number(was), " to ", _number(now), f". The new gradient is {only}"),
        *(_number(added), ": the old one was still inside, and Backprop adds."),
    )


def _optimize(options: RitualOptions, moments: Sequence[Moment]) -> Markup:
    before, after = moments[-2], moments[-1]
    if before.nodes["var_1"].grad is None:
        return join("Nothing moved: there is no gradient to follow. Press ", _key("Backprop"), " first.")
    moved = _moved(before, after)
    if (before.product - options.target) * (after.product - options.target) < 0:
        return join(moved, f": the step was so long that the product jumped over {exact(options.target)}.")
    if before.press == "O":
        return join(moved, " by the same old gradient: it was measured somewhere else.")
    if before.added and before.added["var_1"] != before.nodes["var_1"].grad:
        return join(moved, ": a step along old and new gradients, added up.")
    if before.press == "R":
        return join(moved, ".")
    return join(moved, ": one step against the gradient, which is still in .grad.")


def _moved(before: Moment, after: Moment) -> Markup:
    was, now = (moment.nodes["var_1"].value for moment in (before, after))
    return join(tag("code", "var_1"), f" went from {shown(was)} to {shown(now)}")


def _reset(_: RitualOptions, moments: Sequence[Moment]) -> Markup:
    before = moments[-2]
    if before.nodes["var_1"].grad is None:
        return join("There was no gradient to clear, so nothing changed.")
    if before.press == "B" and "O" not in _since_reset(moments[:-1]):
        return join("Reset threw the gradient away before Optimize could use it. No number moved.")
    return join("Both gradients are cleared: ", tag("code", "None"), ". The numbers stay where they are.")


def _since_reset(moments: Sequence[Moment]) -> str:
    return "".join(moment.press for moment in moments).rpartition("R")[2]


PRESSED: dict[str, Callable[[RitualOptions, Sequence[Moment]], Markup]] = {
    "F": _forward,
    "B": _backprop,
    "O": _optimize,
    "R": _reset,
}


def _number(value: float | None) -> Child:
    return tag(f"span.{'zero' if value is None else sign(value)}", shown(value))


def _product(moment: Moment) -> Markup:
    one, other = (moment.nodes[name].value for name in NUMBERS)
    return join(f"{shown(one)} × {shown(other)} = ", tag("b", shown(moment.product)))


def _loss(moment: Moment) -> Markup:
    return tag("b", shown(moment.nodes["loss"].value))
