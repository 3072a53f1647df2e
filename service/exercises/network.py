"""The exercises with a network that is to answer [1, 2, 3] with [1, 2, 3, 4, 5]."""

from functools import partial

from service.exercises.base import Exercise, Verdict
from service.exercises.happened import (
    answering,
    began_there,
    broken_off,
    counted,
    hindrance,
    networks_said,
    sentences,
    told,
    told_vector,
    unreset,
)
from service.sandbox.report import ProgramReport, ToldNetwork

DESIRED = (1.0, 2.0, 3.0, 4.0, 5.0)
OUTPUT_TOLERANCE = 0.1
"""How near its number each output has to be."""
LOW_LOSS = 0.01
MOST_STEPS = 300


def loss_of(network: ToldNetwork) -> float:
    """The loss of its answer to [1, 2, 3]; infinite where that is not finite."""
    pairs = zip(network.answer, DESIRED, strict=True)
    differences = [float("inf") if given is None else given - wanted for given, wanted in pairs]
    return sum(each * each for each in differences)  # a power would raise where this is infinite


def judge_memory(report: ProgramReport, layers: int = 1, clean: bool = False) -> Verdict:
    """Whether a network of so many layers has learned to answer [1, 2, 3] with [1, 2, 3, 4, 5].

    If it has to be `clean`, no gradient may be left over from a round before.
    """
    if ended := broken_off(report):
        return ended
    networks = answering(report, len(DESIRED))
    if not networks:
        return Verdict(False, networks_said(report, len(DESIRED)))
    network = min(networks, key=loss_of)
    measured = f"`{network.name}` answers [1, 2, 3] with {told_vector(network.answer)}"
    if any(
        given is None or abs(given - wanted) > OUTPUT_TOLERANCE
        for given, wanted in zip(network.answer, DESIRED, strict=True)
    ):
        wanted = f"each number should be within {OUTPUT_TOLERANCE} of {told_vector(DESIRED)}."
        return Verdict(False, sentences(hindrance(report), f"{measured}; {wanted}"))
    if not report.backwards or began_there(report, OUTPUT_TOLERANCE**2 * len(DESIRED)):
        return Verdict(False, f"{measured}, but not by training.")
    made = len(network.widths) - 1
    if 0 < made < layers:
        return Verdict(False, f"{measured}, but it has {counted(made, 'layer')}; {layers} are asked for.")
    left_over = unreset(report)
    return Verdict(not (clean and left_over), sentences(left_over, f"{measured}."))


def judge_faster(report: ProgramReport) -> Verdict:
    """Whether a network has a loss under 0.01 after at most 300 steps."""
    if ended := broken_off(report):
        return ended
    networks = answering(report, len(DESIRED))
    if not networks:
        return Verdict(False, networks_said(report, len(DESIRED)))
    loss = min(loss_of(network) for network in networks)
    steps = max(report.steps, report.backwards)
    measured = f"After {counted(steps, 'step')} the loss is {told(loss)}"
    if loss >= LOW_LOSS:
        return Verdict(False, sentences(hindrance(report), f"{measured}; it should be under {LOW_LOSS}."))
    if not steps or began_there(report, LOW_LOSS):
        return Verdict(False, f"{measured}, but not by training.")
    if steps > MOST_STEPS:
        return Verdict(False, f"{measured}, but at most {MOST_STEPS} steps are allowed.")
    return Verdict(True, f"{measured}.")


IMPORTS = """\
import torch
import torch.nn as nn
from torch.optim import SGD
"""

PAIR = """\
my_input = torch.tensor([1.0, 2.0, 3.0])
my_desired_output = torch.tensor([1.0, 2.0, 3.0, 4.0, 5.0])
"""

CLASS = """\
class MyNetwork(nn.Module):
    def __init__(self):
        super().__init__()
        self.m1 = nn.Linear(3, 2)
        self.m2 = nn.Linear(2, 5)

    def forward(self, x):
        x = self.m1(x)
        x = self.m2(x)
        return x
"""

TRAINING = """\
my_network = MyNetwork()
my_sgd = SGD(my_network.parameters(), lr=1e-2)

for _ in range(300):
    my_network_output = my_network(my_input)
    loss = torch.sum((my_network_output - my_desired_output) ** 2)
    loss.backward()
    my_sgd.step()
    my_sgd.zero_grad()

print(loss)
print(my_network(my_input))
"""

SOLUTION = f"{IMPORTS}\n{PAIR}\n\n{CLASS}\n\n{TRAINING}"

MEMORY = Exercise(
    name="memory",
    title="A network of two layers",
    task="Write `MyNetwork` with two layers, and train it until it answers `[1, 2, 3]` with "
    f"`[1, 2, 3, 4, 5]`, each number to within {OUTPUT_TOLERANCE}.",
    start=f"{IMPORTS}\n{PAIR}",
    solution=SOLUTION,
    hints=(
        "`class MyNetwork(nn.Module):` has `__init__`, which makes the layers, and `forward`, which uses "
        "them.",
        "`__init__` begins with `super().__init__()`. The layers: `nn.Linear(3, 2)`, then `nn.Linear(2, 5)`.",
        "Optimize `my_network.parameters()`. The loss is one number: `torch.sum` of the squared differences.",
        "Not there? A learning rate of 1e-2 and 300 rounds are enough.",
    ),
    judge=partial(judge_memory, layers=2),
)

FASTER = Exercise(
    name="faster",
    title="Faster",
    task="With this learning rate it takes 100,000 steps. Change the program so that the loss is under "
    f"{LOW_LOSS} after at most {MOST_STEPS}.",
    start=SOLUTION.replace("lr=1e-2", "lr=1e-6"),
    solution=SOLUTION,
    hints=(
        "How large is one step? Look for the learning rate.",
        "1e-6 is tiny. Multiply it by 10 until the loss is low, or no longer a number.",
        "From 1e-3 to 1e-2 it arrives.",
    ),
    judge=judge_faster,
)
