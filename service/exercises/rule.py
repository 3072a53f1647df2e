"""The exercise to end with: examples, network and training for every vector, graded by the certificate."""

from itertools import chain

from service.exercises.base import Exercise, Verdict
from service.exercises.happened import (
    answering,
    broken_off,
    counted,
    hindrance,
    networks_said,
    sentences,
    told_vector,
)
from service.exercises.network import IMPORTS, judge_memory
from service.sandbox.report import ProgramReport, ToldNetwork
from service.tasks import Certificate

OUTPUTS = 5
ENOUGH = 10
"""The radius that passes."""


def judge_network(report: ProgramReport) -> Verdict:
    """Whether the program has trained a network that can have a certificate."""
    if ended := broken_off(report):
        return ended
    network = _network(report)
    if network is None:
        return Verdict(False, networks_said(report, OUTPUTS))
    if not report.backwards:
        return Verdict(False, hindrance(report) or "")
    if any(number is None for number in [*network.answer, *chain(*network.weights)]):
        said = f"Not all numbers of `{network.name}` are finite."
        return Verdict(False, hindrance(report) or said)
    if not network.widths:
        said = (
            f"`{network.name}` is no chain of `nn.Linear`, with nothing, relu or tanh between all of them: "
            "for others there is no certificate."
        )
        return Verdict(False, said)
    return Verdict(True, f"`{network.name}` is trained.")


def judge_radius(report: ProgramReport, certificate: Certificate) -> Verdict:
    """Whether the network is right for all integer vectors up to a radius of 10, and what it lacks."""
    network = _network(report)
    assert network is not None
    how = "Proved" if certificate.method == "proved" else "Checked, one by one"
    radius = certificate.radius
    if radius is not None and radius >= ENOUGH:
        return Verdict(
            True, f"{how}: right for every integer vector of numbers from -{radius:,} to {radius:,}."
        )
    wrong = (
        f"`{network.name}` answers {certificate.counterexample} with {told_vector(certificate.answer)}; "
        f"right is {certificate.expected}."
    )
    reached = f"Its radius is {radius}; {ENOUGH} are asked for." if radius else None
    return Verdict(False, sentences(wrong, reached, _lack(report, network)))


def _network(report: ProgramReport) -> ToldNetwork | None:
    """The one that the certificate is about."""
    return next(iter(reversed(answering(report, OUTPUTS))), None)


def _lack(report: ProgramReport, network: ToldNetwork) -> str | None:
    narrowest = min(network.widths)
    if narrowest < 3:
        passes = f"Everything passes through {counted(narrowest, 'number')}, and the rule needs three: "
        return f"{passes}no training makes up for that."
    if hindered := hindrance(report):
        return hindered
    if network.activation != "none" and len(network.widths) > 2:
        return f"Its {network.activation} bends what passes through, and the rule is straight."
    if judge_memory(report).passed:
        return "It knows [1, 2, 3]. Were there other examples enough?"
    return "More examples, more rounds or another learning rate will help."


SOLUTION = f"""{IMPORTS}

class MyNetwork(nn.Module):
    def __init__(self):
        super().__init__()
        self.m1 = nn.Linear(3, 5)

    def forward(self, x):
        x = self.m1(x)
        return x


my_network = MyNetwork()
my_sgd = SGD(my_network.parameters(), lr=2e-3)

for _ in range(5000):
    a, b, c = torch.randint(-10, 11, (3,)).float()
    my_input = torch.stack([a, b, c])
    my_desired_output = torch.stack([a, b, c, c + 1, c + 2])
    loss = torch.sum((my_network(my_input) - my_desired_output) ** 2)
    loss.backward()
    my_sgd.step()
    my_sgd.zero_grad()

print(my_network(torch.tensor([40.0, -50.0, 60.0])))
"""

RULE = Exercise(
    name="rule",
    title="Every vector",
    task="Write it all: examples, a network, its training. It is to answer every `[a, b, c]` with "
    f"`[a, b, c, c+1, c+2]`. It passes if it is certified for all integers from -{ENOUGH} to {ENOUGH}.",
    start=f"{IMPORTS}\n",
    solution=SOLUTION,
    hints=(
        "A new example in each round: `torch.randint(-10, 11, (3,)).float()` draws three numbers.",
        "The desired output is made from them: `torch.stack([a, b, c, c + 1, c + 2])`.",
        "Two numbers in the middle are too few for three. One layer is enough: `nn.Linear(3, 5)`.",
        "The loss is no number any more? Inputs up to 10 need a small learning rate: 2e-3, and 5,000 rounds.",
    ),
    judge=judge_network,
    judge_certificate=judge_radius,
)
