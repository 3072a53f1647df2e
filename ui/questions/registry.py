"""All questions by name, and those that come back later with other numbers."""

from collections.abc import Mapping
from typing import Any

from ui.questions import losses, memorizing, orders, rules, steps, tensors, tuning
from ui.questions.question import Question

QUESTIONS: Mapping[str, Question[Any]] = {
    question.name: question
    for question in (
        tensors.SHAPES,
        tensors.TYPES,
        orders.WORKING,
        steps.RATES,
        steps.FALLING,
        losses.LOSSES,
        memorizing.SEEDING,
        memorizing.MEMORIZING,
        steps.VANISHED,
        rules.RANK,
        rules.EXTRAPOLATING,
        tuning.PICKED,
        orders.RESETS,
        orders.MOMENTUM,
    )
}

RETURNING: Mapping[str, tuple[Question[Any], ...]] = {
    variants[0].name: variants for variants in (tensors.SHAPES_AGAIN, steps.RATES_AGAIN, rules.RANK_AGAIN)
}
"""The variants to draw from, by the name of the question that comes back."""
