"""Why a network that is too narrow cannot learn the rule, in the learner's own network's numbers."""

from collections.abc import Sequence

from service import Bottleneck, Job
from ui.components.numbers import at_least

WORDS = {1: "one number", 2: "two numbers"}


def bottleneck_panel(found: Bottleneck | None, job: Job | None) -> str:
    """What is lost, the rank, the lost direction, a vector made to break the network, and the way out."""
    if found is None or job is None:
        return ""
    facts = _no_jumps() if found.floor is None else f"{_flat(found)}{_vector(found)}{_floor(found, job)}"
    return (
        '<section class="panel bottleneck"><h3>Why this network cannot do it</h3>'
        f"<p>Everything it knows of <i>[a, b, c]</i> has to pass through {WORDS[found.width]}. The rule "
        f"needs three.</p><ul>{facts}</ul>"
        f'<button type="button" class="run-status-offer">{_offer(found)}</button></section>'
    )


def _offer(found: Bottleneck) -> str:
    count = found.missing
    return f"Give it {'one more neuron' if count == 1 else f'{count} more neurons'}"


def _no_jumps() -> str:
    return (
        "<li>A small change of the vector makes a small change in every layer. Then, however far out, two "
        "opposite vectors come out of the narrow layer the same (the theorem of Borsuk and Ulam) and get the "
        "same answer, which cannot be right for both. Far enough out, it is wrong even for one of the two "
        "integer vectors nearest to them.</li>"
        "<li>So no weights are right for every integer vector, in exact arithmetic. How low the loss on "
        "these examples can get does not follow from that.</li>"
    )


def _flat(found: Bottleneck) -> str:
    if found.rank is None or found.lost_direction is None:
        return (
            "<li>Whatever the activations do, its answers all lie on one "
            f"{'plane' if found.flat == 2 else 'line'}, because the last layer only adds multiples of "
            f"{'two columns' if found.flat == 2 else 'one column'} of weights to its bias.</li>"
        )
    return (
        f"<li>Without activations, the whole network is one matrix, and its rank is {found.rank}. So "
        f"there is a direction that it cannot see: along {_numbers(found.lost_direction)} its answer stays "
        "the same.</li>"
    )


def _vector(found: Bottleneck) -> str:
    if found.vector is None or found.answer is None:
        return ""
    a, b, c = found.vector
    right = f"right would be {[a, b, c, c + 1, c + 2]}"
    if found.lost_direction is None:
        return (
            f"<li>A vector made for this very network: to <b>{found.vector}</b> it answers "
            f"{_numbers(found.answer)}; {right}.</li>"
        )
    return (
        f"<li>A vector made for this very network: <b>{found.vector}</b> lies in that direction from "
        f"[0, 0, 0], rounded to whole numbers. To [0, 0, 0] it answers {_numbers(found.answer_to_zero)}, and "
        f"to {found.vector} it answers {_numbers(found.answer)}; {right}.</li>"
    )


def _floor(found: Bottleneck, job: Job) -> str:
    if not found.floor:
        return (
            "<li>These examples alone may not show it: nothing in them rules out a loss of 0. The rule for "
            "every integer vector does.</li>"
        )
    here = "" if job.loss is None else f" This run is at {job.loss:.4g}."
    low, high = job.config.low, job.config.high
    limit = ""
    if found.limit_floor is not None and low == -high and found.flat == 2:
        limit = (
            " As ever more examples are drawn evenly from -R to R, that floor tends to R(R+1)/3: with "
            f"R = {high}, to {found.limit_floor:.4g}."
        )
    return (
        "<li>In exact arithmetic, no weights at all bring the loss on these examples below "
        f"<b>{at_least(found.floor)}</b>.{here}{limit}</li>"
    )


def _numbers(values: Sequence[float]) -> str:
    return "[" + ", ".join(f"{value:.2f}" for value in values) + "]"
