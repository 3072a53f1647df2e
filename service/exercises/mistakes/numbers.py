"""Mistakes with two numbers whose product is to be 15."""

from functools import partial

from service.exercises.base import Verdict
from service.exercises.happened import broken_off, counted
from service.exercises.mistakes.base import mistake
from service.exercises.product import judge_product
from service.sandbox.report import ProgramReport

TASK = "100 rounds should take the product to 15."

PROGRAM = """\
import torch

var_1 = torch.tensor(3., requires_grad=True)
var_2 = torch.tensor(4., requires_grad=True)
my_sgd = torch.optim.SGD([var_1, var_2], lr=3e-3)
for _ in range(100):
    my_latent_value = var_1 * var_2
    loss = (15 - my_latent_value) ** 2
    loss.backward()
    my_sgd.step()
    my_sgd.zero_grad()
print(var_1 * var_2)
"""

BY_HAND = """\
import torch

var_1 = torch.tensor(3., requires_grad=True)
var_2 = torch.tensor(4., requires_grad=True)
for _ in range(100):
    loss = (15 - var_1 * var_2) ** 2
    loss.backward()
    with torch.no_grad():
        var_1 -= 3e-3 * var_1.grad
        var_2 -= 3e-3 * var_2.grad
    var_1.grad = None
    var_2.grad = None
print(var_1 * var_2)
"""

TWO_LOSSES = """\
import torch

var_1 = torch.tensor(3., requires_grad=True)
var_2 = torch.tensor(4., requires_grad=True)
loss = (15 - var_1 * var_2) ** 2
loss.backward()
loss = (15 - var_1 * var_2) ** 2
loss.backward()
print(var_1.grad, var_2.grad)
"""

judge = partial(judge_product, clean=True)


def judge_twice(report: ProgramReport) -> Verdict:
    """Whether Backprop ran twice."""
    if ended := broken_off(report):
        return ended
    said = f"There {'was' if report.backwards == 1 else 'were'} {counted(report.backwards, 'Backprop')}"
    if report.backwards < 2:
        return Verdict(False, f"{said}; two are asked for.")
    return Verdict(True, f"{said}, and each found its graph.")


RESET = mistake(
    "reset",
    "It swings past 15",
    task=TASK,
    correct=PROGRAM,
    changed={"    my_sgd.zero_grad()\n": ""},
    why="Many think that a step uses its gradient up, but each Backprop adds to `.grad`. Without Reset a "
    "step goes by all gradients so far, as if the numbers had momentum and no friction.",
    fix="Reset after each step: `my_sgd.zero_grad()`.",
    judge=judge,
)

STALE = mistake(
    "stale",
    "It stops in round 2",
    task=TASK,
    correct=PROGRAM,
    changed={
        "    my_latent_value = var_1 * var_2\n": "",
        "for _ in range(100):\n": "my_latent_value = var_1 * var_2\nfor _ in range(100):\n",
    },
    why="Many think that `my_latent_value` follows its numbers, but a tensor is a value, not a formula: it "
    "was computed once. And the first Backprop freed its graph.",
    fix="Compute it inside the loop, in every round.",
    judge=judge,
)

TWICE = mistake(
    "twice",
    "The second Backprop",
    task="Two Backprops, whose gradients add up.",
    correct=TWO_LOSSES,
    changed={"loss.backward()\nloss = (15 - var_1 * var_2) ** 2\n": "loss.backward()\n"},
    why="The graph keeps the values that the gradients are made from, and Backprop lets go of them on its "
    "way. A second walk needs a second Forward.",
    fix="Compute the loss again first. The gradients then are the sum of both: nobody pressed Reset.",
    judge=judge_twice,
)

ITEM = mistake(
    "item",
    "A loss without a way back",
    task=TASK,
    correct=PROGRAM,
    changed={
        "    loss = (15 - my_latent_value) ** 2\n": (
            "    loss = (15 - my_latent_value.item()) ** 2\n    loss = torch.tensor(loss)\n"
        )
    },
    why="Many think that a tensor around a number makes it trainable, but `.item()` gives a plain number, "
    "which knows nothing of `var_1`, and `torch.tensor` makes a new beginning of it. With "
    "`requires_grad=True` the error goes away, and nothing is learned.",
    fix="Compute the loss from the tensor itself: `.item()` is for printing.",
    judge=judge,
)

ASSIGNED = mistake(
    "assigned",
    "The gradient is None",
    task=TASK,
    correct=BY_HAND,
    changed={
        "    with torch.no_grad():\n": "",
        "        var_1 -= 3e-3 * var_1.grad\n": "    var_1 = var_1 - 3e-3 * var_1.grad\n",
        "        var_2 -= 3e-3 * var_2.grad\n": "    var_2 = var_2 - 3e-3 * var_2.grad\n",
        "    var_1.grad = None\n    var_2.grad = None\n": "",
    },
    why="Many think that this changes `var_1`, but `var_1 - ...` is a new tensor, computed from the old "
    "one, that takes over its name. Backprop leaves a `.grad` only where a graph begins.",
    fix="Change the tensor itself, `var_1 -= ...`, within `torch.no_grad()`; then take its gradient away.",
    judge=judge,
)

ZERO = mistake(
    "zero",
    "Nothing moves",
    task=TASK,
    correct=PROGRAM.replace("tensor(3.,", "tensor(0.1,").replace("tensor(4.,", "tensor(0.2,"),
    changed={"tensor(0.1,": "tensor(0.,", "tensor(0.2,": "tensor(0.,"},
    why="Many think that 0 is a neutral start, but the gradient of `var_1` is a multiple of `var_2`, and "
    "the other way round: at 0 both are 0. Two layers that are all 0 are stuck likewise, but for the last "
    "bias. `nn.Linear` begins with random numbers.",
    fix="Start beside 0, as with 0.1 and 0.2.",
    judge=judge,
)
