"""Every question and every variant that comes back, each with the task of the chapter that asks it."""

from collections.abc import Mapping
from typing import Any

from service import TrainingService
from ui.questions.question import Question
from ui.questions.registry import QUESTIONS, RETURNING
from ui.questions.trainings import Trainings

TASKS: Mapping[str, str] = {
    "seeds": "memorize",
    "memorizing": "memorize",
    "rank": "challenge",
    "extrapolating": "challenge",
    "tuning": "challenge",
}
"""Of the questions that train."""

VARIANTS: list[tuple[str, Question[Any]]] = [
    *QUESTIONS.items(),
    *(
        (f"{name}-{number}", each)
        for name, variants in RETURNING.items()
        for number, each in enumerate(variants)
    ),
]


def trainings(lab: TrainingService, question: Question[Any]) -> Trainings:
    """What the question is given to run with."""
    return Trainings(lab, TASKS.get(question.name, ""))
