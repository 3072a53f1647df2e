"""A prediction and what came of it."""

from ui.markup import Markup, tag


def verdict_panel(answer: str | None, right: str, evidence: str) -> Markup:
    """What was predicted, what the run gave, and why."""
    if answer is None:
        title, state = f"It is: {right}", "skipped"
    elif answer == right:
        title, state = f"✓ As you predicted: {right}", "right"
    else:
        title, state = f"✗ You said: {answer}. It is: {right}", "wrong"
    words = tag("p", tag("b", title)), tag("p", evidence)
    return tag("div.verdict", words, data_verdict=state, role="status")


def score_panel(states: dict[str, str] | None, total: int) -> Markup:
    """How far the predictions have come, in a line for the top of the page; None while nobody knows."""
    words = f"{total} predictions to make"
    if states:
        right = sum(state == "right" for state in states.values())
        words = f"{len(states)} of {total} predictions made, {right} right"
    return tag("p.score", words, aria_busy="true" if states is None else None)
