"""Mistakes with layers, and with a network that is to answer [1, 2, 3] with [1, 2, 3, 4, 5]."""

from functools import partial

from service.exercises.base import Verdict
from service.exercises.happened import answering, broken_off, networks_said, told_vector
from service.exercises.mistakes.base import mistake
from service.exercises.network import judge_memory
from service.networks import network_source
from service.sandbox.report import ProgramReport

TASK = "The network should learn to answer `[1, 2, 3]` with `[1, 2, 3, 4, 5]`."
PARAMETERS = 23
"""Of the two layers, 3 to 2 and 2 to 5."""

NETWORK = network_source((3, 2, 5), "none")
IMPORTS = "import torch\nimport torch.nn as nn\n"

PAIR = """\
my_input = torch.tensor([1., 2., 3.])
my_desired_output = torch.tensor([1., 2., 3., 4., 5.])
"""

MADE = """\
torch.manual_seed(0)
my_network = MyNetwork()
my_sgd = torch.optim.SGD(my_network.parameters(), lr=1e-2)
"""

LOOP = """\
for _ in range(300):
    loss = torch.sum((my_network(my_input) - my_desired_output) ** 2)
    loss.backward()
    my_sgd.step()
    my_sgd.zero_grad()
print(my_network(my_input))
"""

PROGRAM = f"{IMPORTS}\n{NETWORK}\n{MADE}{PAIR}{LOOP}"

BY_HAND = f"""{IMPORTS}
{NETWORK}
torch.manual_seed(0)
my_network = MyNetwork()
{PAIR}for _ in range(300):
    loss = torch.sum((my_network(my_input) - my_desired_output) ** 2)
    loss.backward()
    with torch.no_grad():
        for parameter in my_network.parameters():
            parameter -= 1e-2 * parameter.grad
    my_network.zero_grad()
print(my_network(my_input))
"""

LISTED = f"""{IMPORTS}
class MyNetwork(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(3, 2), nn.Linear(2, 5)])

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return x

{MADE}{PAIR}{LOOP}"""

LAYER = f"""{IMPORTS}
torch.manual_seed(0)
my_matrix_var_1 = nn.Linear(3, 2)
three_vector = torch.tensor([1., 2., 3.])
my_output = my_matrix_var_1(three_vector)
print(my_output)
"""

MAKING = f"{IMPORTS}\n{NETWORK}\nmy_network = MyNetwork()\nprint(my_network(torch.tensor([1., 2., 3.])))\n"


def judge_layer(report: ProgramReport) -> Verdict:
    """Whether the program has, or showed, what its layer answers [1, 2, 3]."""
    if ended := broken_off(report):
        return ended
    networks = [network for network in report.networks if network.answer]
    if not networks:
        return Verdict(False, "The program ended without a layer that takes 3 numbers.")
    answer = networks[-1].answer
    kept = any(tensor.values == answer and tensor.requires_grad for tensor in report.tensors)
    finite = [f"{value:.4f}" for value in answer if value is not None]
    shown = any(all(text in each.text for text in finite) for each in report.shown)
    if not kept and not shown:
        return Verdict(False, "The layer was not given [1, 2, 3], or what it answered was not kept.")
    return Verdict(True, f"`{networks[-1].name}` answers [1, 2, 3] with {told_vector(answer)}.")


def judge_making(report: ProgramReport) -> Verdict:
    """Whether the program has a network of two layers which answers 3 numbers with 5."""
    if ended := broken_off(report):
        return ended
    networks = answering(report, 5)
    if not networks:
        return Verdict(False, networks_said(report, 5))
    network = networks[-1]
    answers = f"`{network.name}` answers [1, 2, 3] with {told_vector(network.answer)}"
    if network.parameters < PARAMETERS:
        return Verdict(False, f"{answers}, but it has {network.parameters} parameters, not {PARAMETERS}.")
    return Verdict(True, f"{answers}, and has {network.parameters} parameters.")


def judge_listed(report: ProgramReport) -> Verdict:
    """Whether a network learned the five numbers, and `parameters()` has the numbers of both layers."""
    verdict = judge_memory(report)
    if not verdict.passed:
        return verdict
    most = max(network.parameters for network in answering(report, 5))
    has = f"`parameters()` has {most} numbers"
    if most < PARAMETERS:
        return Verdict(False, f"{verdict.said} But {has}, and the two layers have {PARAMETERS}.")
    return Verdict(True, f"{verdict.said} {has}.")


judge = partial(judge_memory, clean=True)

INTEGERS = mistake(
    "integers",
    "A vector that the layer refuses",
    task="The layer should answer `[1, 2, 3]`.",
    correct=LAYER,
    changed={"[1., 2., 3.]": "[1, 2, 3]"},
    why="Many think that 1 and 1. are the same, but `[1, 2, 3]` makes int64 numbers, and `[1., 2., 3.]` "
    "float32, as the weights are. A layer does not mix types.",
    fix="Write the numbers with periods.",
    judge=judge_layer,
)

VECTOR = mistake(
    "vector",
    "Backprop of five numbers",
    task=TASK,
    correct=PROGRAM,
    changed={
        "torch.sum((my_network(my_input) - my_desired_output) ** 2)": (
            "(my_network(my_input) - my_desired_output) ** 2"
        )
    },
    why="Only a single number can be taken down: of five numbers, which one should fall? A loss must be one.",
    fix="Add the five up with `torch.sum`.",
    judge=judge,
)

STRANGER = mistake(
    "stranger",
    "No error, no learning",
    task=TASK,
    correct=PROGRAM,
    changed={
        "my_sgd = torch.optim.SGD(my_network.parameters(), lr=1e-2)\n": (
            "my_sgd = torch.optim.SGD(my_network.parameters(), lr=1e-2)\nmy_network = MyNetwork()\n"
        )
    },
    why="Many think that `my_sgd` looks for `my_network` at each step, but it holds the parameters of the "
    "first one. The name now means another network: its gradients are computed, and nobody uses them.",
    fix="Make the optimizer last, from the network that is trained.",
    judge=judge,
)

SUPER = mistake(
    "super",
    "A network that cannot be made",
    task="`MyNetwork` should be made, and answer `[1, 2, 3]` with five numbers.",
    correct=MAKING,
    changed={"        super().__init__()\n": ""},
    why="`nn.Module` keeps its layers and parameters in dictionaries, which its own `__init__` makes. "
    "Without it there is nowhere to put `self.m1`.",
    fix="Call `super().__init__()` first.",
    judge=judge_making,
)

IN_PLACE = mistake(
    "in_place",
    "A step by hand",
    task=TASK,
    correct=BY_HAND,
    changed={
        "    with torch.no_grad():\n": "",
        "        for parameter in": "    for parameter in",
        "            parameter -=": "        parameter -=",
    },
    why="Many think that a step is a calculation like any other, but PyTorch records what is computed from "
    "parameters, to go back through it. Where it records, a parameter must not change.",
    fix="Change parameters within `with torch.no_grad():`, where nothing is recorded. Optimizers do so.",
    judge=judge,
)

LIST = mistake(
    "list",
    "An optimizer with nothing to do",
    task=f"{TASK} `my_network.parameters()` should have all {PARAMETERS} numbers.",
    correct=LISTED,
    changed={"nn.ModuleList([nn.Linear(3, 2), nn.Linear(2, 5)])": "[nn.Linear(3, 2), nn.Linear(2, 5)]"},
    why="Many think that a network knows all layers that it uses, but `nn.Module` takes up only those that "
    "get a name in `self`: it does not look into a Python list. With one more layer beside the list there "
    "is no error, and only that one learns.",
    fix="Use `nn.ModuleList([...])`, or `self.m1` and `self.m2`.",
    judge=judge_listed,
)
