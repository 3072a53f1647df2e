"""What happened while a program ran, in sentences about it: what the judges go by.

They read a report alone. The word round stands for a Backprop and what belongs to it.
"""

from collections.abc import Callable, Sequence

from service.exercises.base import GAP, Verdict
from service.sandbox.report import Event, Number, ProgramReport, ToldNetwork


def told(value: Number) -> str:
    """A number in a sentence."""
    return "no finite number" if value is None else f"{value:.5g}"


def told_vector(values: Sequence[Number]) -> str:
    """A vector in a sentence."""
    return f"[{', '.join('nan' if value is None else f'{value:.4g}' for value in values)}]"


def counted(count: int, thing: str) -> str:
    """So many things: "1 round", "2 rounds"."""
    return f"{count:,} {thing}{'' if count == 1 else 's'}"


def sentences(*parts: str | None) -> str:
    """Those parts that there are, one after another."""
    return " ".join(part for part in parts if part)


def broken_off(report: ProgramReport) -> Verdict | None:
    """The verdict on a program that did not run to its end; None if it did."""
    error = report.error
    if error is None:
        return None
    on_line = f" on line {report.line}" if report.line else ""
    if GAP in error.text:
        return Verdict(False, f"A gap is still there{on_line}.")
    if report.line is None:
        return Verdict(False, error.text, error.meaning)
    last = report.events[-1] if report.events else None
    when = ""
    if last is not None and last.kind == "backward" and last.line == report.line:
        when = f", at Backprop {report.backwards:,}"
    elif report.backwards:
        when = f", after {counted(report.backwards, 'Backprop')}"
    return Verdict(False, f"An error ended it{on_line}{when}.", error.meaning)


def hindrance(report: ProgramReport) -> str | None:
    """What kept the program from learning, if something did that shows in its rounds."""
    return next((said for said in (look(report) for look in HINDRANCES) if said), None)


def unreset(report: ProgramReport) -> str | None:
    """Whether the gradient of a round was still there in the next, though a step had been made by it.

    Without a step between them, two Backprops may add up their gradients on purpose.
    """
    number, stepped, reset = 0, False, False
    for event in report.events:
        if event.kind == "step":
            stepped = stepped or not event.idle
        elif event.kind == "reset":
            reset = True
        else:
            number += 1
            if event.stale and (stepped or not report.steps):
                why = (
                    "the Reset between the two Backprops did not reach it."
                    if reset
                    else "no Reset stood between the two Backprops."
                )
                return f"The gradient of round {number - 1} was still there in round {number}: {why}"
            stepped, reset = False, False
    return None


def began_there(report: ProgramReport, enough: float) -> bool:
    """Whether the loss was already at most `enough` at the first Backprop."""
    losses = [event.loss for event in _of_kind(report, "backward")]
    return bool(losses) and losses[0] is not None and abs(losses[0]) <= enough


def networks_said(report: ProgramReport, outputs: int) -> str:
    """What the program's networks are, where none of them takes 3 numbers and gives `outputs`."""
    if not report.networks:
        return "The program ended without a network that has a name, such as `my_network`."
    network = report.networks[-1]
    if not network.answer:
        return f"`{network.name}` does not take 3 numbers."
    return f"`{network.name}` answers [1, 2, 3] with {counted(len(network.answer), 'number')}, not {outputs}."


def answering(report: ProgramReport, outputs: int) -> list[ToldNetwork]:
    """The networks that take 3 numbers and give `outputs`."""
    return [network for network in report.networks if len(network.answer) == outputs]


def _of_kind(report: ProgramReport, kind: str) -> list[Event]:
    return [event for event in report.events if event.kind == kind]


def _no_backprop(report: ProgramReport) -> str | None:
    return None if report.backwards else "There was no Backprop: `backward()` was never called."


def _exploded(report: ProgramReport) -> str | None:
    if report.last_loss is not None:
        return None
    losses = [event.loss for event in _of_kind(report, "backward")]
    if losses and losses[0] is None:
        return None  # not by steps, or the Backprop of a vector
    number = next((at for at, loss in enumerate(losses, 1) if loss is None), None)
    when = f"In round {number}" if number else "In the end"
    return f"{when} the loss was no longer a finite number: the steps were too large."


def _below_zero(report: ProgramReport) -> str | None:
    if report.last_loss is None or report.last_loss >= 0:
        return None
    return (
        f"The loss fell below 0, to {told(report.last_loss)}: down there is no end. "
        "The square of a difference ends at 0."
    )


def _apart(report: ProgramReport) -> str | None:
    backwards = _of_kind(report, "backward")
    if not all(event.idle for event in backwards):
        return None
    return "No Backprop reached a number that the optimizer holds."


def _no_step(report: ProgramReport) -> str | None:
    return "The optimizer never made a step." if report.optimizers and not report.steps else None


def _no_gradient(report: ProgramReport) -> str | None:
    steps = _of_kind(report, "step")
    if not steps or not all(step.idle for step in steps):
        return None
    found = f"In {counted(report.steps, 'step')}, Optimize never found a gradient other than 0"
    fresh, gone, between = False, False, False
    for event in report.events:
        if event.kind == "backward":
            fresh, gone = True, False
        elif event.kind == "reset":
            fresh, gone = False, gone or fresh
        else:
            between = between or gone
    return f"{found}: a Reset stood between Backprop and it." if between else f"{found}."


HINDRANCES: tuple[Callable[[ProgramReport], str | None], ...] = (
    _no_backprop,
    _apart,
    _no_step,
    _no_gradient,
    unreset,
    _exploded,
    _below_zero,
)
"""The first that says something is the one that is said."""
