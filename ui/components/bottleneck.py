"""Why a network that is too narrow cannot learn the rule, in the learner's own network's numbers."""

from collections.abc import Sequence

from service import Bottleneck, Job

NOTHING = 1e-9
"""A floor that is only the rounding of its own computation."""
WORDS = {0: "no number", 1: "one number", 2: "two numbers"}


def bottleneck_panel(found: Bottleneck | None, job: Job | None) -> str:
    """The floor, the rank, the lost direction, a vector made to break the network, and the way out."""
    if found is None or job is None:
        return ""
    if found.floor < NOTHING:
        return (
            '<section class="panel bottleneck"><h3>It could fit these examples, but not the rule</h3>'
            f"<p>The rule needs three numbers, and everything passes through {WORDS[found.width]}. These "
            "examples happen to need no more.</p></section>"
        )
    through = WORDS[found.width]
    return (
        '<section class="panel bottleneck"><h3>Why this network cannot do it</h3>'
        f"<p>Everything it knows of <i>[a, b, c]</i> has to pass through {through}. The rule needs three.</p>"
        f"<ul>{_rank(found)}{_vector(found)}<li>{_floor(found, job)}</li></ul>"
        '<button type="button" class="run-status-offer">Give it one more neuron</button></section>'
    )


def _rank(found: Bottleneck) -> str:
    if found.rank is None or found.lost_direction is None:
        return (
            "<li>Whatever the activations do, its answers all lie "
            f"{'on one plane' if found.width == 2 else 'on one line'}, because the last layer only adds "
            f"{found.width} {'columns' if found.width == 2 else 'column'} of weights to its bias.</li>"
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
        f"[0, 0, 0]. To [0, 0, 0] it answers {_numbers(found.answer_to_zero)}, and to "
        f"{found.vector} nearly the same, {_numbers(found.answer)}; {right}.</li>"
    )


def _floor(found: Bottleneck, job: Job) -> str:
    here = "" if job.loss is None else f" This one is at {job.loss:.4g}."
    text = (
        f"No weights at all bring the loss on these examples below <b>{found.floor:.4g}</b>, the line in the "
        f"plot.{here}"
    )
    low, high = job.config.low, job.config.high
    if found.average_floor is not None and low == -high and found.width == 2:
        text += (
            f" For integers drawn evenly from -R to R that floor is R(R+1)/3 on average; with R = {high}, "
            f"{found.average_floor:.4g}."
        )
    return text


def _numbers(values: Sequence[float]) -> str:
    return "[" + ", ".join(f"{value:.2f}" for value in values) + "]"
