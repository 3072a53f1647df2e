"""The exercise with the learning rate: the largest one that still arrives."""

from service.exercises.base import Exercise, Verdict
from service.exercises.happened import broken_off, sentences, told
from service.exercises.product import BEGINNING, ENDING, LOOP, PRODUCT_TOLERANCE, judge_product
from service.sandbox.report import ProgramReport

ROUNDS = 100
FIRST_LOSS = 9.0
"""Of 3 times 4, which should be 15."""
LARGER = 1.05
"""What the learning rate is multiplied by, to see whether there is a larger one."""
ROUNDS_AT_REST = 10
"""Rounds at the end in which the product must have been within 0.1 of 15: one that only passes
through has not arrived."""


def arrives(report: ProgramReport) -> bool:
    """Whether the product came to 15, and stays there."""
    losses = [event.loss for event in report.events if event.kind == "backward"][-ROUNDS_AT_REST:]
    near = all(loss is not None and loss <= (10 * PRODUCT_TOLERANCE) ** 2 for loss in losses)
    return judge_product(report).passed and near


def judge_rate(report: ProgramReport) -> Verdict:
    """Whether the program is the one that was given, but for its learning rate, and arrives."""
    if ended := broken_off(report):
        return ended
    first = next((event.loss for event in report.events if event.kind == "backward"), None)
    if first is None or abs(first - FIRST_LOSS) > PRODUCT_TOLERANCE:
        said = f"The first loss is {told(first)}, not 9: change nothing but the learning rate."
        return Verdict(False, said)
    if len(report.optimizers) != 1 or (report.backwards, report.steps) != (ROUNDS, ROUNDS):
        return Verdict(False, f"Change nothing but the learning rate: {ROUNDS} rounds of one optimizer.")
    if not arrives(report):
        rate = f"A learning rate of {_rate(report)} does not arrive."
        return Verdict(False, sentences(rate, judge_product(report).said))
    return Verdict(True, f"A learning rate of {_rate(report)} arrives.")


def judge_larger(report: ProgramReport, larger: ProgramReport) -> Verdict:
    """Whether a learning rate that arrives is the largest: with one a little larger it does not."""
    found = f"A learning rate of {_rate(report)} arrives"
    if arrives(larger):
        return Verdict(False, f"{found}, but so does {_rate(larger)}.")
    return Verdict(True, f"{found}, and {_rate(larger)} does not.")


def _rate(report: ProgramReport) -> str:
    return told(next((each.learning_rate for each in report.optimizers), None))


LARGEST_RATE = Exercise(
    name="largest",
    title="The largest learning rate",
    task=f"Find the largest learning rate with which the product is still at 15 after {ROUNDS} rounds, and "
    "change nothing else. If 5% more does not arrive, you have found it.",
    start=BEGINNING + LOOP + ENDING,
    solution=(BEGINNING + LOOP + ENDING).replace("lr=3e-3", "lr=0.0315"),
    hints=(
        "Double it until it does not arrive. The largest lies between the last two.",
        "Then try the middle, again and again.",
        "It is a little above 0.03.",
    ),
    judge=judge_rate,
    again=LARGER,
    judge_again=judge_larger,
)
