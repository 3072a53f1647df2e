"""What errors mean: each is really raised, by the Python and the torch that are here."""

import pytest
import torch
from torch import nn

from service.sandbox.interpreter import run_program
from service.sandbox.meanings import meaning
from service.torch_state import borrowed

CLASS = "class MyNetwork(nn.Module):\n    "
NUMBER = "var_1 = torch.tensor(3., requires_grad=True)\n"

PROGRAMS = {
    f"{NUMBER}loss = var_1 * var_1\nloss.backward()\nloss.backward()": "Compute the loss again",
    "torch.tensor(3.).backward()": "No way leads from this loss",
    "(torch.ones(2, requires_grad=True) * 2).backward()": "Add them up with `torch.sum`",
    f"{NUMBER}var_1 -= 1": "A tensor that Backprop tracks was changed in place",
    "numbers = torch.ones(3, requires_grad=True)\nnumbers[0] = 1": "A part of a tensor that Backprop tracks",
    f"{NUMBER}loss = var_1 * var_1\nwith torch.no_grad():\n    var_1 -= 1\nloss.backward()": (
        "A number changed between Forward and Backprop"
    ),
    f"{NUMBER}latent = var_1 * 2\nlatent.requires_grad = False": "This tensor was computed",
    f"{NUMBER}var_1 - 0.1 * var_1.grad": "A `.grad` is None before the first Backprop",
    f"{NUMBER}var_1.grad * 2": "A `.grad` is None before the first Backprop",
    f"{NUMBER}var_1.grad.zero_()": "A `.grad` is None before the first Backprop",
    f"{CLASS}def forward(self, x):\n        x * 2\nMyNetwork()(torch.ones(3)) - torch.ones(3)": "no `return`",
    f"{NUMBER}var_1.backward().backward()": "what `backward()`",
    "(3.0).backward()": "without `.item()`",
    "torch.optim.SGD([torch.ones(1)], lr=1).backward()": "`loss.backward()`",
    "nn.Linear(2, 2).backward()": "`loss.backward()`",
    "torch.ones(1).zero_grad()": "`my_sgd.zero_grad()`",
    "torch.ones(1).step()": "`my_sgd.step()`",
    "nn.Linear(2, 2).step()": "`my_sgd.step()`",
    "torch.optim.SGD([], lr=1)": "`nn.ModuleList`",
    f"{NUMBER}torch.optim.SGD([var_1 * 2], lr=1)": "numbers that stand at the beginning",
    f"{NUMBER}torch.optim.SGD(var_1, lr=1)": "takes a list, even of one tensor",
    "torch.optim.SGD([3.], lr=1)": "this is a float",
    "torch.optim.SGD(nn.Linear(2, 2).parameters, lr=1)": "`parameters()`",
    "torch.optim.SGD(nn.Linear(2, 2).parameters(), learning_rate=1)": "the learning rate is `lr`",
    "nn.Linear(2, 5)(nn.Linear(3, 3)(torch.ones(3)))": "has 3 numbers, and 2 are wanted",
    "torch.ones(2, 3) @ torch.ones(2)": "different lengths",
    "torch.ones(2) @ torch.ones(3)": "different lengths",
    "torch.ones(5) - torch.ones(3)": "One has 5 numbers where the other has 3",
    "nn.Linear(3, 2)(torch.tensor([1, 2, 3]))": "Write the vector with periods",
    "nn.Linear(3, 2)(torch.ones(3, dtype=torch.float64))": "Layers hold float32",
    "torch.tensor(3, requires_grad=True)": "Write the number with a period",
    "torch.tensor([3]).requires_grad_()": "Write the number with a period",
    "torch.ones(5).item()": "This needs one number",
    "float(torch.ones(5))": "This needs one number",
    "if torch.ones(2) > 0: pass": "`.all()`",
    "torch.stack([torch.ones(1), torch.ones(2)])": "the same shape",
    "torch.tensor([[1, 2], [3]])": "equally long",
    "nn.Linear(3, 2)([1., 2., 3.])": "this is a list",
    "torch.tensor(1., 2., 3.)": "`torch.tensor([1., 2., 3.])`",
    "torch.ones(3)[3]": "there are 3 here, so 3 is none of them",
    "torch.tensor(3.)[0]": "This tensor is one number",
    "for each in torch.tensor(3.): pass": "This tensor is one number",
    f"{CLASS}def __init__(self):\n        self.m1 = nn.Linear(3, 2)\nMyNetwork()": "`super().__init__()` must run first",
    f"{CLASS}def __init__(self):\n        super().__init__\n        self.m1 = nn.Linear(3, 2)\nMyNetwork()": (
        "Mind its parentheses"
    ),
    f"{CLASS}def __init__(self):\n        self.size = 3\nlist(MyNetwork().parameters())": "must run first",
    f"{CLASS}def foward(self, x):\n        return x\nMyNetwork()(1)": "called exactly `forward`",
    f"{CLASS}def forward(self, x):\n        return x\nMyNetwork()()": "called without its input",
    f"{CLASS}def forward(x):\n        return x\nMyNetwork()(1)": "`def forward(self, x):`",
    f"{CLASS}def forward(self, x):\n        return x\nMyNetwork.parameters()": "`my_network = MyNetwork()`",
    f"{CLASS}def forward(self, x):\n        return x\nMyNetwork(torch.ones(3))": "takes nothing",
    "nn.Linear(3)": "how many come in",
    "nn.Linear(3, 2).weight = torch.ones(2, 3)": "must stay an nn.Parameter",
    "torch.ones(1)(2)": "for a product write `*`",
    "three = 3\nthree(4 + 5)": "for a product write `*`",
    "name = 'var_1'\nname()": "this cannot be called",
    "def product():\n    total = total + 1\nproduct()": "`total` is the function's own",
    "lss.backward()": "Nothing is called `lss` yet",
    "torch.tenser(1)": "There is no `tenser` in it",
    "torch.optim.SDG": "There is no `SDG` in it",
    f"{CLASS}def forward(self, x):\n        return self.m2(x)\nMyNetwork()(1)": "It has no `m2`",
    "range(1e2)": "A whole number is needed here",
    "for each in 100: pass": "`range(100)` can",
    "1 / 0": "divided by 0",
    "def again(): again()\nagain()": "calls itself without end",
    "for _ in range(3)\n    pass": "ends with a colon",
    "for _ in range(3):\npass": "four spaces",
    "loss = 1\n    loss = 2": "nothing before it begins a block",
    "if 1:\n    loss = 1\n  loss = 2": "equally far to the right",
    "if 1:\n\tloss = 1\n        loss = 2": "with spaces only",
    "print((1 + 2)\nloss = 3": "A `(` was opened",
    "print(1 + 2))": "There is a `)` too many",
    "print('loss)": "begun with a quotation mark",
    "if loss = 1: pass": "compared with `==`",
    "3 = loss": "the name stands at its left",
    "torch.tensor([1 2])": "a comma",
    "print 3": "`print(...)`",
    "loss = ": "the line before",
}  # fmt: skip
"""Programs, and words of what the error means that each ends with."""


def error_of(program: str) -> Exception:
    """What the program raises, whatever that is."""
    try:
        exec(program, {"torch": torch, "nn": nn})
    except Exception as error:
        return error
    raise AssertionError("it raised nothing")


@pytest.mark.parametrize(("program", "words"), PROGRAMS.items())
def test_the_error_is_explained(program: str, words: str) -> None:
    error = error_of(program)
    message = error.msg if isinstance(error, SyntaxError) else str(error)
    assert words in (meaning(type(error).__name__, message) or "")


@pytest.mark.parametrize(("error_type", "message"), [("RuntimeError", "out of memory"), ("KeyError", "'a'")])
def test_of_an_unknown_error_nothing_is_said(error_type: str, message: str) -> None:
    assert meaning(error_type, message) is None


@pytest.mark.parametrize(
    ("line", "words"),
    [("torch.tenser(1)", "`tenser` may be none of them"), ("torch.ones(1).numpy()", "chosen parts")],
)
def test_what_the_sandbox_leaves_out_is_explained(line: str, words: str) -> None:
    with borrowed():
        report = run_program(f"import torch\n{line}\n")
    assert report.error is not None
    assert words in (report.error.meaning or "")


def test_torch_s_other_words_for_two_dtypes_are_known_too() -> None:
    found = meaning("RuntimeError", "expected m1 and m2 to have the same dtype, but got: long int != float")
    assert "same kind" in (found or "") or "float32" in (found or "")
