"""A gallery of mistakes: programs to be repaired, and the program that each once was."""

from service.exercises.base import Exercise
from service.exercises.mistakes.examples import COLUMNS, HELD_OUT, LARGE
from service.exercises.mistakes.networks import IN_PLACE, INTEGERS, LIST, STRANGER, SUPER, VECTOR
from service.exercises.mistakes.numbers import ASSIGNED, ITEM, RESET, STALE, TWICE, ZERO

MISTAKES: dict[str, Exercise] = {
    mistake.name: mistake
    for mistake in (
        INTEGERS,
        TWICE,
        VECTOR,
        STALE,
        STRANGER,
        SUPER,
        RESET,
        ITEM,
        ASSIGNED,
        IN_PLACE,
        LIST,
        ZERO,
        LARGE,
        COLUMNS,
        HELD_OUT,
    )
}
"""By name, in the order in which they are offered. The two hints of each are why it fails, and its fix."""
