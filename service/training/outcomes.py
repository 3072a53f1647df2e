"""How a run ended, in sentences: pure functions of facts that others have found.

What a sentence asks for is written so that it can be done as it stands: what comes first, then the
learning rate and every other setting that has to change. All else stays as the run had it.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

WORDS = {"low": "lowest entry", "high": "highest entry"}
"""What a setting is called where its name does not say it."""


@dataclass(frozen=True)
class Advice:
    """A training that was tried from the model's first weights, and stayed finite."""

    learning_rate: float
    steps: int
    """How many updates were tried; the run may ask for more."""
    first_loss: float
    last_loss: float
    """The mean losses before the first of these updates and after the last."""
    changes: Mapping[str, Any] = field(default_factory=dict)
    """What else is not as the run had it: settings of the optimizer, or the range of the examples."""
    divisor: float = 1.0
    """What all numbers of the data set were divided by."""
    largest_input: float | None = None
    """The largest number among the run's inputs, if their size was what kept the learning rate down."""

    @property
    def offer(self) -> float | None:
        """The learning rate, if it is all that has to change and it gets the loss down."""
        if self.changes or self.divisor > 1 or self.last_loss >= self.first_loss:
            return None
        return self.learning_rate


@dataclass(frozen=True)
class TooLarge:
    """Not even the first loss is finite, or nothing that follows it."""

    sentences: str
    """What is too large, how large, and what to do instead."""


def diverged(step: int, start_step: int, steps: int, found: Advice | TooLarge | None) -> str:
    """The sentences of a run of `steps` updates from `start_step` that broke at `step`."""
    if step == start_step:
        happened = f"The loss is not a finite number at step {step:,}, before any update."
    else:
        happened = f"Diverged at step {step:,}: a weight or the loss was no longer a finite number."
    if found is None:
        return f"{happened} Nothing else that was tried stayed finite."
    if isinstance(found, TooLarge):
        return f"{happened} {found.sentences}"
    return f"{happened} {_advised(found, steps)}"


def numbers_too_large(size: float) -> str:
    """What to do where the model's numbers reach this size, and nothing that was tried stayed finite."""
    return (
        f"Nothing else that was tried stayed finite: the model's numbers reach {size:.3g}. "
        "Create a model with numbers below 1e+15."
    )


def _advised(advice: Advice, steps: int) -> str:
    because = ""
    if advice.largest_input is not None:
        because = (
            f"The inputs reach {advice.largest_input:,.6g}; learning rates small enough for such "
            f"inputs are too small to move the biases in {steps:,} steps. "
        )
    if advice.divisor == 1:
        how = "Rewind the model, then train with"
    else:
        how = (
            f"Rewind the model, divide every number of the data set by {_power_of_ten(advice.divisor)}, "
            "add it again, and train on that with"
        )
    settings = [f"learning rate {advice.learning_rate!r}"]
    settings += [f"{_in_words(name)} {json.dumps(value)}" for name, value in advice.changes.items()]
    tried = (
        f"all {steps:,} steps stayed finite"
        if advice.steps == steps
        else f"the first {advice.steps:,} of {steps:,} steps stayed finite"
    )
    return (
        f"{because}{how} {listed(settings)}, and everything else as it was. This was tried: {tried}, and the "
        f"loss went from {advice.first_loss:.3g} to {advice.last_loss:.3g}."
    )


def _in_words(setting: str) -> str:
    return WORDS.get(setting, setting.replace("_", " "))


def _power_of_ten(number: float) -> str:
    return f"{number:,.0f}" if number < 1e16 else f"{number:.0e}"


def could_not_begin(error: BaseException) -> str:
    """The sentence of a job whose model or data cannot be read."""
    return f"The run could not start because its model or data cannot be read: {_named(error)}."


def failed(step: int, error: BaseException) -> str:
    """The sentence of a job whose worker raised an error in the slice after `step`."""
    return (
        f"The run failed after step {step:,}: {_named(error)}. The model keeps the weights of that step; "
        "train again to go on from there."
    )


def stuck(names: Sequence[str], loss: float, *, moving: bool) -> str:
    """The sentence of a run that ended where the gradients of all its parameters are 0.

    It may be `moving` even so: a momentum goes on, and weight decay pulls.
    """
    gradients = ", ".join(f"{name}.grad" for name in names)
    so = "the optimizer still moves weights, but not by the loss" if moving else "training on changes nothing"
    return f"All gradients are exactly 0 here ({gradients}), though the loss is {loss:.6g}: {so}."


def still(updates: int) -> str:
    """The sentence of a run whose last steps are too small for float32, as so many more of them showed."""
    one = updates == 1
    more = "the next step changes" if one else f"the next {updates:,} steps change"
    small = "it is" if one else "they are"
    return f"It has come to a standstill: {more} no weight, because {small} too small for float32 to add."


def dead(names: Sequence[str]) -> str:
    """The sentence of a run that ended where these parameters, and not all, have gradients of 0."""
    return f"As the weights are now, the gradients of {listed(names)} are exactly 0 on every batch."


def rose(first: float | None, last: float | None) -> str | None:
    """The sentence of a run that ended above the loss that it began with; None for any other."""
    if first is None or last is None or not isfinite(last) or last <= first:
        return None
    return f"The loss ended at {last:.6g}, above the {first:.6g} that the run began with."


def _named(error: BaseException) -> str:
    text = str(error).rstrip(".")
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def listed(words: Sequence[str]) -> str:
    """The words as English lists them: a, b and c."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
