"""What a learner has answered, as the browser keeps it: by the question's name, her first answer."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

Variant = TypeVar("Variant")
STATES = ("right", "wrong", "skipped")
"""What has become of a question; one that is skipped was run without a prediction, as was once possible."""


class Answer(NamedTuple):
    """Her first answer to a question."""

    state: str
    """One of STATES."""
    choice: int = 0
    """Which of the choices it was; 0 where the browser has not kept that."""


class Score(NamedTuple):
    """How far the predictions have come."""

    predicted: int
    right: int
    questions: int
    again: int
    """How many of the questions that come back have been answered once more."""
    returning: int


def read_answers(kept: object) -> dict[str, Answer]:
    """What the browser has kept; what cannot be read, for it is the browser's, is left out."""
    entries = kept if isinstance(kept, Mapping) else {}
    found = {str(name): _read(entry) for name, entry in entries.items()}
    return {name: answer for name, answer in found.items() if answer is not None}


def _read(entry: Any) -> Answer | None:
    match entry:
        case str() as state if state in STATES:
            return Answer(state)
        case {"state": str() as state, "choice": int() as choice} if state in STATES:
            return Answer(state, choice)
    return None


def kept_answers(kept: object, name: str, answer: Answer) -> dict[str, Any]:
    """What the browser is to keep now: an answer that it has already is not replaced."""
    entries: Mapping[str, Any] = kept if isinstance(kept, Mapping) else {}
    return {**entries} if name in read_answers(kept) else {**entries, name: answer._asdict()}


def score_of(answers: Mapping[str, Answer], questions: Iterable[str], returning: Iterable[str]) -> Score:
    """The score over the names of the questions, and of those that come back."""
    asked, again = list(questions), list(returning)
    first = [answers[name] for name in asked if name in answers]
    right = sum(answer.state == "right" for answer in first)
    return Score(len(first), right, len(asked), sum(name in answers for name in again), len(again))


def drawn(variants: Sequence[Variant], first: Answer) -> Variant:
    """The variant that comes back to whoever gave that answer first: the same one every time."""
    return variants[first.choice % len(variants)]
