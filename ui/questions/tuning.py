"""Picking a run by its loss on held-out examples, and what that loss is worth then."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from statistics import mean

from service import ExampleSet, Snapshot
from ui.components.numbers import short
from ui.questions.question import Question
from ui.questions.trainings import Trainings, last_held_out

RATE, STEPS = 1e-3, 2000
RUNS = 40
EXAMPLES, HELD_OUT, FRESH = 20, 0.25, 1000
MARGIN = 1.1
"""Losses of which one is less than so many times the other count as about the same."""


@dataclass(frozen=True)
class Tuning:
    """The losses of many runs on the examples they held out, and on fresh ones."""

    held_out: Sequence[float]
    fresh: Sequence[float]

    @property
    def best(self) -> int:
        """The run with the lowest loss on its held-out examples."""
        return min(range(len(self.held_out)), key=lambda run: self.held_out[run])

    @property
    def picked(self) -> tuple[str, str]:
        """The losses of the best run on either."""
        return short(self.held_out[self.best]), short(self.fresh[self.best])

    @property
    def averages(self) -> tuple[str, str]:
        """Those of all runs."""
        return short(mean(self.held_out)), short(mean(self.fresh))


async def _tuning(trainings: Trainings) -> Tuning:
    models = [{"hidden": [8], "activation": "relu", "seed": seed} for seed in range(RUNS)]
    trained = await trainings.train(
        *models, learning_rate=RATE, steps=STEPS, examples=EXAMPLES, held_out=HELD_OUT
    )
    # Another seed draws other examples of the same kind.
    (stranger,) = await trainings.train({}, learning_rate=RATE, steps=1, examples=FRESH, data_seed=1)
    held_out = [last_held_out(each) for each in trained]
    return Tuning(held_out, [_loss(each, stranger.examples) for each in trained])


def _loss(trained: Snapshot, examples: ExampleSet) -> float:
    answers = zip(trained.predict(examples.inputs).outputs, examples.targets, strict=True)
    return mean(
        sum(((inf if one is None else one) - other) ** 2 for one, other in zip(answer, target, strict=True))
        for answer, target in answers
    )


LOWER, ALIKE, HIGHER = "lower", "about the same", "higher"


def _fresh(found: Tuning) -> str:
    held_out, fresh = found.held_out[found.best], found.fresh[found.best]
    if max(held_out, fresh) < MARGIN * min(held_out, fresh):
        return ALIKE
    return HIGHER if fresh > held_out else LOWER


PICKED = Question(
    "tuning",
    "picking the best run",
    f"{RUNS} runs differ only in their seeds. You keep the one with the lowest loss on the "
    f"{round(EXAMPLES * HELD_OUT)} examples that all of them held out. Compared to that loss, its loss on "
    f"{FRESH:,} fresh examples is ...",
    {
        LOWER: lambda found: (
            "Many think more examples even out to a lower loss, but they only tell it better: the run you "
            f"keep has {found.picked[0]} on the held-out examples and {found.picked[1]} on the fresh ones."
        ),
        ALIKE: lambda found: (
            "Many think a loss on held-out examples is a fair one, but you picked the run by it. Over all "
            f"runs it is: {found.averages[0]} held out, {found.averages[1]} fresh, on average. For the one "
            f"you keep: {found.picked[0]} and {found.picked[1]}."
        ),
        HIGHER: lambda found: (
            f"{found.picked[0]} on the held-out examples, {found.picked[1]} on the fresh ones: who picks "
            f"the lowest of {len(found.held_out)} numbers also picks luck. Over all runs the two average "
            f"{found.averages[0]} and {found.averages[1]}. Keep a third set for the last look."
        ),
    },
    _tuning,
    _fresh,
)
