"""The exercises with two numbers whose product is to be 15: their loop, in order, with gaps, from nothing."""

from functools import partial
from itertools import combinations

from service.exercises.base import GAP, ORDERED, Exercise, Verdict
from service.exercises.happened import (
    began_there,
    broken_off,
    counted,
    hindrance,
    sentences,
    told,
    unreset,
)
from service.sandbox.report import ProgramReport

TARGET = 15.0
PRODUCT_TOLERANCE = 0.01
"""How near the target the product has to be."""
MOST_NUMBERS = 100
"""That are looked at for two whose product is 15."""
STEP_NAMES = {"backward": "Backprop", "step": "Optimize", "reset": "Reset"}


def nearest_product(report: ProgramReport) -> tuple[float, str] | None:
    """Of the numbers that can change and that the last Backprop reached, two whose product is nearest to 15.

    The product, and what the program calls them, as it stands in a sentence; None if there are no two.
    """
    numbers = [
        (value, f"{tensor.name}[{at}]" if tensor.name and tensor.shape else tensor.name)
        for tensor in report.reached
        for at, value in enumerate(tensor.values or [])
        if value is not None
    ][:MOST_NUMBERS]
    if len(numbers) < 2:
        return None
    one, other = min(combinations(numbers, 2), key=lambda pair: abs(pair[0][0] * pair[1][0] - TARGET))
    names = f" of `{one[1]}` and `{other[1]}`" if one[1] and other[1] else ""
    return one[0] * other[0], f"the product{names}"


def judge_product(report: ProgramReport, most_rounds: int | None = None, clean: bool = False) -> Verdict:
    """Whether two numbers learned to multiply to 15, in at most so many rounds if that is asked.

    If it has to be `clean`, no gradient may be left over from a round before.
    """
    if ended := broken_off(report):
        return ended
    found = nearest_product(report)
    if found is None:
        said = "Backprop did not reach two numbers that can change (`requires_grad=True`)."
        return Verdict(False, hindrance(report) or said)
    product, name = found
    measured = f"After {counted(report.backwards, 'round')} {name} is {told(product)}"
    if abs(product - TARGET) > PRODUCT_TOLERANCE:
        return Verdict(
            False, sentences(hindrance(report), f"{measured}; it should be within {PRODUCT_TOLERANCE} of 15.")
        )
    if began_there(report, PRODUCT_TOLERANCE**2):
        return Verdict(False, "The product was 15 before the first round. Start somewhere else.")
    if most_rounds is not None and report.backwards > most_rounds:
        return Verdict(False, f"{measured}, but at most {most_rounds} rounds are allowed.")
    left_over = unreset(report)
    return Verdict(not (clean and left_over), sentences(left_over, f"{measured}."))


def judge_loop(report: ProgramReport) -> Verdict:
    """As `judge_product`, and tells in which order the three steps were made."""
    verdict = judge_product(report, clean=True)
    if not verdict.passed:
        return verdict
    names = [STEP_NAMES[event.kind] for event in report.events[:3]]
    idle = next((event.idle for event in report.events if event.kind == "step"), False)
    return Verdict(
        True,
        sentences(
            verdict.said,
            f"Each round went {', '.join(names)}." if len(set(names)) == 3 else None,
            "The first Optimize found no gradient yet." if idle else None,
        ),
    )


BEGINNING = """\
import torch
from torch.optim import SGD

var_1 = torch.tensor(3.0, requires_grad=True)
var_2 = torch.tensor(4.0, requires_grad=True)
my_sgd = SGD([var_1, var_2], lr=3e-3)

for _ in range(100):
"""

LOOP = """\
    my_latent_value = var_1 * var_2
    loss = (15 - my_latent_value) ** 2
    loss.backward()
    my_sgd.step()
    my_sgd.zero_grad()
"""

ENDING = """
print(var_1, var_2)
print(var_1 * var_2)
"""

LINES = (
    "my_sgd.zero_grad()",
    "loss = (15 - my_latent_value) ** 2",
    "loss.zero_grad()",
    "my_sgd.step()",
    "loss = 15 - my_latent_value",
    "my_latent_value = var_1 * var_2",
    "my_sgd.backward()",
    "loss.backward()",
)

ORDER = Exercise(
    name="order",
    title="Put the loop in order",
    task="Put lines into the loop so that 100 rounds take the product to 15. Some lines are traps.",
    start=f"{BEGINNING}    {ORDERED}\n{ENDING}",
    solution=BEGINNING + LOOP + ENDING,
    hints=(
        "A loss needs the product first. Then come three steps: Backprop, Optimize, Reset.",
        "Backprop starts from the loss. Optimize and Reset belong to `my_sgd`.",
        "15 minus the product has no lowest value. Its square has: 0.",
        "Product, loss, `loss.backward()`, `my_sgd.step()`, `my_sgd.zero_grad()`.",
    ),
    judge=judge_loop,
    lines=LINES,
)

GAPS = Exercise(
    name="gaps",
    title="Fill the gaps",
    task=f"Write something in place of each `{GAP}`, so that 100 rounds take the product to 15.",
    start=f"{BEGINNING.replace('[var_1, var_2]', f'[{GAP}]')}"
    f"    my_latent_value = {GAP}\n"
    f"    loss = ({GAP}) ** 2\n"
    f"    loss.{GAP}()\n"
    f"    my_sgd.{GAP}()\n"
    f"    my_sgd.{GAP}()\n"
    f"{ENDING}",
    solution=BEGINNING + LOOP + ENDING,
    hints=(
        "The optimizer gets the two numbers that it may change.",
        "The latent value is their product; the loss is the square of how far that is from 15.",
        "The last three are Backprop, Optimize, Reset: `backward`, `step`, `zero_grad`.",
    ),
    judge=judge_loop,
)

FIFTEEN = Exercise(
    name="fifteen",
    title="Two numbers to 15",
    task="Write it all: two numbers that can change, and at most 101 rounds that take their product to "
    f"within {PRODUCT_TOLERANCE} of 15. Each Backprop is a round.",
    start="",
    solution=BEGINNING + LOOP + ENDING,
    hints=(
        "First `import torch`. A number that can change is a tensor with `requires_grad=True`.",
        "An optimizer holds both: `my_sgd = torch.optim.SGD([var_1, var_2], lr=3e-3)`.",
        "In the loop: the product, the loss `(15 - my_latent_value) ** 2`, Backprop, Optimize, Reset.",
        "Not there in 101 rounds? Try a larger learning rate. Wild numbers? A smaller one.",
    ),
    judge=partial(judge_product, most_rounds=101),
)
