"""Why a network that is too narrow cannot learn the rule, in the learner's own network's numbers."""

from collections.abc import Sequence

from service import Bottleneck, Job
from ui.components.numbers import at_least
from ui.components.parts import button, fold, items
from ui.components.terms import term
from ui.markup import Child, Markup, join, tag

WORDS = {1: "one number", 2: "two numbers"}


def bottleneck_panel(found: Bottleneck | None, job: Job | None) -> Markup:
    """What is lost, the rank, the lost direction, a vector made to break the network, and the way out."""
    if found is None or job is None:
        return Markup()
    facts = NO_JUMPS if found.floor is None else (_flat(found), _vector(found), _floor(found, job))
    return fold(
        "panel.bottleneck",
        "Can this network learn the rule?",
        tag(
            "p",
            "Everything it knows of ",
            tag("i", "[a, b, c]"),
            f" has to pass through {WORDS[found.width]}. The rule needs three.",
        ),
        tag("ul", items(fact for fact in facts if fact)),
        button("run-status-offer", _offer(found)),
    )


def _offer(found: Bottleneck) -> str:
    count = found.missing
    return f"Give it {'one more neuron' if count == 1 else f'{count} more neurons'}"


NO_JUMPS = (
    "A small change of the vector makes a small change in every layer. Then, however far out, two opposite "
    "vectors come out of the narrow layer the same (the theorem of Borsuk and Ulam) and get the same answer, "
    "which cannot be right for both. Far enough out, it is wrong even for one of the two integer vectors "
    "nearest to them.",
    "So no weights are right for every integer vector, in exact arithmetic. How low the loss on these "
    "examples can get does not follow from that.",
)


def _flat(found: Bottleneck) -> Markup:
    if found.rank is None or found.lost_direction is None:
        plane = found.flat == 2
        return join(
            "Whatever the ",
            term("activation", "activations"),
            f" do, its answers all lie on one {'plane' if plane else 'line'}, "
            f"because the last layer only adds multiples of {'two columns' if plane else 'one column'} of "
            "weights to its bias.",
        )
    return join(
        "Without activations, the whole network is one matrix, and its ",
        term("rank"),
        f" is {found.rank}. So there is a direction that it cannot see: along "
        f"{_numbers(found.lost_direction)} its answer stays the same.",
    )


def _vector(found: Bottleneck) -> Markup | None:
    if found.vector is None or found.answer is None:
        return None
    answer = f"{_numbers(found.answer)}; right would be {found.expected}."
    vector = tag("b", str(found.vector))
    if found.lost_direction is None:
        return join("A vector made for this very network: to ", vector, f" it answers {answer}")
    return join(
        "A vector made for this very network: ",
        vector,
        " lies in that direction from [0, 0, 0], rounded to whole numbers. To [0, 0, 0] it answers "
        f"{_numbers(found.answer_to_zero)}, and to {found.vector} it answers {answer}",
    )


def _floor(found: Bottleneck, job: Job) -> Child:
    if not found.floor:
        return (
            "These examples alone may not show it: nothing in them rules out a loss of 0. The rule for every "
            "integer vector does."
        )
    here = "" if job.loss is None else f" This run is at {job.loss:.4g}."
    low, high = job.config.low, job.config.high
    limit = ""
    if found.limit_floor is not None and low == -high and found.flat == 2:
        limit = (
            " As ever more examples are drawn evenly from -R to R, that floor tends to R(R+1)/3: with "
            f"R = {high}, to {found.limit_floor:.4g}."
        )
    return join(
        "In exact arithmetic, no weights at all bring the loss on these examples below this ",
        term("floor"),
        ": ",
        tag("b", at_least(found.floor)),
        f".{here}{limit}",
    )


def _numbers(values: Sequence[float]) -> str:
    return "[" + ", ".join(f"{value:.2f}" for value in values) + "]"
