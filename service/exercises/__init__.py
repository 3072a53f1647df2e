"""Exercises to be written: each says what to do, and judges a program by what happened when it ran."""

from service.exercises.base import GAP, ORDERED, Exercise, Verdict
from service.exercises.mistakes import MISTAKES
from service.exercises.network import FASTER, MEMORY
from service.exercises.product import FIFTEEN, GAPS, ORDER
from service.exercises.rates import LARGEST_RATE
from service.exercises.rule import RULE

EXERCISES: dict[str, Exercise] = {
    exercise.name: exercise for exercise in (ORDER, GAPS, FIFTEEN, MEMORY, FASTER, LARGEST_RATE, RULE)
}
"""By name, in the order in which they are offered."""

JUDGED: dict[str, Exercise] = {**EXERCISES, **MISTAKES}
"""All that a program can be judged by, by name."""

__all__ = ["EXERCISES", "GAP", "JUDGED", "MISTAKES", "ORDERED", "Exercise", "Verdict"]
