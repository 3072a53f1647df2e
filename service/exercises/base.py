"""What an exercise is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from service.sandbox.report import ProgramReport
from service.tasks import Certificate


@dataclass(frozen=True)
class Verdict:
    """Whether a program does what the exercise asks, and what happened in it, in a sentence or two."""

    passed: bool
    said: str
    hint: str | None = None
    """What to look at next, where what happened tells that better than the exercise's own hints."""


@dataclass(frozen=True)
class Exercise:
    """Something to write, and how a program for it is judged: by what happened when it ran."""

    name: str
    title: str
    task: str
    """What to do, in a few sentences. Code is in backticks."""
    start: str
    """The program to begin with."""
    solution: str
    hints: Sequence[str]
    """One after another, each says more."""
    judge: Callable[[ProgramReport], Verdict]
    lines: Sequence[str] = ()
    """Of an exercise to be put in order: the lines, as they are dealt. `start` then has the line ORDERED,
    with the indentation of what stands in its place."""
    again: float | None = None
    """A factor: the program is run once more with each learning rate times this, and `judge_again` asked."""
    judge_again: Callable[[ProgramReport, ProgramReport], Verdict] | None = None
    """Judges the first report and the second, where the first has passed."""
    judge_certificate: Callable[[ProgramReport, Certificate], Verdict] | None = None
    """Judges by the certificate of the network of 3 inputs and 5 outputs, where the first has passed."""


ORDERED = "# (the lines)"
GAP = "___"
"""What stands in a start where the learner has to write something."""
