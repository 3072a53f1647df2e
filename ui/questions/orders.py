"""Backprop, Optimize and Reset in the wrong order, or with one of them missing."""

from dataclasses import dataclass
from itertools import pairwise

from service import ORDERS, RitualOptions, Trajectory, race, trajectory
from ui.components.numbers import shown
from ui.questions.question import Question, computed

STEPS = 100
LAB = RitualOptions()
PRESSED = {"B": "Backprop", "O": "Optimize", "R": "Reset"}

Races = dict[str, Trajectory]
"""By the order of the presses."""

ONE = "only Backprop, Optimize, Reset"
NEIGHBORS = "the two with Optimize right after Backprop"
BEFORE = "the three with Optimize anywhere after Backprop"
ALL = "all six"


def _races() -> Races:
    return {each.name: each for each in race(LAB, STEPS)}


def _in_words(order: str) -> str:
    return ", ".join(PRESSED[letter] for letter in order)


def _working(found: Races) -> str:
    arrived = {order for order, each in found.items() if each.arrived}
    before = {order for order in ORDERS if order.index("B") < order.index("O")}
    neighbors = {order for order in ORDERS if "BO" in order}
    claims = {ONE: {"BOR"}, NEIGHBORS: neighbors, BEFORE: before, ALL: set(ORDERS)}
    return next(claim for claim, orders in claims.items() if orders == arrived)


def _end(course: Trajectory) -> str:
    return shown(course.products[-1])


WORKING = Question(
    "orders",
    "the order of the three presses",
    "Each round presses Backprop, Optimize and Reset once: there are six orders. Which of them take 3 * 4 "
    f"to 15 in {STEPS} rounds?",
    {
        ONE: lambda found: (
            f"Many think only this order works, but {_in_words('RBO')} ends at {_end(found['RBO'])}, "
            f"{'the same to the bit' if found['RBO'].same_as(found['BOR']) else 'too'}: the rounds follow "
            "one another, so Reset comes between any two of them either way."
        ),
        NEIGHBORS: lambda found: (
            f"{_in_words('BOR')} and {_in_words('RBO')} both end at {_end(found['BOR'])}: between Backprop "
            f"and Optimize, nothing clears the gradients. {_in_words('BRO')} ends at {_end(found['BRO'])}."
        ),
        BEFORE: lambda found: (
            f"Many think it is enough that Backprop comes first, but {_in_words('BRO')} is still at "
            f"{_end(found['BRO'])} after {STEPS} rounds: Reset clears the gradients before Optimize can use "
            "them."
        ),
        ALL: lambda found: (
            f"Many think that in a loop the order does not matter, but {_in_words('OBR')} is still at "
            f"{_end(found['OBR'])} after {STEPS} rounds, without a word. {_in_words('ORB')} raises an error "
            f"after {found['ORB'].updates} update."
        ),
    },
    computed(_races),
    _working,
)


@dataclass(frozen=True)
class Resets:
    """The loop without Reset, and other loops beside it."""

    never: Trajectory
    whole: Trajectory
    settings: dict[str, Trajectory]
    """The whole loop with other settings, by the choice that names them."""

    @property
    def crossings(self) -> int:
        """How often the loop without Reset has crossed the target."""
        sides = [product > LAB.target for product in self.never.products]
        return sum(one != other for one, other in pairwise(sides))


SOME, FULL, DOUBLE, NONE = "momentum=0.9", "momentum=1.0", "twice the learning rate", "none of these"


def _resets() -> Resets:
    faster = RitualOptions(learning_rate=2 * LAB.learning_rate)
    return Resets(
        never=trajectory("never", LAB, STEPS, "BO"),
        whole=trajectory("whole", LAB, STEPS, "BOR"),
        settings={
            SOME: trajectory(SOME, LAB, STEPS, "BOR", momentum=0.9),
            FULL: trajectory(FULL, LAB, STEPS, "BOR", momentum=1.0),
            DOUBLE: trajectory(DOUBLE, faster, STEPS, "BOR"),
        },
    )


ARRIVES, SWINGS = "arrives at 15 all the same", "swings past 15 and back, again and again"
STAYS, FLIES = "stays at 12", "grows without end"
FAR = 1e6


def _without_reset(found: Resets) -> str:
    if found.never.arrived:
        return ARRIVES
    if not found.never.updates:
        return STAYS
    return FLIES if not abs(found.never.products[-1]) < FAR else SWINGS


RESETS = Question(
    "resets",
    "a loop without Reset",
    f"3 * 4 is to become 15. The loop presses Backprop and Optimize {STEPS} times, and never Reset. The "
    "product ...",
    {
        SWINGS: lambda found: (
            f"It crosses the target {found.crossings} times, and is at {_end(found.never)} in the end: "
            f"every step goes by all gradients so far, added up. With Reset it is at {_end(found.whole)}."
        ),
        ARRIVES: lambda found: (
            "Many think Reset only tidies up, but without it the product crosses the target "
            f"{found.crossings} times and is at {_end(found.never)}; with it, at {_end(found.whole)}."
        ),
        STAYS: lambda found: (
            "Many think old gradients block the next step, but the new ones are added to them: the first "
            f"step, to {shown(found.never.products[1])}, is that of the loop with Reset, the second goes to "
            f"{shown(found.never.products[2])} in place of {shown(found.whole.products[2])}."
        ),
        FLIES: lambda found: (
            "Many think the gradients pile up without end, but past 15 they change their sign and are "
            f"subtracted: the product stays between {shown(min(found.never.products))} and "
            f"{shown(max(found.never.products))}."
        ),
    },
    computed(_resets),
    _without_reset,
)


def _same_setting(found: Resets) -> str:
    return next((name for name, each in found.settings.items() if each.same_as(found.never)), NONE)


def _parted(found: Resets, name: str) -> str:
    other = found.settings[name]
    pairs = list(zip(found.never.products, other.products, strict=True))
    at = next(index for index, (one, another) in enumerate(pairs) if one != another)
    return (
        f"in round {at} it is at {shown(other.products[at])}, the loop without Reset at "
        f"{shown(found.never.products[at])}"
    )


MOMENTUM = Question(
    "momentum",
    "never Reset, and momentum",
    "A loop never presses Reset. Another one does, and comes to the same numbers, to the last bit. With "
    "which setting of its SGD?",
    {
        SOME: lambda found: (
            f"Many think of the usual 0.9, but {_parted(found, SOME)}: 0.9 forgets a tenth of the old "
            "gradients in every round, and a loop without Reset forgets nothing."
        ),
        FULL: lambda found: (
            f"All {STEPS} products are the same, to {_end(found.never)} in the last round: with momentum 1.0 "
            "SGD keeps every old gradient, as `.grad` does without Reset."
        ),
        DOUBLE: lambda found: (
            f"Many think gradients that add up are a larger learning rate, but {_parted(found, DOUBLE)}: "
            "the sum begins with one gradient, and grows."
        ),
        NONE: lambda found: (
            "Many think no setting does what a forgotten line does, but this one keeps all old gradients, "
            f"too: with `{FULL}` the product ends at {_end(found.settings[FULL])}, and without Reset at "
            f"{_end(found.never)}."
        ),
    },
    computed(_resets),
    _same_setting,
)
