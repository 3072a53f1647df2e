"""Learning a rule: through too narrow a layer, and far from the examples."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

from ui.components.numbers import at_least, short
from ui.questions.memorizing import decimals, whole
from ui.questions.question import Question
from ui.questions.trainings import Trainings, final_loss

SEEDS = range(5)
RATE, STEPS, FEWER_STEPS = 1e-3, 20_000, 5000
LEARNED = 1e-3
"""A loss below which a network counts as having learned the rule."""


@dataclass(frozen=True)
class Ranks:
    """A network trained from several seeds, and a wider one."""

    early: float
    """The loss of the first seed after FEWER_STEPS."""
    losses: Sequence[float]
    floor: float | None
    wider: float
    """The loss of the network with 3 in place of every narrower layer."""


LONG = "yes, with enough steps"
LUCK = "only from lucky first weights"
NEVER = "no, whatever one does"


def rank(hidden: list[int]) -> Question[Ranks]:
    """Whether a network without activations, of these widths, can learn the challenge's rule."""
    drawn = " -> ".join(map(str, [3, *hidden, 5]))
    narrowest = min(hidden)
    wide = [max(width, 3) for width in hidden]
    wide_drawn = " -> ".join(map(str, [3, *wide, 5]))

    async def run(trainings: Trainings) -> Ranks:
        options = {"hidden": hidden}
        (early,) = await trainings.train(options, learning_rate=RATE, steps=FEWER_STEPS)
        models = [{**options, "seed": seed} for seed in SEEDS]
        *trained, wider = await trainings.train(*models, {"hidden": wide}, learning_rate=RATE, steps=STEPS)
        losses = [final_loss(each) for each in trained]
        return Ranks(final_loss(early), losses, trained[0].loss_floor, final_loss(wider))

    def right(found: Ranks) -> str:
        learned = [loss < LEARNED for loss in found.losses]
        if found.floor:
            return NEVER
        return LONG if all(learned) else LUCK

    def losses(found: Ranks) -> str:
        return f"from {short(min(found.losses))} to {short(max(found.losses))}"

    def about_long(found: Ranks) -> str:
        if found.floor:
            return (
                f"Many think more steps always help, but after {FEWER_STEPS:,} the loss is "
                f"{short(found.early)}, after {STEPS:,} {short(found.losses[0])}, and no weights bring it "
                f"below {at_least(found.floor)}: three numbers do not fit through {narrowest}."
            )
        return (
            f"After {STEPS:,} steps the loss is {short(found.losses[0])}: no layer is narrower than the "
            "three numbers that have to go through."
        )

    def about_luck(found: Ranks) -> str:
        if found.floor:
            return (
                f"Many think another seed would do it, but {len(found.losses)} seeds end {losses(found)}, "
                f"and none can get below {at_least(found.floor)}: three numbers do not fit through "
                f"{narrowest}."
            )
        return (
            f"Many think it is a matter of luck, but {len(found.losses)} seeds of {len(found.losses)} end "
            f"with a loss of at most {short(max(found.losses))}."
        )

    def about_never(found: Ranks) -> str:
        if found.floor:
            return (
                f"Three numbers do not fit through {narrowest}: {len(found.losses)} seeds end "
                f"{losses(found)}, and no weights get below {at_least(found.floor)}. {wide_drawn} gets to "
                f"{short(found.wider)}."
            )
        return (
            f"Many think a small network cannot learn a rule for all vectors, but after {STEPS:,} steps its "
            f"loss is {short(found.losses[0])}: its narrowest layer is as wide as the input."
        )

    return Question(
        "rank",
        f"the network {drawn}",
        f"Can the network {drawn}, without activations, learn to answer [a, b, c] with [a, b, c, c+1, c+2]?",
        {NEVER: about_never, LONG: about_long, LUCK: about_luck},
        run,
        right,
    )


RANK = rank([2])
RANK_AGAIN = (rank([3]), rank([8, 2]), rank([2, 8]))


FAR, FARTHER = [100.0] * 3, [1000.0] * 3
NEAR = [1.0, 2.0, 3.0]


@dataclass(frozen=True)
class Far:
    """A network's loss, and its answers near its examples and far from them."""

    loss: float
    near: Sequence[float | None]
    far: Sequence[float | None]
    farther: Sequence[float | None]
    expected: Sequence[float]

    @property
    def error(self) -> float:
        """How far the worst number of the far answer is off."""
        return max(
            inf if one is None else abs(one - other)
            for one, other in zip(self.far, self.expected, strict=True)
        )


async def _far(trainings: Trainings) -> Far:
    (trained,) = await trainings.train(
        {"hidden": [32], "activation": "tanh"},
        learning_rate=3e-3,
        steps=10_000,
        optimizer="adam",
        batch_size=100,
    )
    predicted = trained.predict([NEAR, FAR, FARTHER])
    near, far, farther = predicted.outputs
    return Far(final_loss(trained), near, far, farther, predicted.expected[1] or [])


RIGHT = "right, once rounded"
NEAR_MISS, OFF = "a little off, by less than 10", "far off, by 10 or more"


def _off(found: Far) -> str:
    return RIGHT if found.error < 0.5 else NEAR_MISS if found.error < 10 else OFF


EXTRAPOLATING = Question(
    "extrapolating",
    "far from the examples",
    "A network 3 -> 32 -> 5 with tanh learns [a, b, c, c+1, c+2] from 1,000 vectors with numbers from -10 "
    f"to 10, until its loss is small. Its answer to {whole(FAR)} is ...",
    {
        OFF: lambda found: (
            f"It answers {decimals(found.far)}, though its loss is {short(found.loss)} and {whole(NEAR)} "
            f"gives {decimals(found.near)}: nothing in its examples says how to go on outside them."
        ),
        RIGHT: lambda found: (
            f"Many think a loss of {short(found.loss)} means that it knows the rule, but that was measured "
            f"on its examples: to {whole(NEAR)} it answers {decimals(found.near)}, to {whole(FAR)} "
            f"{decimals(found.far)}."
        ),
        NEAR_MISS: lambda found: (
            f"Many think errors grow slowly, but tanh is flat far out: to {whole(FAR)} it answers "
            f"{decimals(found.far)}, and to {whole(FARTHER)} {decimals(found.farther)}."
        ),
    },
    _far,
    _off,
)
