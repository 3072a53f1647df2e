"""Mistakes with many examples: their shapes, their size, and which of them judge."""

import re

from service.exercises.base import Verdict
from service.exercises.happened import (
    answering,
    began_there,
    broken_off,
    counted,
    hindrance,
    networks_said,
    sentences,
    told,
)
from service.exercises.mistakes.base import mistake
from service.sandbox.report import ProgramReport

SUM = 6.0
"""Of 1, 2 and 3."""
SUM_TOLERANCE = 0.1
LOW_LOSS = 0.01
BY_CHANCE = 0.5
MOST_LUCK = 0.1
"""How far from BY_CHANCE the share of 200 coins that are guessed right is in all but one case of 200."""

COLUMN = """\
import torch
import torch.nn as nn

torch.manual_seed(0)
inputs = torch.randn(100, 3)
targets = torch.sum(inputs, dim=1, keepdim=True)
my_network = nn.Linear(3, 1)
my_sgd = torch.optim.SGD(my_network.parameters(), lr=0.1)
for _ in range(200):
    loss = torch.mean((my_network(inputs) - targets) ** 2)
    loss.backward()
    my_sgd.step()
    my_sgd.zero_grad()
print(loss)
print(my_network(torch.tensor([1., 2., 3.])))
"""

THOUSANDS = """\
import torch
import torch.nn as nn

torch.manual_seed(0)
inputs = torch.tensor([[1000.], [2000.], [3000.]]) / 1000
targets = torch.tensor([[3.], [5.], [7.]])
my_network = nn.Linear(1, 1)
my_sgd = torch.optim.SGD(my_network.parameters(), lr=0.1)
for _ in range(300):
    loss = torch.mean((my_network(inputs) - targets) ** 2)
    loss.backward()
    my_sgd.step()
    my_sgd.zero_grad()
print(loss)
print(my_network(inputs))
"""

COINS = """\
import torch
import torch.nn as nn

torch.manual_seed(0)
inputs = torch.randn(340, 20)
coins = torch.randint(0, 2, (340, 1)) * 2. - 1

def share_right(network, first, end):
    right = network(inputs[first:end]) * coins[first:end] > 0
    return torch.mean(right.float()).item()

best = 0.
for _ in range(100):
    my_network = nn.Linear(20, 1)
    my_sgd = torch.optim.SGD(my_network.parameters(), lr=0.01)
    for _ in range(10):
        loss = torch.mean((my_network(inputs[:100]) - coins[:100]) ** 2)
        loss.backward()
        my_sgd.step()
        my_sgd.zero_grad()
    if share_right(my_network, 100, 140) > best:
        best = share_right(my_network, 100, 140)
        chosen = my_network
print(share_right(chosen, 140, 340))
"""


def judge_sum(report: ProgramReport) -> Verdict:
    """Whether a network learned to add three numbers up."""
    if ended := broken_off(report):
        return ended
    networks = answering(report, 1)
    if not networks:
        return Verdict(False, networks_said(report, 1))
    answer = networks[-1].answer[0]
    measured = f"`{networks[-1].name}` answers [1, 2, 3] with {told(answer)}"
    if answer is None or abs(answer - SUM) > SUM_TOLERANCE:
        return Verdict(False, sentences(hindrance(report), f"{measured}; right is 6."))
    return Verdict(bool(report.backwards), sentences(hindrance(report), f"{measured}."))


def judge_loss(report: ProgramReport) -> Verdict:
    """Whether the loss fell under 0.01."""
    if ended := broken_off(report):
        return ended
    if report.last_loss is None:
        return Verdict(False, hindrance(report) or "The loss is no finite number.")
    measured = f"In round {report.backwards:,} the loss is {told(report.last_loss)}"
    if not 0 <= report.last_loss < LOW_LOSS:
        return Verdict(False, sentences(hindrance(report), f"{measured}; it should be under {LOW_LOSS}."))
    if began_there(report, LOW_LOSS):
        return Verdict(False, "The loss was low before the first round.")
    return Verdict(True, f"{measured}.")


def judge_chance(report: ProgramReport) -> Verdict:
    """Whether the last number that the program shows is what guessing coins comes to."""
    if ended := broken_off(report):
        return ended
    texts = re.findall(r"-?\d+(?:\.\d*)?(?:e[-+]?\d+)?", report.shown[-1].text) if report.shown else []
    if not texts:
        return Verdict(False, "The program ended without showing a number.")
    share = float(texts[-1]) / (100 if "%" in report.shown[-1].text else 1)
    measured = f"It says {share:.1%} right, after {counted(report.steps, 'step')}"
    if not report.backwards:
        return Verdict(False, f"{measured}: nothing was trained.")
    if abs(share - BY_CHANCE) > MOST_LUCK:
        return Verdict(False, f"{measured}. Nobody can know how a coin falls: 50% is what is right.")
    return Verdict(True, f"{measured}, as often as chance.")


COLUMNS = mistake(
    "columns",
    "It learns only the mean",
    task="The network should learn to add three numbers up: `[1, 2, 3]` makes 6.",
    correct=COLUMN,
    changed={", keepdim=True": ""},
    why="Many think that 100 answers minus 100 targets are 100 differences, but the answers have the shape "
    "(100, 1) and the targets (100,): PyTorch pairs each with each, 10,000 of them. The best single answer "
    "to all targets is their mean.",
    fix="Give both the same shape: `keepdim=True`, or `my_network(inputs).squeeze(1)`.",
    judge=judge_sum,
)

LARGE = mistake(
    "thousands",
    "The loss becomes nan",
    task=f"The loss should fall under {LOW_LOSS}. The inputs are 1000, 2000 and 3000.",
    correct=THOUSANDS,
    changed={" / 1000": ""},
    why="Many think that the learning rate is at fault, but a weight's gradient grows with its input, and "
    "the bias has the input 1. With inputs in the thousands, a rate that is small enough for the weight "
    "leaves the bias where it is.",
    fix="Divide the inputs, so that they are about as large as 1. New inputs must be divided likewise.",
    judge=judge_loss,
)

HELD_OUT = mistake(
    "held_out",
    "Better than chance",
    task="100 networks guess coins, which nobody can. 40 held-out examples choose the best of them. Show "
    "last, and honestly, what share it gets right.",
    correct=COINS,
    changed={"print(share_right(chosen, 140, 340))": "print(share_right(chosen, 100, 140))"},
    why="Many think that held-out examples are honest because training never saw them, but they chose the "
    "best of 100, and part of being the best is luck. What has chosen cannot judge.",
    fix="Judge by examples that neither trained nor chose.",
    judge=judge_chance,
)
