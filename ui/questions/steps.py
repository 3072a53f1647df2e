"""How far a step goes: too far, not far enough, to nowhere, or below zero."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from math import inf, isfinite

from service import RitualOptions, Trajectory, downhill, exact, press_through, trajectory
from ui.components.numbers import shown
from ui.questions.question import Question, computed

ROUNDS = 100


def decimal(value: float) -> str:
    """The number without a power of ten, to 8 significant digits."""
    return f"{Decimal(f'{value:.8g}').normalize():f}"


@dataclass(frozen=True)
class Steps:
    """The same loop at several learning rates, and which of them ended nearest to the target."""

    target: float
    trajectories: dict[str, Trajectory]
    nearest: str

    def told(self, rate: str) -> str:
        """What to say to whoever chose that rate."""
        course = self.trajectories[rate]
        first, second, *_, last = course.products
        if rate == self.nearest:
            others = [f"{shown(each.products[-1])} at {name}" for name, each in self.trajectories.items()]
            return (
                f"It ends at {shown(last)}. The others: "
                f"{', '.join(words for words in others if not words.endswith(f' at {rate}'))}."
            )
        if not isfinite(last):
            return (
                f"Many think large steps arrive sooner, but at {rate} the first one goes from "
                f"{shown(first)} to {shown(second)}, and the steps only grow from there. After {ROUNDS} "
                f"rounds it is {last}."
            )
        if any((one > self.target) != (other > self.target) for one, other in pairwise(course.products)):
            return (
                f"Many think a large step is a bit too far at worst, but at {rate} the product jumps over "
                f"{exact(self.target)} and back: it ends with "
                f"{', '.join(map(shown, course.products[-3:]))}."
            )
        return (
            f"Many think small steps are the precise ones, but {ROUNDS} of them at {rate} only take the "
            f"product from {shown(first)} to {shown(last)}."
        )


def rates(start: tuple[float, float], target: float, tried: tuple[float, ...]) -> Question[Steps]:
    """At which learning rate the product ends nearest to the target."""

    def run() -> Steps:
        found = {
            decimal(rate): trajectory(
                decimal(rate), RitualOptions(start=start, target=target, learning_rate=rate), ROUNDS, "BOR"
            )
            for rate in tried
        }
        return Steps(target, found, min(found, key=lambda name: _distance(found[name], target)))

    def reply(rate: str) -> Callable[[Steps], str]:
        return lambda found: found.told(rate)

    one, other = map(exact, start)
    return Question(
        "rates",
        "the learning rate",
        f"{one} * {other} is to become {exact(target)}. Which learning rate ends nearest to it after "
        f"{ROUNDS} rounds?",
        {decimal(rate): reply(decimal(rate)) for rate in tried},
        computed(run),
        lambda found: found.nearest,
    )


def _distance(course: Trajectory, target: float) -> float:
    last = course.products[-1]
    return abs(last - target) if isfinite(last) else inf


RATES = rates((3, 4), 15, (0.00001, 0.01, 0.05, 1))
RATES_AGAIN = (
    rates((2, 5), 20, (0.000001, 0.0001, 0.005, 0.3)),
    rates((2, 3), 20, (0.01, 0.04, 0.2, 1)),
    rates((1, 6), 10, (0.00001, 0.0005, 0.01, 0.5)),
)


@dataclass(frozen=True)
class Fall:
    """A loss that is the product itself, and the lab's loss beside it."""

    product: Trajectory
    squared: Trajectory

    @property
    def below(self) -> int:
        """The first step after which the loss is below 0."""
        return next(step for step, value in enumerate(self.product.products) if value < 0)


FALL_STEPS = 2000
LAB = RitualOptions()
AT_ZERO, ABOVE, BELOW = "0, or as near as float32 gets", "above 0, coming closer", "far below 0"


def _fall() -> Fall:
    return Fall(downhill(LAB, FALL_STEPS), trajectory("squared", LAB, FALL_STEPS, "BOR"))


def _where(found: Fall) -> str:
    last = found.product.products[-1]
    return BELOW if last < -1 else ABOVE if last > 1e-3 else AT_ZERO


FALLING = Question(
    "falling",
    "a loss that is not squared",
    f"The loss is the product itself, loss = var_1 * var_2, and begins at 12. After {FALL_STEPS:,} rounds "
    "of SGD it is ...",
    {
        BELOW: lambda found: (
            f"It is at {shown(found.product.products[-1])}: SGD goes down, and a product has no lowest "
            "value. A square does: with `(15 - var_1 * var_2) ** 2` the same steps end at a product of "
            f"{shown(found.squared.products[-1])}."
        ),
        AT_ZERO: lambda found: (
            "Many think SGD takes a loss to 0, but it only goes down: this one passes 0 at step "
            f"{found.below:,} and is at {shown(found.product.products[-1])} in the end."
        ),
        ABOVE: lambda found: (
            "Many think steps shrink as the loss nears 0, but they shrink with the gradient, and this one "
            f"is not 0 there: from {shown(found.product.products[found.below - 1])} the next step goes to "
            f"{shown(found.product.products[found.below])}."
        ),
    },
    computed(_fall),
    _where,
)


@dataclass(frozen=True)
class Vanishing:
    """Steps too small for float32, and ten times larger ones."""

    tiny: Trajectory
    larger: Trajectory


VANISHING_STEPS = 1000
TINY, LARGER = 1e-9, 1e-8
GRADIENT = press_through(LAB, "B")[-1].nodes["var_1"].grad or 0.0
"""Of the lab's loss by var_1, at the start."""
SUM = f"about {decimal(LAB.start[0] - VANISHING_STEPS * TINY * GRADIENT)}"
PARTIAL, EXACT = "a bit above 3, for rounding takes part of it", "exactly 3"


def _vanishing() -> Vanishing:
    small, large = (
        trajectory("BOR", RitualOptions(learning_rate=rate), VANISHING_STEPS, "BOR")
        for rate in (TINY, LARGER)
    )
    return Vanishing(small, large)


def _after(found: Vanishing) -> str:
    moved = found.tiny.end[0] - LAB.start[0]
    if not moved:
        return EXACT
    return SUM if found.tiny.updates == VANISHING_STEPS else PARTIAL


VANISHED = Question(
    "vanishing",
    "very small steps",
    f"var_1 is 3, its gradient is {exact(GRADIENT)}, the learning rate {decimal(TINY)}: a step adds "
    f"{decimal(-TINY * GRADIENT)}. After {VANISHING_STEPS:,} steps the float32 number is ...",
    {
        EXACT: lambda found: (
            f"It is {decimal(found.tiny.end[0])}: 3 plus so little rounds back to 3, every time. At "
            f"{decimal(LARGER)} a step is large enough, and var_1 ends at {decimal(found.larger.end[0])}."
        ),
        SUM: lambda found: (
            f"Many think small steps add up in the end, but {found.tiny.updates} of {VANISHING_STEPS:,} "
            f"changed anything: var_1 is {decimal(found.tiny.end[0])}. At {decimal(LARGER)} all "
            f"{found.larger.updates:,} did, and it is {decimal(found.larger.end[0])}."
        ),
        PARTIAL: lambda found: (
            "Many think rounding errors even out, but each step begins at the same 3 and is rounded the "
            f"same way: {found.tiny.updates} of {VANISHING_STEPS:,} changed anything. At {decimal(LARGER)}, "
            f"{found.larger.updates:,} did."
        ),
    },
    computed(_vanishing),
    _after,
)
