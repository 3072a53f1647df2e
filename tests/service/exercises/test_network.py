"""A network that is to answer [1, 2, 3]: however it is made and trained, its answer counts."""

import pytest

from service.exercises import EXERCISES
from service.exercises.network import IMPORTS, PAIR, SOLUTION
from tests.service.exercises.judging import verdict_on

BEGINNING = f"{IMPORTS}\n{PAIR}\n"
LOOP = """\
for _ in range(300):
    loss = torch.sum((net(my_input) - my_desired_output) ** 2)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""
SGD = "optimizer = SGD(net.parameters(), lr=1e-2)\n"
DEEP = "net = nn.Sequential(nn.Linear(3, 8), nn.Tanh(), nn.Linear(8, 8), nn.ReLU(), nn.Linear(8, 5))\n"

RIGHT = {
    "sequential": f"{BEGINNING}net = nn.Sequential(nn.Linear(3, 2), nn.Linear(2, 5))\n{SGD}{LOOP}",
    "two activations, three layers": f"{BEGINNING}{DEEP}{SGD}{LOOP}",
    "adam and a mean": (
        f"{BEGINNING}net = nn.Sequential(nn.Linear(3, 16), nn.ReLU(), nn.Linear(16, 5))\n"
        f"optimizer = torch.optim.Adam(net.parameters(), lr=0.03)\n{LOOP.replace('torch.sum(', 'torch.mean(')}"
    ),
    "a batch of one": (
        f"{BEGINNING.replace('[1.0, 2.0, 3.0])', '[[1.0, 2.0, 3.0]])')}"
        f"net = nn.Sequential(nn.Linear(3, 2), nn.Linear(2, 5))\n{SGD}{LOOP}"
    ),
    "by hand": f"""{BEGINNING}
net = nn.Sequential(nn.Linear(3, 2), nn.Linear(2, 5))
for _ in range(300):
    net.zero_grad()
    nn.MSELoss()(net(my_input), my_desired_output).backward()
    with torch.no_grad():
        for each in net.parameters():
            each -= 0.05 * each.grad
""",
    "a matrix of her own": f"""{BEGINNING}
class Mine(nn.Module):
    def __init__(self, middle):
        super().__init__()
        self.first = nn.Parameter(torch.rand(middle, 3) * 0.5)
        self.second = nn.Linear(middle, 5)

    def forward(self, x):
        return self.second(self.first @ x)

net = Mine(4)
{SGD}{LOOP}""",
}


@pytest.mark.parametrize("program", RIGHT.values(), ids=RIGHT)
def test_any_network_that_learned_it_passes(program: str) -> None:
    verdict = verdict_on(EXERCISES["memory"], program)
    assert verdict.passed, verdict
    assert verdict.said.startswith("`net` answers [1, 2, 3] with [")


WRONG = {
    "one layer": (f"{BEGINNING}net = nn.Linear(3, 5)\n{SGD}{LOOP}", "it has 1 layer; 2 are asked for."),
    "not trained": (
        f"{BEGINNING}net = nn.Sequential(nn.Linear(3, 2), nn.Linear(2, 5))\n",
        "There was no Backprop",
    ),
    "set by hand": (
        f"{BEGINNING}net = nn.Sequential(nn.Linear(3, 2), nn.Linear(2, 5))\nwith torch.no_grad():\n"
        "    net[1].weight.zero_()\n    net[1].bias.copy_(my_desired_output)\n",
        "but not by training.",
    ),
    "too slow": (SOLUTION.replace("1e-2", "1e-5"), "each number should be within 0.1 of [1, 2, 3, 4, 5]."),
    "too fast": (SOLUTION.replace("1e-2", "10"), "the loss was no longer a finite number"),
    "without Reset": (SOLUTION.replace("    my_sgd.zero_grad()\n", ""), "no Reset stood between"),
    "another one trained": (
        f"{BEGINNING}net = nn.Sequential(nn.Linear(3, 2), nn.Linear(2, 5))\n{SGD}"
        f"net = nn.Sequential(nn.Linear(3, 2), nn.Linear(2, 5))\n{LOOP}",
        "No Backprop reached a number that the optimizer holds.",
    ),
    "two outputs": (f"{BEGINNING}net = nn.Sequential(nn.Linear(3, 2))\n", "with 2 numbers, not 5."),
    "no name": (f"{BEGINNING}print(nn.Sequential(nn.Linear(3, 2), nn.Linear(2, 5))(my_input))", "a name"),
    "printed only": (f"{BEGINNING}print(my_desired_output)\n", "without a network that has a name"),
}


@pytest.mark.parametrize(("program", "words"), WRONG.values(), ids=WRONG)
def test_others_do_not_and_hear_what_happened(program: str, words: str) -> None:
    verdict = verdict_on(EXERCISES["memory"], program)
    assert not verdict.passed
    assert words in verdict.said


FASTER = {
    "another optimizer": SOLUTION.replace(
        "SGD(my_network.parameters(), lr=1e-2)", "torch.optim.Adam(my_network.parameters(), lr=0.05)"
    ),
    "momentum": SOLUTION.replace("lr=1e-2", "lr=1e-3, momentum=0.9"),
    "fewer steps": SOLUTION.replace("range(300)", "range(150)"),
    "the lowest that was found": SOLUTION.replace("1e-2", "1e-3"),
}


@pytest.mark.parametrize("program", FASTER.values(), ids=FASTER)
def test_any_way_of_being_faster_passes(program: str) -> None:
    verdict = verdict_on(EXERCISES["faster"], program)
    assert verdict.passed, verdict
    assert "steps the loss is" in verdict.said


SLOW = {
    "more steps": (SOLUTION.replace("range(300)", "range(301)"), "at most 300 steps are allowed."),
    "half as many, twice a round": (
        SOLUTION.replace("    my_sgd.zero_grad()\n", "    my_sgd.step()\n    my_sgd.zero_grad()\n"),
        "After 600 steps",
    ),
    "ten times as fast": (SOLUTION.replace("1e-2", "1e-5"), "it should be under 0.01."),
    "a smaller loss only": (
        SOLUTION.replace("loss = torch.sum", "loss = 1e-6 * torch.sum"),
        "it should be under 0.01.",
    ),
    "by hand, before the first step": (
        SOLUTION.replace("\nfor _", "with torch.no_grad():\n    my_network.m2.weight.zero_()\n"
        "    my_network.m2.bias.copy_(my_desired_output)\n\nfor _"),
        "but not by training.",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("program", "words"), SLOW.values(), ids=SLOW)
def test_what_is_not_faster_hears_what_happened(program: str, words: str) -> None:
    verdict = verdict_on(EXERCISES["faster"], program)
    assert not verdict.passed
    assert words in verdict.said
