"""The mistakes: each shows itself in its own way, and whatever repairs it passes."""

from difflib import ndiff

import pytest

from service.exercises import MISTAKES
from tests.service.exercises.judging import report_of, verdict_on

pytestmark = pytest.mark.filterwarnings("ignore:The .grad attribute")

RAISES = {
    "integers": "RuntimeError: mat1 and mat2 must have the same dtype",
    "twice": "RuntimeError: Trying to backward through the graph a second time",
    "vector": "RuntimeError: grad can be implicitly created only for scalar outputs",
    "stale": "RuntimeError: Trying to backward through the graph a second time",
    "super": "AttributeError: cannot assign module before Module.__init__() call",
    "item": "RuntimeError: element 0 of tensors does not require grad and does not have a grad_fn",
    "assigned": "TypeError: unsupported operand type(s) for *: 'float' and 'NoneType'",
    "in_place": "RuntimeError: a leaf Variable that requires grad is being used in an in-place operation.",
    "list": "ValueError: optimizer got an empty parameter list",
}
SILENT = {
    "stranger": "No Backprop reached a number that the optimizer holds.",
    "reset": "no Reset stood between the two Backprops.",
    "zero": "In 100 steps, Optimize never found a gradient other than 0.",
    "thousands": "the loss was no longer a finite number: the steps were too large.",
    "columns": "right is 6.",
    "held_out": "Nobody can know how a coin falls",
}


def test_every_mistake_is_known_to_these_tests() -> None:
    assert set(MISTAKES) == set(RAISES) | set(SILENT)


@pytest.mark.parametrize(("name", "words"), RAISES.items())
def test_it_raises_in_torch_s_own_words_which_are_explained(name: str, words: str) -> None:
    report = report_of(MISTAKES[name].start)
    assert report.error is not None
    assert report.error.text.startswith(words)
    assert report.error.meaning
    assert report.line is not None


@pytest.mark.parametrize(("name", "words"), SILENT.items())
def test_it_raises_nothing_and_the_judge_says_what_happened(name: str, words: str) -> None:
    report = report_of(MISTAKES[name].start)
    assert report.error is None
    assert words in MISTAKES[name].judge(report).said


@pytest.mark.parametrize("name", MISTAKES)
def test_program_and_mistake_differ_in_a_few_lines(name: str) -> None:
    start, solution = (text.splitlines() for text in (MISTAKES[name].start, MISTAKES[name].solution))
    differing = [line for line in ndiff(start, solution) if line[0] in "+-"]
    assert 1 <= len(differing) <= 8


@pytest.mark.parametrize("name", MISTAKES)
def test_it_says_why_and_what_repairs_it(name: str) -> None:
    why, fix = MISTAKES[name].hints
    assert why.endswith(".")
    assert fix.endswith(".")


def changed(name: str, *changes: tuple[str, str]) -> str:
    """The broken program with lines changed."""
    program = MISTAKES[name].start
    for was, becomes in changes:
        assert was in program
        program = program.replace(was, becomes)
    return program


REPAIRED = [
    ("integers", [("torch.tensor([1, 2, 3])", "torch.tensor([1, 2, 3]).float()")]),
    ("integers", [("(three_vector)", "(three_vector.to(torch.float32))")]),
    ("integers", [("my_output = my_matrix_var_1(three_vector)\nprint(my_output)",
                   "print(my_matrix_var_1(torch.tensor([1., 2., 3.])))")]),
    ("twice", [("loss.backward()\nloss.backward()", "loss.backward(retain_graph=True)\nloss.backward()")]),
    ("twice", [("loss = (15 - var_1 * var_2) ** 2\nloss.backward()\nloss.backward()",
                "for _ in range(2):\n    ((15 - var_1 * var_2) ** 2).backward()")]),
    ("vector", [("** 2\n", "** 2\n    loss = loss.mean()\n")]),
    ("vector", [("loss.backward()", "loss.backward(torch.ones(5))")]),
    ("stale", [("    loss = (15 - my_latent_value) ** 2\n", "    loss = (15 - var_1 * var_2) ** 2\n")]),
    ("stranger", [("for _ in range", "my_sgd = torch.optim.SGD(my_network.parameters(), lr=1e-2)\nfor _ in range")]),
    ("stranger", [("    my_sgd.step()\n", "    with torch.no_grad():\n        for each in my_network.parameters():\n"
                   "            each -= 1e-2 * each.grad\n    my_network.zero_grad()\n")]),
    ("super", [("    def __init__(self):\n", "    def __init__(self):\n        super(MyNetwork, self).__init__()\n")]),
    ("reset", [("    loss.backward()\n", "    my_sgd.zero_grad()\n    loss.backward()\n")]),
    ("reset", [("    my_sgd.step()\n", "    my_sgd.step()\n    var_1.grad = None\n    var_2.grad = None\n")]),
    ("item", [(".item()", ""), ("    loss = torch.tensor(loss)\n", "")]),
    ("assigned", [("var_1 = var_1 - 3e-3", "var_1.data -= 3e-3"), ("var_2 = var_2 - 3e-3", "var_2.data -= 3e-3"),
                  ("print", "    var_1.grad = None\n    var_2.grad = None\nprint")]),
    ("assigned", [("- 3e-3 * var_1.grad", "- 3e-3 * var_1.grad\n    var_1 = var_1.detach().requires_grad_()"),
                  ("- 3e-3 * var_2.grad", "- 3e-3 * var_2.grad\n    var_2 = var_2.detach().requires_grad_()")]),
    ("in_place", [("parameter -= 1e-2", "parameter.data -= 1e-2")]),
    ("in_place", [("    for parameter in my_network.parameters():\n        parameter -= 1e-2 * parameter.grad\n",
                   "    my_sgd.step()\n"),
                  ("for _", "my_sgd = torch.optim.SGD(my_network.parameters(), lr=1e-2)\nfor _")]),
    ("list", [("self.layers = [nn.Linear(3, 2), nn.Linear(2, 5)]",
               "self.m1 = nn.Linear(3, 2)\n        self.m2 = nn.Linear(2, 5)\n        self.layers = [self.m1, self.m2]")]),
    ("zero", [("torch.tensor(0.,", "torch.tensor(1.,")]),
    ("thousands", [("inputs =", "lots ="), ("targets =", "inputs = (lots - lots.mean()) / lots.std()\ntargets =")]),
    ("columns", [("my_network(inputs) -", "my_network(inputs).squeeze(1) -")]),
    ("columns", [("dim=1)", "dim=1).reshape(100, 1)")]),
    ("held_out", [("print(share_right(chosen, 100, 140))",
                   "inputs = torch.randn(1000, 20)\ncoins = torch.randint(0, 2, (1000, 1)) * 2. - 1\n"
                   "print('right:', share_right(chosen, 0, 1000))")]),
]  # fmt: skip

NOT_REPAIRED = [
    ("integers", [("my_matrix_var_1(three_vector)", "torch.tensor([1., 2.])")], "was not given"),
    ("twice", [("loss.backward()\nloss.backward()", "loss.backward()")], "There was 1 Backprop; two are asked for."),
    ("vector", [("loss.backward()", "loss[0].backward()")], "each number should be within 0.1"),
    ("stale", [("loss.backward()", "loss.backward(retain_graph=True)")], "An error ended it"),
    ("stale", [("range(100)", "range(1)")], "After 1 round"),
    ("stranger", [("range(300)", "range(3000)")], "No Backprop reached a number that the optimizer holds."),
    ("super", [("nn.Module", "")], "An error ended it"),
    ("reset", [("lr=3e-3", "lr=1e-4")], "no Reset stood between"),
    ("item", [("torch.tensor(loss)", "torch.tensor(loss, requires_grad=True)")], "No Backprop reached a number"),
    ("assigned", [("range(100)", "range(1)")], "After 1 round"),
    ("assigned", [("    var_1 = var_1 - 3e-3 * var_1.grad\n    var_2 = var_2 - 3e-3 * var_2.grad\n", "")], "is 12;"),
    ("in_place", [("parameter -= 1e-2 * parameter.grad", "parameter = parameter - 1e-2 * parameter.grad")],
     "each number should be within 0.1"),
    ("list", [("[nn.Linear(3, 2), nn.Linear(2, 5)]", "[nn.Linear(3, 2)]\n        self.m2 = nn.Linear(2, 5)"),
              ("            x = layer(x)\n", "            x = layer(x)\n        x = self.m2(x)\n")],
     "`parameters()` has 15 numbers, and the two layers have 23."),
    ("zero", [("lr=3e-3", "lr=1.")], "is 0;"),
    ("zero", [("requires_grad=True)\nvar_2", "requires_grad=True)\nvar_1.data += 0.\nvar_2")], "is 0;"),
    ("thousands", [("lr=0.1", "lr=1e-7")], "it should be under 0.01."),
    ("columns", [("range(200)", "range(2000)")], "right is 6."),
    ("held_out", [("print(share_right(chosen, 100, 140))", "print(share_right(chosen, 110, 140))")], "Nobody can know"),
    ("held_out", [("print(share_right(chosen, 100, 140))", "pass")], "without showing a number."),
]  # fmt: skip


@pytest.mark.parametrize(("name", "changes"), REPAIRED)
def test_any_repair_passes(name: str, changes: list[tuple[str, str]]) -> None:
    verdict = verdict_on(MISTAKES[name], changed(name, *changes))
    assert verdict.passed, verdict


@pytest.mark.parametrize(("name", "changes", "words"), NOT_REPAIRED)
def test_what_only_looks_repaired_does_not(name: str, changes: list[tuple[str, str]], words: str) -> None:
    verdict = verdict_on(MISTAKES[name], changed(name, *changes))
    assert not verdict.passed
    assert words in verdict.said
