"""Each known way out of the first wall is refused before it leads anywhere."""

import re
import warnings

import pytest
import torch

from service.sandbox.interpreter import run_program
from service.sandbox.report import ProgramReport
from service.torch_state import borrowed
from tests.service.sandbox.escapes import NOWHERE, PYTHON
from tests.service.sandbox.torch_escapes import NOWHERE_THROUGH_TORCH, THROUGH_TORCH

ESCAPES = {
    (kind, name): source
    for kinds in (PYTHON, THROUGH_TORCH)
    for kind, programs in kinds.items()
    for name, source in programs.items()
}
REFUSED = re.compile(
    "such names cannot be used here|cannot be used in a program here|cannot be used here"
    "|can be imported here|is not here|has no `.*` here|keeps its meaning here|cannot be the base of a class here"
    "|can be given nothing but|can be written only as|takes one value here|cannot be made here"
    "|cannot be changed here|cannot be set here|cannot be deleted here|only a number or a name can stand there"
    "|cannot become a tensor here|holds numbers only here|with num_workers=0|is no number|must be None or a string"
)
"""What the wall says: where one of these is the error, no other error came before it."""


def report_of(program: str) -> ProgramReport:
    with borrowed(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return run_program(program)


def refusal_of(source: str) -> str:
    """The error of a program that would tell if it had not ended there."""
    report = report_of(f"{source}\nprint('ESCAPED')\n")
    assert not report.printed
    assert report.error is not None
    return report.error.text


@pytest.mark.parametrize(("kind", "name"), ESCAPES)
def test_it_is_refused(kind: str, name: str) -> None:
    assert REFUSED.search(refusal_of(ESCAPES[kind, name]))


@pytest.mark.parametrize("name", NOWHERE | NOWHERE_THROUGH_TORCH)
def test_it_leads_nowhere(name: str) -> None:
    refusal_of((NOWHERE | NOWHERE_THROUGH_TORCH)[name])


def test_there_are_many() -> None:
    assert len(set(ESCAPES.values())) > 900
    assert not set(ESCAPES.values()) & set(NOWHERE.values())


LEAVES = """
import random
import torch
from torch import nn
left = torch.ones(3)
class Left(nn.Module):
    value = 1
net = Left()
net.value
random.seed(0)
torch.set_printoptions(precision=1)
torch.set_grad_enabled(False)
print(random.random(), left / 3)
"""


class TestOneAfterAnother:
    """Programs in one process find nothing of each other."""

    @pytest.mark.parametrize("name", ["left", "Left", "net", "_getattr_"])
    def test_names_are_gone(self, name: str) -> None:
        report_of(LEAVES)
        report = report_of(f"print({name})")
        assert report.error is not None
        assert not report.printed

    def test_classes_are_gone(self) -> None:
        report_of(LEAVES)
        report = report_of("from torch import nn\nprint(len(nn.Module.__subclasses__()))")
        assert not report.printed

    def test_random_numbers_begin_anew(self) -> None:
        first = report_of(LEAVES).printed.split()[0]
        again = report_of("import random\nprint(random.random())").printed.strip()
        assert again != first
        assert again != report_of("import random\nprint(random.random())").printed.strip()

    def test_torch_is_as_it_was(self) -> None:
        assert "0.3" in report_of(LEAVES).printed
        report = report_of("import torch\nprint(torch.ones(1) / 3, torch.is_grad_enabled())")
        assert report.printed == "tensor([0.3333]) True\n"
        assert torch.is_grad_enabled()
        assert not hasattr(torch.nn.Module, "__array__")
        # What the wall watches while a program runs is watched no longer.
        torch.nn.Module().register_buffer("_named", torch.ones(1))

    def test_what_a_class_had_does_not_let_another_through(self) -> None:
        report_of("from torch import nn\nclass A(nn.Linear):\n    compile = 1\nprint(A(1, 1).compile)")
        assert "cannot be used here" in refusal_of("from torch import nn\nnn.Linear(1, 1).compile")
