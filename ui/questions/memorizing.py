"""What a network knows that has memorized one vector, and what its seed has to do with it."""

from collections.abc import Sequence
from dataclasses import dataclass

from ui.components.numbers import exact, shown
from ui.questions.question import Question
from ui.questions.trainings import Trainings

SEEN = [1.0, 2.0, 3.0]
UNSEEN = [3.0, 2.0, 1.0]
RATE, STEPS = 1e-3, 2000
SEEDS = (0, 1)


@dataclass(frozen=True)
class Memorized:
    """A network after its training: a first weight, and its answers."""

    weight: float
    seen: Sequence[float | None]
    unseen: Sequence[float | None]


def whole(values: Sequence[float | None]) -> str:
    """The numbers as a list, each to the nearest integer."""
    return f"[{', '.join('nan' if value is None else f'{round(value)}' for value in values)}]"


def decimals(values: Sequence[float | None]) -> str:
    """The numbers as a list, with two decimals."""
    return f"[{', '.join('nan' if value is None else f'{value:.2f}' for value in values)}]"


def _of_rule(vector: Sequence[float]) -> list[float]:
    return [*vector, vector[-1] + 1, vector[-1] + 2]


async def _memorized(trainings: Trainings, seeds: Sequence[int]) -> list[Memorized]:
    trained = await trainings.train(*({"seed": seed} for seed in seeds), learning_rate=RATE, steps=STEPS)
    found: list[Memorized] = []
    for each in trained:
        seen, unseen = each.predict([SEEN, UNSEEN]).outputs
        weight = next(iter(each.parameters.values()))[0][0]
        found.append(Memorized(weight, seen, unseen))
    return found


async def _one(trainings: Trainings) -> Memorized:
    (found,) = await _memorized(trainings, SEEDS[:1])
    return found


RULE = f"{whole(_of_rule(UNSEEN))}, by the same rule"
REPEATED = f"{whole(_of_rule(SEEN))}, for it knows no other answer"
NEITHER = "neither"


def _answered(found: Memorized) -> str:
    claims = {whole(_of_rule(UNSEEN)): RULE, whole(_of_rule(SEEN)): REPEATED}
    return claims.get(whole(found.unseen), NEITHER)


MEMORIZING = Question(
    "memorizing",
    "a vector it has never seen",
    f"A network has learned to answer {whole(SEEN)} with {whole(_of_rule(SEEN))}, and nothing else. What "
    f"does it answer to {whole(UNSEEN)}?",
    {
        RULE: lambda found: (
            "Many think a network finds the rule behind its example, but one example fits countless rules: "
            f"it answers {decimals(found.unseen)}. To {whole(SEEN)} it answers {decimals(found.seen)}."
        ),
        REPEATED: lambda found: (
            "Many think a network looks its answers up, but it multiplies and adds whatever comes in: to "
            f"{whole(UNSEEN)} it answers {decimals(found.unseen)}, and only to {whole(SEEN)} "
            f"{decimals(found.seen)}."
        ),
        NEITHER: lambda found: (
            f"It answers {decimals(found.unseen)}. Its training made {whole(SEEN)} come out as "
            f"{decimals(found.seen)}, and left every other answer to chance."
        ),
    },
    _one,
    _answered,
)

SAME = "the same weights and the same answers"
ALIKE = "different weights, the same answer to the vector it learned"
LUCKY = "different weights; only one has learned it"


@dataclass(frozen=True)
class Pair:
    """The same training from two seeds."""

    one: Memorized
    other: Memorized


async def _pair(trainings: Trainings) -> Pair:
    return Pair(*await _memorized(trainings, SEEDS))


def _of_seeds(found: Pair) -> str:
    if found.one.weight == found.other.weight:
        return SAME
    return ALIKE if whole(found.one.seen) == whole(found.other.seen) == whole(_of_rule(SEEN)) else LUCKY


def _weights(found: Pair) -> str:
    return (
        f"the first weight is {shown(found.one.weight)} in one and {shown(found.other.weight)} in the other"
    )


SEEDING = Question(
    "seeds",
    "two seeds",
    f"Two networks learn to answer {whole(SEEN)} with {whole(_of_rule(SEEN))}. One begins from seed "
    f"{SEEDS[0]}, the other from seed {SEEDS[1]}; learning rate {exact(RATE)}, {STEPS:,} steps. They end "
    "with ...",
    {
        SAME: lambda found: (
            "Many think training leads everybody to the one solution, but there are many: "
            f"{_weights(found)}. To {whole(UNSEEN)} they answer {decimals(found.one.unseen)} and "
            f"{decimals(found.other.unseen)}."
        ),
        ALIKE: lambda found: (
            f"Both answer {whole(found.one.seen)}, but {_weights(found)}, and to {whole(UNSEEN)}, which "
            f"neither has learned, they answer {decimals(found.one.unseen)} and "
            f"{decimals(found.other.unseen)}."
        ),
        LUCKY: lambda found: (
            "Many think the seed decides between success and failure, but both learned it: "
            f"{decimals(found.one.seen)} and {decimals(found.other.seen)}. What differs is how: "
            f"{_weights(found)}."
        ),
    },
    _pair,
    _of_seeds,
)
