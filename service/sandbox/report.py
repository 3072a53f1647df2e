"""What is told of a program that somebody wrote: what it printed, and what happened while it ran.

It comes from a process that ran a stranger's program, so it is validated like anything else from outside.
"""

from typing import Annotated, Literal

from pydantic import Field

from service.records import Record

MAX_PROGRAM_CHARACTERS = 20_000
MAX_OUTPUT_CHARACTERS = 100_000
"""Characters that a program may show."""
MAX_LOSSES = 10_000
"""Losses that are kept of a program; of more, every second, fourth, ... one."""
MAX_EVENTS = 1000
"""Calls of backward, step and zero_grad that are kept of a program, its first ones."""
MAX_TOLD_NUMBERS = 64
"""Numbers that a tensor may have for its values to be told."""

Line = Annotated[int, Field(ge=1)]
Number = float | None
"""None where it is not a finite number."""


class Shown(Record):
    """Something that the program showed, and the line that showed it: one call of print, or one value."""

    line: Line
    kind: Literal["printed", "value"]
    text: str
    """As Python and torch write it; of what was printed, with the line ends."""


class ProgramError(Record):
    """What ended a program early."""

    text: str
    """Python's last line of it: the error's type and torch's own words. Of a limit, a sentence."""
    meaning: str | None = None
    """What it means, where that is known, in a sentence or two."""


class Event(Record):
    """A call of `backward`, of an optimizer's `step`, or of a `zero_grad`."""

    kind: Literal["backward", "step", "reset"]
    line: Line
    loss: Number = None
    """Of a backward: the number it was called on."""
    stale: bool = False
    """Of a backward: whether a tensor that it reached still had a gradient other than 0 of an earlier one."""
    idle: bool = False
    """Of a step: whether none of the optimizer's tensors had a gradient other than 0. Of a backward: whether
    it reached no tensor that an optimizer of the program holds, though there is one."""


class ToldTensor(Record):
    """A tensor that has a name when the program ends."""

    name: str
    """As the program calls it: `var_1`, or `numbers[0]` of a list of tensors."""
    shape: tuple[int, ...]
    values: list[Number] | None = None
    """All its numbers, row by row, if there are at most MAX_TOLD_NUMBERS."""
    dtype: str
    requires_grad: bool
    leaf: bool


class ToldNetwork(Record):
    """An nn.Module that has a name when the program ends."""

    name: str
    kind: str
    """The name of its class."""
    inputs: int | None = None
    """How many numbers it takes, and below, how many it gives for one vector, if that could be found out."""
    outputs: int | None = None
    parameters: int
    """How many numbers it has to learn."""
    widths: tuple[int, ...] = ()
    """Of a chain of nn.Linear with one activation between all of them: from its inputs to its outputs."""
    activation: str = "none"
    weights: list[list[Number]] = []
    """Of a chain: weight and bias of each layer in turn, row by row."""
    answer: list[Number] = []
    """What it answers [1., 2., 3.], if it takes 3 numbers."""


class ToldOptimizer(Record):
    """An optimizer that the program made, in the order in which they were made."""

    kind: str
    learning_rate: Number
    """In the end."""
    steps: int


class ProgramReport(Record):
    """All that is told of a program once it has ended."""

    shown: list[Shown] = []
    error: ProgramError | None = None
    line: Line | None = None
    """Where it ended, if an error did."""
    losses: list[Number] = []
    """What it kept in a list of losses, or else the numbers that backward was called on."""
    loss_every: int = 1
    """Of how many losses each is one: 1 if all of them are here."""
    seconds: float = 0.0
    """Of the processor, computing."""
    events: list[Event] = []
    last_loss: Number = None
    """The number that the last backward was called on."""
    reached: list[ToldTensor] = []
    """The tensors that can change which that backward reached, as they are in the end. One that has no name
    of its own then, such as a function's, has an empty one."""
    backwards: int = 0
    steps: int = 0
    resets: int = 0
    tensors: list[ToldTensor] = []
    networks: list[ToldNetwork] = []
    optimizers: list[ToldOptimizer] = []

    @property
    def printed(self) -> str:
        """All that print wrote."""
        return "".join(each.text for each in self.shown if each.kind == "printed")


class ProgramProgress(Record):
    """How far a program has got: the line it is at, and the round of its outermost loop over a range."""

    line: Line | None = None
    round: int | None = None
    rounds: int | None = None
    shown: list[Shown] = []
    """What it has shown since the last time."""
    waiting: bool = False
    """Whether it waits for its turn."""


class ProgramEnd(Record):
    """A program's end: its report, and what the lab made of it."""

    report: ProgramReport
    model_id: str | None = None
    """The network of 3 inputs and 5 outputs that it made, as a model to predict with and to certify."""
    network: str | None = None
    """The name of that network in the program; or below, why its network became no model."""
    no_model: str | None = None
    passed: bool | None = None
    """Whether it does what the exercise asks, if it was one, and below, what happened in it."""
    said: str | None = None
    hint: str | None = None
    radius: int | None = None
    """How far its network is certified, if the exercise asks for that."""
