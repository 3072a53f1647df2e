"""The loop in order, with gaps, and from nothing: whatever takes the product to 15 passes."""

from itertools import permutations

import pytest

from service.exercises import EXERCISES, ORDERED, Verdict
from tests.service.exercises.judging import verdict_on

PRODUCT, LOSS = "my_latent_value = var_1 * var_2", "loss = (15 - my_latent_value) ** 2"
STEPS = {"B": "loss.backward()", "O": "my_sgd.step()", "R": "my_sgd.zero_grad()"}


def in_order(*lines: str) -> Verdict:
    """The verdict on the loop with these lines."""
    exercise = EXERCISES["order"]
    return verdict_on(exercise, exercise.start.replace(ORDERED, "\n    ".join(lines)))


@pytest.mark.parametrize(
    ("order", "names"), [("BOR", "Backprop, Optimize, Reset"), ("RBO", "Reset, Backprop, Optimize")]
)
def test_backprop_and_reset_may_stand_where_they_work(order: str, names: str) -> None:
    verdict = in_order(PRODUCT, LOSS, *(STEPS[press] for press in order))
    assert verdict.passed
    assert (
        verdict.said == f"After 100 rounds the product of `var_1` and `var_2` is 15. Each round went {names}."
    )


def test_the_steps_may_come_before_what_they_are_of() -> None:
    verdict = in_order(STEPS["O"], STEPS["R"], PRODUCT, LOSS, STEPS["B"])
    assert verdict.passed
    assert "The first Optimize found no gradient yet." in verdict.said
    assert in_order(STEPS["R"], PRODUCT, LOSS, STEPS["B"], STEPS["O"]).passed


@pytest.mark.parametrize(
    "order", ["".join(order) for order in permutations("BOR") if "".join(order) not in ("BOR", "RBO")]
)
def test_all_other_orders_fail(order: str) -> None:
    verdict = in_order(PRODUCT, LOSS, *(STEPS[press] for press in order))
    assert not verdict.passed
    assert ("a Reset stood between" in verdict.said) != (order == "ORB")
    assert order != "ORB" or verdict.said == "An error ended it on line 13, at Backprop 2."


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ((PRODUCT, LOSS, STEPS["B"], STEPS["O"]), "The gradient of round 1 was still there in round 2"),
        ((PRODUCT, LOSS, STEPS["B"], STEPS["R"]), "The optimizer never made a step."),
        ((PRODUCT, LOSS, STEPS["O"], STEPS["R"]), "There was no Backprop"),
        ((PRODUCT, "loss = 15 - my_latent_value", *STEPS.values()), "The loss fell below 0"),
        ((PRODUCT, LOSS, "my_sgd.backward()", STEPS["O"], STEPS["R"]), "An error ended it on line 11."),
        (
            (PRODUCT, LOSS, STEPS["B"], STEPS["O"], "loss.zero_grad()"),
            "An error ended it on line 13, after 1",
        ),
        ((LOSS, PRODUCT, *STEPS.values()), "An error ended it on line 9."),
        ((PRODUCT, *STEPS.values()), "An error ended it on line 10."),
    ],
)
def test_traps_and_missing_lines_say_what_happened(lines: tuple[str, ...], words: str) -> None:
    verdict = in_order(*lines)
    assert not verdict.passed
    assert words in verdict.said


def test_a_gap_is_called_a_gap() -> None:
    exercise = EXERCISES["gaps"]
    assert verdict_on(exercise, exercise.start).said == "A gap is still there on line 6."
    half = exercise.solution.replace("loss.backward()", "loss.___()")
    assert verdict_on(exercise, half).said == "A gap is still there on line 11."


BEGINNING = """\
import torch
var_1 = torch.tensor(3., requires_grad=True)
var_2 = torch.tensor(4., requires_grad=True)
"""
LOOP = """\
    loss = (15 - var_1 * var_2) ** 2
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
"""
SGD = "optimizer = torch.optim.SGD([var_1, var_2], lr=3e-3)\n"

RIGHT = {
    "adam": f"{BEGINNING}optimizer = torch.optim.Adam([var_1, var_2], lr=0.1)\nfor _ in range(101):\n{LOOP}",
    "momentum": (
        f"{BEGINNING}optimizer = torch.optim.SGD([var_1, var_2], lr=3e-3, momentum=0.5)\n"
        f"for _ in range(60):\n{LOOP}"
    ),
    "negative numbers": (
        f"{BEGINNING.replace('(3.', '(-3.').replace('(4.', '(-4.')}{SGD}for _ in range(101):\n{LOOP}"
    ),
    "while": f"{BEGINNING}{SGD}loss = torch.tensor(1.)\nwhile loss > 1e-6:\n{LOOP}",
    "a list": """\
import torch
numbers = [torch.tensor(value, requires_grad=True) for value in (1.0, 2.0)]
optimizer = torch.optim.SGD(numbers, lr=0.01)
for _ in range(100):
    optimizer.zero_grad()
    ((numbers[0] * numbers[1] - 15) ** 2).backward()
    optimizer.step()
""",
    "one tensor": """\
import torch
both = torch.tensor([3., 4.], requires_grad=True)
optimizer = torch.optim.SGD([both], lr=0.01)
for _ in range(100):
    loss = (torch.prod(both) - 15).pow(2)
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
""",
    "by hand": f"""{BEGINNING}
for _ in range(100):
    loss = (15 - var_1 * var_2) ** 2
    loss.backward()
    with torch.no_grad():
        var_1 -= 0.005 * var_1.grad
        var_2 -= 0.005 * var_2.grad
        var_1.grad.zero_()
        var_2.grad.zero_()
""",
    "by hand, with its gradients asked for": f"""{BEGINNING}
for _ in range(100):
    loss = (15 - var_1 * var_2) ** 2
    gradients = torch.autograd.grad(loss, [var_1, var_2])
    with torch.no_grad():
        var_1 -= 0.005 * gradients[0]
        var_2 -= 0.005 * gradients[1]
""",
    "by hand, with new tensors": f"""{BEGINNING}
for _ in range(100):
    loss = (15 - var_1 * var_2) ** 2
    loss.backward()
    var_1 = (var_1 - 0.005 * var_1.grad).detach().requires_grad_()
    var_2 = (var_2 - 0.005 * var_2.grad).detach().requires_grad_()
""",
    "a function": f"""import torch
def train(first, second, rate):
    var_1 = torch.tensor(first, requires_grad=True)
    var_2 = torch.tensor(second, requires_grad=True)
    optimizer = torch.optim.SGD([var_1, var_2], lr=rate)
    for _ in range(101):
    {LOOP.replace("    loss =", "    loss =").replace(chr(10) + "    ", chr(10) + "        ")}
train(2.0, 5.0, 3e-3)
""",
    "a class": """\
import torch
from torch import nn

class Product(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Parameter(torch.tensor(3.))
        self.b = nn.Parameter(torch.tensor(4.))

    def forward(self):
        return self.a * self.b

product = Product()
optimizer = torch.optim.SGD(product.parameters(), lr=1e-2)
for _ in range(50):
    optimizer.zero_grad()
    loss = nn.functional.mse_loss(product(), torch.tensor(15.))
    loss.backward()
    optimizer.step()
""",
}

WRONG = {
    "assigned": (f"{BEGINNING.replace('(4.', '(5.')}", "There was no Backprop"),
    "there from the start": (
        f"{BEGINNING.replace('(4.', '(5.')}{SGD}for _ in range(10):\n{LOOP}",
        "The product was 15 before the first round.",
    ),
    "too many rounds": (f"{BEGINNING}{SGD}for _ in range(102):\n{LOOP}", "at most 101 rounds are allowed"),
    "too few": (f"{BEGINNING}{SGD}for _ in range(10):\n{LOOP}", "it should be within 0.01 of 15."),
    "steps too large": (
        f"{BEGINNING}{SGD.replace('3e-3', '1')}for _ in range(100):\n{LOOP}",
        "the loss was no longer a finite number: the steps were too large.",
    ),
    "a sum": (
        f"{BEGINNING}{SGD}for _ in range(100):\n{LOOP.replace('var_1 * var_2', '(var_1 + var_2)')}",
        "is 39.49",
    ),
    "one number": (
        f"{BEGINNING.replace('(4., requires_grad=True)', '(4.)')}"
        f"{SGD.replace(', var_2', '')}for _ in range(100):\n{LOOP}",
        "Backprop did not reach two numbers that can change",
    ),
    "new tensors in the end": (
        f"{BEGINNING}{SGD}for _ in range(1):\n{LOOP}{BEGINNING.replace('(4.', '(5.')}",
        "After 1 round the product is 12.45",
    ),
    "said only": (f"{BEGINNING}print('After 100 rounds the product is 15.')", "There was no Backprop"),
    "cut off": (
        f"{BEGINNING}{SGD}for _ in range(100):\n{LOOP.replace('(15 - var_1 * var_2) ** 2', 'torch.tensor(9., requires_grad=True)')}",
        "No Backprop reached a number that the optimizer holds.",
    ),
}


@pytest.mark.parametrize("program", RIGHT.values(), ids=RIGHT)
def test_any_program_that_arrives_passes(program: str) -> None:
    verdict = verdict_on(EXERCISES["fifteen"], program)
    assert verdict.passed, verdict


@pytest.mark.parametrize(("program", "words"), WRONG.values(), ids=WRONG)
def test_others_do_not_and_hear_what_happened(program: str, words: str) -> None:
    verdict = verdict_on(EXERCISES["fifteen"], program)
    assert not verdict.passed
    assert words in verdict.said


def test_a_program_that_arrives_by_luck_passes_and_hears_of_it() -> None:
    swings = (
        f"{BEGINNING}{SGD}for _ in range(500):\n{LOOP.replace('    optimizer.zero_grad()' + chr(10), '')}"
    )
    stops = "    if abs(15 - var_1 * var_2) < 0.005:\n        break\n"
    verdict = verdict_on(EXERCISES["fifteen"], swings + stops)
    assert "The gradient of round 1 was still there in round 2" in verdict.said
