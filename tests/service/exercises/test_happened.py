"""What is said of a program's rounds, from reports written by hand."""

from collections.abc import Iterator

import pytest

from service.exercises.happened import (
    broken_off,
    counted,
    hindrance,
    networks_said,
    told,
    told_vector,
    unreset,
)
from service.sandbox.report import Event, ProgramError, ProgramReport, ToldNetwork, ToldOptimizer


def events_of(presses: str, loss: float | None = 9.0) -> Iterator[Event]:
    """B a Backprop, b one that finds an old gradient, x one that no optimizer hears of; O, o; R."""
    for press in presses:
        if press in "Bbx":
            yield Event(kind="backward", line=1, loss=loss, stale=press == "b", idle=press == "x")
        elif press in "Oo":
            yield Event(kind="step", line=2, idle=press == "o")
        else:
            yield Event(kind="reset", line=3)


def report_of_presses(presses: str, last_loss: float | None = 9.0) -> ProgramReport:
    events = list(events_of(presses))
    steps = sum(event.kind == "step" for event in events)
    return ProgramReport(
        events=events,
        backwards=sum(event.kind == "backward" for event in events),
        steps=steps,
        last_loss=last_loss,
        optimizers=[ToldOptimizer(kind="SGD", learning_rate=0.1, steps=steps)],
    )


@pytest.mark.parametrize("presses", ["BORBOR", "RBORBO", "BOBO", "BbORBbOR", "BbbO"])
def test_nothing_hinders_a_program_whose_gradients_are_its_rounds_own(presses: str) -> None:
    assert hindrance(report_of_presses(presses)) is None


@pytest.mark.parametrize(
    ("presses", "words"),
    [
        ("BObO", "The gradient of round 1 was still there in round 2: no Reset stood between"),
        ("BORBObO", "The gradient of round 2 was still there in round 3: no Reset stood between"),
        (
            "BORbO",
            "The gradient of round 1 was still there in round 2: the Reset between the two Backprops did",
        ),
        ("BRoBRo", "In 2 steps, Optimize never found a gradient other than 0: a Reset stood between"),
        ("oBRoBR", "In 2 steps, Optimize never found a gradient other than 0: a Reset stood between"),
        ("RoBRoB", "In 2 steps, Optimize never found a gradient other than 0: a Reset stood between"),
        ("BoBo", "In 2 steps, Optimize never found a gradient other than 0."),
        ("xoRxoR", "No Backprop reached a number that the optimizer holds."),
        ("BRBR", "The optimizer never made a step."),
        ("OO", "There was no Backprop"),
    ],
)
def test_what_hindered_is_said(presses: str, words: str) -> None:
    assert (hindrance(report_of_presses(presses)) or "").startswith(words)


def test_a_gradient_that_was_kept_without_a_step_is_a_sum() -> None:
    assert unreset(report_of_presses("BbOR")) is None
    by_hand = ProgramReport(events=list(events_of("Bb")), backwards=2)
    assert "round 1 was still there in round 2" in (unreset(by_hand) or "")


def test_a_loss_that_is_no_number_any_more() -> None:
    report = report_of_presses("BOR", last_loss=None)
    exploded = report.model_copy(update={"events": [*events_of("BOR"), *events_of("B", loss=None)]})
    assert "In round 2 the loss was no longer a finite number" in (hindrance(exploded) or "")
    assert "In the end the loss was no longer" in (hindrance(report) or "")


def test_a_loss_below_zero() -> None:
    assert "fell below 0, to -1e+09" in (hindrance(report_of_presses("BOR", last_loss=-1e9)) or "")


@pytest.mark.parametrize(
    ("error", "events", "said"),
    [
        ({"text": "NameError: name 'x' is not defined"}, "", "An error ended it on line 1."),
        ({"text": "RuntimeError: a second time"}, "BOB", "An error ended it on line 1, at Backprop 2."),
        ({"text": "TypeError: 'NoneType'"}, "BO", "An error ended it on line 1, after 1 Backprop."),
        ({"text": "SyntaxError: invalid syntax ___"}, "", "A gap is still there on line 1."),
    ],
)
def test_an_error_ends_it(error: dict[str, str], events: str, said: str) -> None:
    report = report_of_presses(events).model_copy(update={"error": ProgramError(**error), "line": 1})
    verdict = broken_off(report)
    assert verdict is not None
    assert not verdict.passed
    assert verdict.said == said


def test_a_limit_is_told_as_it_is() -> None:
    limit = ProgramError(text="The program was stopped after 30 seconds.")
    verdict = broken_off(ProgramReport(error=limit))
    assert verdict is not None
    assert verdict.said == limit.text
    assert broken_off(ProgramReport()) is None


def test_networks_that_do_not_fit() -> None:
    lists = ToldNetwork(name="net", kind="Net", parameters=8, inputs=3, outputs=2, answer=[1.0, 2.0])
    other = ToldNetwork(name="net", kind="Net", parameters=8, inputs=2, outputs=5)
    assert "without a network that has a name" in networks_said(ProgramReport(), 5)
    assert (
        networks_said(ProgramReport(networks=[lists]), 5) == "`net` answers [1, 2, 3] with 2 numbers, not 5."
    )
    assert networks_said(ProgramReport(networks=[other]), 5) == "`net` does not take 3 numbers."


def test_numbers_are_short() -> None:
    assert told(14.200001) == "14.2"
    assert told(None) == "no finite number"
    assert told_vector([1.0, 0.98765, None]) == "[1, 0.9877, nan]"
    assert counted(1, "round") == "1 round"
    assert counted(1000, "round") == "1,000 rounds"
