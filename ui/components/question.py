"""A question to predict the answer of, what came of the prediction, and the score."""

from collections.abc import Sequence

from ui.components.parts import button
from ui.components.text import code_marked
from ui.markup import Markup, tag
from ui.questions.answers import Score


def question_panel(
    name: str,
    title: str,
    text: str,
    choices: Sequence[str],
    chosen: int | None = None,
    verdict: Markup | None = None,
) -> Markup:
    """A question, closed to its title; once it is answered, open, with the verdict on what was chosen."""
    options = (
        tag(
            "label",
            tag("input", type="radio", name=name, value=number, checked=number == chosen),
            tag("span", choice),
        )
        for number, choice in enumerate(choices)
    )
    return tag(
        "details.fold.question",
        tag("summary", title),
        tag("fieldset", tag("legend", text), options),
        # Run waits for a choice that has not been run: question.js enables it.
        button("quiet.question-run", "Run it and see", disabled=True),
        tag("div.reply", verdict or tag("p", "Choose first. Your first answer counts."), role="status"),
        open=verdict is not None,
    )


def verdict_panel(choice: str, right: str, reply: str, *, counts: bool = True) -> Markup:
    """What was predicted, what the run gave, and what there is to say to that prediction.

    A prediction that does not count is one after the first.
    """
    if choice == right:
        title, state = f"✓ As you predicted: {right}.", "right"
    else:
        title, state = f"✗ You predicted: {choice}. It is: {right}.", "wrong"
    more = None if counts else " The score counts your first answer."
    words = tag("p", tag("b", title)), tag("p", code_marked(reply), more)
    return tag("div.verdict", words, data_verdict=state)


def score_panel(score: Score, *, known: bool = True) -> Markup:
    """How far the predictions have come, in a line for the top of the page; `known` once the browser told."""
    words = f"{score.questions} predictions to make"
    if score.predicted:
        words = f"{score.predicted} of {score.questions} predicted, {score.right} right"
    if score.again:
        words += f"; {score.again} of {score.returning} asked again"
    return tag("p.score", words, aria_busy=None if known else "true")
