"""A prediction and what came of it."""

from html import escape


def verdict_panel(answer: str | None, right: str, evidence: str) -> str:
    """What was predicted, what the run gave, and why."""
    if answer is None:
        title, state = f"It is: {right}", "skipped"
    elif answer == right:
        title, state = f"✓ As you predicted: {right}", "right"
    else:
        title, state = f"✗ You said: {answer}. It is: {right}", "wrong"
    return (
        f'<div class="verdict" data-verdict="{state}" role="status"><p><b>{escape(title)}</b></p>'
        f"<p>{escape(evidence)}</p></div>"
    )


def score_panel(states: dict[str, str] | None, total: int) -> str:
    """How far the predictions have come, in a line for the top of the page; None while nobody knows."""
    if states is None:
        return f'<p class="score" aria-busy="true">{total} predictions to make</p>'
    made = len(states)
    right = sum(state == "right" for state in states.values())
    if not made:
        return f'<p class="score">{total} predictions to make</p>'
    return f'<p class="score">{made} of {total} predictions made, {right} right</p>'
