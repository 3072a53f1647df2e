"""Exercises to be written: each says what to do, and judges a program by what happened when it ran."""

from service.exercises.base import ORDERED, Exercise, Verdict

EXERCISES: dict[str, Exercise] = {}
"""By name, in the order in which they are offered."""

__all__ = ["EXERCISES", "ORDERED", "Exercise", "Verdict"]
