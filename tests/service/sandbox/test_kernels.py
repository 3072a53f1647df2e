"""A program cannot lead torch's kernels beyond a tensor's end: what they rely on is looked at, or not here."""

import pytest
import torch

from service.sandbox.interpreter import run_program
from service.torch_state import borrowed
from tests.service.sandbox.conftest import PRODUCT

IMPORTS = "import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n"
FUSED = (
    "x = torch.ones(3, requires_grad=True)\no = torch.optim.{kind}([x], lr=1.0{fused})\nx.sum().backward()\n"
)

BEYOND = {
    "places of a pooling that are changed before it goes back": (
        "x = torch.ones(1, 1, 8, 8, requires_grad=True)\ny, i = F.max_pool2d(x, 2, return_indices=True)\n"
        "i.data.fill_(10 ** 9)\ny.sum().backward()\n",
        "`data` of a tensor of torch.int64 cannot be used here",
    ),
    "places that are replaced": (
        "i = torch.tensor([1])\ni.data = torch.tensor([7, 7])\n",
        "keeps its shape and dtype",
    ),
    "an input that is longer when it goes back": (
        "x = torch.ones(1, 3, requires_grad=True)\ny = F.layer_norm(x, (3,))\nx.data = torch.ones(9, 3)\n",
        "`data` keeps its shape and dtype here, (1, 3) and torch.float32; got (9, 3) and torch.float32",
    ),
    "numbers of another type": (
        "x = torch.ones(3)\nx.data = torch.ones(3).double()\n",
        "got (3,) and torch.float64",
    ),
    "a gradient that is shorter than its tensor": (
        f"{FUSED.format(kind='SGD', fused='')}x.grad.data = torch.ones(1)\n",
        "`data` keeps its shape",
    ),
    "a buffer that is shorter than its tensor": (
        f"{FUSED.format(kind='Adam', fused=', fused=True')}o.step()\n",
        "fused=True cannot be used here: leave it out",
    ),
    "an optimizer that becomes fused": (
        f"{FUSED.format(kind='SGD', fused='')}o.param_groups[0]['fused'] = True\no.step()\n",
        "fused=True cannot be used here",
    ),
    "an optimizer that becomes fused within its step": (
        f"{FUSED.format(kind='AdamW', fused='')}def closure():\n    o.param_groups[0]['fused'] = True\n    return x.sum()\n"
        "o.step(closure)\n",
        "fused=True cannot be used here",
    ),
    "a layer that does not look at its weights": ("nn.LSTM(2, 3)\n", "has no `LSTM` here"),
}


@pytest.mark.parametrize("about", BEYOND)
def test_it_is_refused(about: str) -> None:
    lines, said = BEYOND[about]
    with borrowed():
        report = run_program(f"{IMPORTS}{lines}")
    assert report.error is not None
    assert said in report.error.text
    assert report.line == (IMPORTS + lines).count("\n") or "pooling" in about


def test_data_is_otherwise_what_it_is() -> None:
    program = (
        f"{IMPORTS}w = torch.ones(2, requires_grad=True)\n(w * 3).sum().backward()\nw.data -= 0.1 * w.grad\n"
        "w.data = w.data * 2\nw.data[0] = 5\nw.grad.data.zero_()\nlayer = nn.Linear(1, 1)\n"
        "layer.weight.data.fill_(2)\nlayer.bias.data = torch.zeros(1)\nprint(w, w.grad, layer(torch.ones(1)).item())\n"
    )
    with borrowed():
        report = run_program(program)
    assert report.error is None
    assert report.printed == "tensor([5.0000, 1.4000], requires_grad=True) tensor([0., 0.]) 2.0\n"


def test_afterwards_torch_has_its_kernels_again() -> None:
    kernel = vars(torch)["_fused_sgd_"]
    with borrowed():
        run_program(PRODUCT.format(rounds=1))
    assert vars(torch)["_fused_sgd_"] is kernel
