"""A gallery of broken programs, each run for real: what PyTorch says, or what goes wrong in silence."""

import traceback
from dataclasses import dataclass
from typing import Any

from service.errors import one_of
from service.networks import network_source
from service.torch_state import borrowed

SOURCE = "program.py"
IMPORTS = "import torch\nimport torch.nn as nn\n"
NETWORK = network_source((3, 2, 5), "none")


@dataclass(frozen=True)
class Mistake:
    """A program that does not do what it looks like, why, and the program that does."""

    name: str
    title: str
    broken: str
    why: str
    fixed: str
    fix: str
    """What was changed, in a sentence."""


@dataclass(frozen=True)
class ProgramResult:
    """What a program printed, the error it ended with, and the losses it kept on the way."""

    printed: str
    error: str | None
    """As Python's last line has it: the error's type and torch's own words."""
    line: int | None
    """The line of the program that raised."""
    losses: tuple[float, ...]


INTEGERS = f"""{IMPORTS}
torch.manual_seed(0)
my_matrix_var_1 = nn.Linear(3, 2)
three_vector = torch.tensor([1, 2, 3])
print(my_matrix_var_1(three_vector))
"""

TWICE = f"""{IMPORTS}
var_1 = torch.tensor(3., requires_grad=True)
var_2 = torch.tensor(4., requires_grad=True)
loss = (15 - var_1 * var_2) ** 2
loss.backward()
loss.backward()
print(var_1.grad, var_2.grad)
"""

VECTOR = f"""{IMPORTS}
{NETWORK}
torch.manual_seed(0)
my_network = MyNetwork()
my_desired_output = torch.tensor([1., 2., 3., 4., 5.])
loss = (my_network(torch.tensor([1., 2., 3.])) - my_desired_output) ** 2
loss.backward()
print(my_network.m2.bias.grad)
"""

STALE = f"""{IMPORTS}
var_1 = torch.tensor(3., requires_grad=True)
var_2 = torch.tensor(4., requires_grad=True)
my_sgd = torch.optim.SGD([var_1, var_2], lr=3e-3)
my_latent_value = var_1 * var_2
for _ in range(100):
    loss = (15 - my_latent_value) ** 2
    loss.backward()
    my_sgd.step()
    my_sgd.zero_grad()
print(var_1 * var_2)
"""

STRANGER = f"""{IMPORTS}
{NETWORK}
torch.manual_seed(0)
my_network = MyNetwork()
my_sgd = torch.optim.SGD(my_network.parameters(), lr=1e-2)
my_network = MyNetwork()
my_input = torch.tensor([1., 2., 3.])
my_desired_output = torch.tensor([1., 2., 3., 4., 5.])
losses = []
for _ in range(60):
    loss = torch.sum((my_network(my_input) - my_desired_output) ** 2)
    losses.append(loss.item())
    loss.backward()
    my_sgd.step()
    my_sgd.zero_grad()
print(losses[0], losses[-1])
"""

WITHOUT_SUPER = f"""{IMPORTS}
{NETWORK.replace("        super().__init__()" + chr(10), "")}
my_network = MyNetwork()
print(my_network)
"""

WITHOUT_RESET = f"""{IMPORTS}
var_1 = torch.tensor(3., requires_grad=True)
var_2 = torch.tensor(4., requires_grad=True)
my_sgd = torch.optim.SGD([var_1, var_2], lr=3e-3)
losses = []
for _ in range(100):
    loss = (15 - var_1 * var_2) ** 2
    losses.append(loss.item())
    loss.backward()
    my_sgd.step()
print(var_1 * var_2)
"""

MISTAKES = {
    mistake.name: mistake
    for mistake in (
        Mistake(
            "integers",
            "Integers into nn.Linear",
            INTEGERS,
            "The weights are floats, and `@` does not mix types: the vector must hold floats too. "
            "`[1, 2, 3]` makes int64 numbers, `[1., 2., 3.]` float32.",
            INTEGERS.replace("[1, 2, 3]", "[1., 2., 3.]"),
            "Write the numbers with periods.",
        ),
        Mistake(
            "twice",
            "Backprop twice",
            TWICE,
            "Backprop frees the graph that it walks along: it keeps the values that the gradients are "
            "made from, and lets go of them on the way. A second walk needs a second Forward.",
            TWICE.replace(
                "loss.backward()\nloss.backward()",
                "loss.backward()\nloss = (15 - var_1 * var_2) ** 2\nloss.backward()",
            ),
            "Compute the loss again first. The gradients then are the sum of both: nobody pressed Reset.",
        ),
        Mistake(
            "vector",
            "Backprop from a vector",
            VECTOR,
            "Only a single number can be taken down: of five numbers, which one should fall? A loss must be "
            "one number.",
            VECTOR.replace(
                "loss = (my_network(torch.tensor([1., 2., 3.])) - my_desired_output) ** 2",
                "loss = torch.sum((my_network(torch.tensor([1., 2., 3.])) - my_desired_output) ** 2)",
            ),
            "Add the five up with `torch.sum`.",
        ),
        Mistake(
            "stale",
            "The latent value outside the loop",
            STALE,
            "`my_latent_value` was computed once, from the first numbers. It does not follow them: a tensor "
            "is a value, not a formula. And its graph was freed by the first Backprop.",
            STALE.replace(
                "my_latent_value = var_1 * var_2\nfor _ in range(100):\n",
                "for _ in range(100):\n    my_latent_value = var_1 * var_2\n",
            ),
            "Compute it inside the loop, in every round.",
        ),
        Mistake(
            "stranger",
            "The optimizer of another network",
            STRANGER,
            "`my_sgd` holds the parameters of the first `my_network`. The name now means another network; "
            "its gradients are computed, and nobody uses them (or resets them). No error, no learning.",
            STRANGER.replace(
                "my_sgd = torch.optim.SGD(my_network.parameters(), lr=1e-2)\nmy_network = MyNetwork()\n",
                "my_network = MyNetwork()\nmy_sgd = torch.optim.SGD(my_network.parameters(), lr=1e-2)\n",
            ),
            "Make the optimizer last, from the network that is trained.",
        ),
        Mistake(
            "super",
            "No super().__init__()",
            WITHOUT_SUPER,
            "`nn.Module` keeps its layers and parameters in dictionaries, which its own `__init__` makes. "
            "Without it there is nowhere to put `self.m1`.",
            f"{IMPORTS}\n{NETWORK}\nmy_network = MyNetwork()\nprint(my_network)\n",
            "Call `super().__init__()` first.",
        ),
        Mistake(
            "reset",
            "No Reset",
            WITHOUT_RESET,
            "Each Backprop adds to `.grad`. Without Reset a step goes by all gradients so far, as if the "
            "numbers had momentum and no friction: they swing past the target, again and again.",
            WITHOUT_RESET.replace("    my_sgd.step()\n", "    my_sgd.step()\n    my_sgd.zero_grad()\n"),
            "Reset after each step.",
        ),
    )
}


def run_mistake(name: str, fixed: bool = False) -> ProgramResult:
    """ProgramResult a program of the gallery, broken or fixed, in this process. Raises InvalidInput."""
    mistake = MISTAKES[one_of("mistake", name, MISTAKES)]
    lines: list[str] = []
    scope: dict[str, Any] = {
        "__name__": "__main__",
        "print": lambda *values: lines.append(" ".join(map(str, values))),
    }
    error, line = None, None
    # The programs are those above and no others. They seed torch's one global generator.
    with borrowed():
        try:
            exec(compile(mistake.fixed if fixed else mistake.broken, SOURCE, "exec"), scope)
        except Exception as raised:
            error = f"{type(raised).__name__}: {raised}"
            frames = [
                frame for frame in traceback.extract_tb(raised.__traceback__) if frame.filename == SOURCE
            ]
            line = frames[-1].lineno
    return ProgramResult("\n".join(lines), error, line, tuple(scope.get("losses", ())))
