"""Whatever a program makes of its own things, it is told how it ended."""

import pytest

from service.sandbox.interpreter import run_program
from service.sandbox.report import ProgramReport
from service.torch_state import borrowed

ODD = {
    "a network's parameters are a number": (
        "import torch.nn as nn\nclass M(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        "        self.parameters = 3\nm = M()\n"
    ),
    "a network's parameters raise": "import torch.nn as nn\nclass M(nn.Module):\n    def parameters(self): return 1 / 0\nm = M()\n",
    "a network's parameters are no tensors": "import torch.nn as nn\nclass M(nn.Module):\n    def parameters(self): return [1]\nm = M()\n",
    "a network calls itself without end": "import torch.nn as nn\nclass M(nn.Module):\n    def forward(self, x): return self.forward(x)\nm = M()\n",
    "an optimizer has no groups": "import torch\no = torch.optim.SGD([torch.ones(1)], lr=0.1)\no.param_groups.clear()\n",
    "an optimizer's group is a number": "import torch\no = torch.optim.SGD([torch.ones(1)], lr=0.1)\no.param_groups[0] = 3\n",
    "a learning rate is a text": "import torch\no = torch.optim.SGD([torch.ones(1)], lr=0.1)\no.param_groups[0]['lr'] = 'x'\n",
    "losses are no numbers": "class A:\n    def __float__(self): return 1 / 0\nlosses = [A(), A()]\n",
    "losses are too large": "losses = [10 ** 400, 10 ** 400]\n",
    "losses are complex": "import torch\nlosses = [torch.tensor(1j), torch.tensor(2j)]\n",
}

RAISED = {
    "raise ValueError('\\ud800')\n": "ValueError: ?",
    "class E(Exception):\n    def __str__(self): return 1 / 0\nraise E()\n": "E: <exception str() failed>",
    "def f(): f()\nf()\n": "RecursionError: maximum recursion depth exceeded",
}


def report_of(program: str) -> ProgramReport:
    with borrowed():
        report = run_program(program)
    return ProgramReport.model_validate_json(report.model_dump_json())


@pytest.mark.parametrize("about", ODD)
def test_it_ends_well(about: str) -> None:
    assert report_of(ODD[about]).error is None


@pytest.mark.parametrize("program", RAISED)
def test_its_error_is_told(program: str) -> None:
    report = report_of(program)
    assert report.error is not None
    assert report.error.text.startswith(RAISED[program])
