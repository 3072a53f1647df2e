"""Examples, network and training for every vector: the certificate grades, and what is lacking is said."""

import pytest

from service.exercises import EXERCISES
from service.exercises.network import SOLUTION as ONE_VECTOR
from service.exercises.rule import SOLUTION
from tests.service.exercises.judging import report_of, verdict_on

RULE = EXERCISES["rule"]
LAYER = "self.m1 = nn.Linear(3, 5)\n"

BATCHES = """\
import torch
from torch import nn

inputs = torch.randint(-10, 11, (500, 3)).float()
targets = torch.cat([inputs, inputs[:, 2:] + 1, inputs[:, 2:] + 2], dim=1)
net = nn.Linear(3, 5)
optimizer = torch.optim.Adam(net.parameters(), lr=0.05)
for _ in range(1500):
    loss = torch.mean((net(inputs) - targets) ** 2)
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
"""


@pytest.mark.parametrize(
    "program",
    [
        BATCHES,
        SOLUTION.replace("5000", "2000"),
        SOLUTION.replace(LAYER, "self.m1 = nn.Sequential(nn.Linear(3, 8), nn.Linear(8, 5))\n").replace("2e-3", "1e-3"),
        SOLUTION.replace("lr=2e-3", "lr=2e-3, momentum=0.2"),
    ],
    ids=["a batch, Adam", "fewer rounds", "two layers", "momentum"],
)  # fmt: skip
def test_any_program_whose_network_is_certified_passes(program: str) -> None:
    verdict = verdict_on(RULE, program)
    assert verdict.passed, verdict
    assert verdict.said.startswith("Proved: right for every integer vector of numbers from -")


def briefly(was: str = "", becomes: str = "") -> str:
    """The solution with something else in it, and few rounds."""
    return SOLUTION.replace(was, becomes).replace("5000", "100")


def hidden(layers: str) -> str:
    return (
        SOLUTION.replace(LAYER, f"self.m1 = nn.Sequential({layers})\n")
        .replace("2e-3", "1e-3")
        .replace("5000", "500")
    )


WRONG = {
    "two in the middle": (
        hidden("nn.Linear(3, 2), nn.Linear(2, 5)"),
        "Everything passes through 2 numbers, and the rule needs three: no training makes up for that.",
    ),
    "three through tanh": (
        hidden("nn.Linear(3, 3), nn.Tanh(), nn.Linear(3, 5)"),
        "Its tanh bends what passes through, and the rule is straight.",
    ),
    "one vector": (
        ONE_VECTOR.replace("nn.Linear(3, 2)", "nn.Linear(3, 4)").replace("nn.Linear(2, 5)", "nn.Linear(4, 5)"),
        "It knows [1, 2, 3]. Were there other examples enough?",
    ),
    "too few rounds": (briefly(), "More examples, more rounds"),
    "steps too large": (briefly("2e-3", "1e-2").replace("10, 11", "90, 99"), "no longer a finite number"),
    "without Reset": (briefly("    my_sgd.zero_grad()\n", ""), "no Reset stood between"),
    "no training": (SOLUTION.replace("5000", "0"), "There was no Backprop"),
    "no chain": (
        briefly("        return x\n", "        return x + 0 * x\n"),
        "`my_network` is no chain of `nn.Linear`",
    ),
    "four outputs": (SOLUTION.replace("nn.Linear(3, 5)", "nn.Linear(3, 4)"), "An error ended it on line 23"),
    "no network": ("import torch", "without a network that has a name"),
}  # fmt: skip


@pytest.mark.parametrize(("program", "words"), WRONG.values(), ids=WRONG)
def test_others_do_not_and_hear_what_is_lacking(program: str, words: str) -> None:
    verdict = verdict_on(RULE, program)
    assert not verdict.passed
    assert words in verdict.said


def test_a_vector_that_is_answered_wrongly_is_shown() -> None:
    verdict = verdict_on(RULE, WRONG["too few rounds"][0])
    assert verdict.said.startswith("`my_network` answers [")
    assert "; right is [" in verdict.said


def test_the_solution_takes_a_few_seconds() -> None:
    assert report_of(SOLUTION).seconds < 10
