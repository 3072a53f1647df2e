"""How a mistake is written down: the program that is right, and what makes it wrong."""

from collections.abc import Callable, Mapping

from service.exercises.base import Exercise, Verdict
from service.sandbox.report import ProgramReport


def mistake(
    name: str,
    title: str,
    *,
    task: str,
    correct: str,
    changed: Mapping[str, str],
    why: str,
    fix: str,
    judge: Callable[[ProgramReport], Verdict],
) -> Exercise:
    """A program to be repaired: `start` is the correct one with lines changed; the hints: why, and the fix.

    The title tells what is seen, not what it comes from: that is to be found.
    """
    broken = correct
    for line, instead in changed.items():
        broken = broken.replace(line, instead)
    return Exercise(name, title, task, start=broken, solution=correct, hints=(why, fix), judge=judge)
