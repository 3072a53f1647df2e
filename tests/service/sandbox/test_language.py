"""What learners write runs, and prints exactly what it prints in plain Python."""

import contextlib
import io
import re
import warnings

import pytest
import torch

from service import (
    EXERCISES,
    MISTAKES,
    RitualOptions,
    TrainingService,
    calculate,
    dissect,
    network_program,
    press_through,
    ritual_program,
    tensor_program,
    training_program,
)
from service.sandbox.interpreter import run_program
from service.sandbox.report import ProgramReport
from service.torch_state import borrowed
from tests.service.sandbox.language import PROGRAMS, REFUSED
from tests.service.sandbox.torch_language import TORCH
from tests.service.takeaway.test_programs import AUTOGRAD, TRAININGS

Printed = tuple[str, str | None]
"""What a program prints, and the error that it ends with."""


def in_plain_python(program: str) -> Printed:
    error = None
    with borrowed(), contextlib.redirect_stdout(io.StringIO()) as printed, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.manual_seed(0)
        try:
            exec(compile(program, "program.py", "exec"), {"__name__": "__main__"})
        except Exception as raised:
            error = f"{type(raised).__name__}: {raised}"
        torch.set_printoptions(profile="default")
    return without_addresses(printed.getvalue()), error


def here(program: str) -> Printed:
    report = report_of(program)
    return without_addresses(report.printed), report.error and report.error.text


def report_of(program: str) -> ProgramReport:
    with borrowed(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.manual_seed(0)
        return run_program(program)


def without_addresses(text: str) -> str:
    return re.sub(r"0x[0-9a-f]+", "0x", text)


@pytest.mark.parametrize("about", [*PROGRAMS, *TORCH])
def test_it_prints_what_plain_python_prints(about: str) -> None:
    program = (PROGRAMS | TORCH)[about]
    printed, error = in_plain_python(program)
    assert error is None
    assert printed
    assert here(program) == (printed, None)


@pytest.mark.parametrize("name", TRAININGS)
def test_so_does_the_program_of_a_training(lab: TrainingService, name: str) -> None:
    task, options, trainings = TRAININGS[name]
    model = lab.create_model(task, **options)
    for training in trainings:
        lab.train(model.id, **{**AUTOGRAD, **training})
    same(training_program(lab.snapshot(model.id)))


def test_so_does_that_of_a_training_on_an_added_data_set(lab: TrainingService) -> None:
    text = "a,b,c,y1,y2,y3,y4,y5\n1,2,3,1,2,3,4,5\n0.5,-2,3e-3,0,-2,3,4,5\n-1,0,1,-1,0,1,2,3"
    dataset = lab.add_dataset(text).name
    model = lab.create_model("challenge", hidden=[4], activation="relu")
    for training in ({"held_out": 0.4}, {"order": "shuffled", "batch_size": 2, "optimizer": "adamw"}):
        lab.train(model.id, dataset=dataset, steps=10, **training, **AUTOGRAD)
    same(training_program(lab.snapshot(model.id)))


@pytest.mark.parametrize("name", MISTAKES)
def test_so_do_the_mistakes(name: str) -> None:
    for program in (MISTAKES[name].start, MISTAKES[name].solution):
        assert here(shortened(program)) == in_plain_python(shortened(program))


@pytest.mark.parametrize("name", EXERCISES)
def test_so_do_the_solutions_of_exercises(name: str) -> None:
    same(shortened(EXERCISES[name].solution))


def shortened(program: str) -> str:
    """The program with shorter loops: how long it trains is not what this is about."""
    return re.sub(r"range\(\d{3,}\)", "range(50)", program)


def test_so_do_the_programs_of_the_lessons() -> None:
    options = RitualOptions(fresh=False)
    dissection = dissect([4, 3], "tanh", 11, [1.5, -2, 3])
    same(tensor_program(calculate("[[1., 2.5], [3, 4]]", "@", "[1e-3, -7.1]")))
    same(tensor_program(calculate("[inf, -inf, nan, 1e400]", "*", "1e39")))
    same(ritual_program(options, press_through(options, "BBF" * 3 + "BOR" * 5)))
    same(network_program(dissection, 11))


def same(program: str) -> None:
    printed, error = in_plain_python(program)
    assert error is None
    assert here(program) == (printed, None)


@pytest.mark.parametrize("program", REFUSED)
def test_what_is_refused_is_told_in_one_sentence(program: str) -> None:
    report = report_of(program)
    assert report.error is not None
    assert report.error.text == REFUSED[program]
    assert report.line == len(program.splitlines())
    assert not report.printed


@pytest.mark.parametrize(
    "program",
    ["for", "x = (1", "def f(:\n    pass", "  x = 1", "return 1", "x = 1 +", "f(a=1, 2)", "nonlocal x", "'a"],
)
def test_a_syntax_error_is_pythons_own(program: str) -> None:
    with pytest.raises(SyntaxError) as raised:
        compile(program, "program.py", "exec")
    report = report_of(program)
    assert report.error is not None
    assert report.error.text == f"{raised.type.__name__}: {raised.value.msg}"
    assert report.line == raised.value.lineno


def test_the_line_of_an_error_is_the_programs() -> None:
    program = "import torch\n\nclass A:\n    def f(self):\n        return torch.ones(2) @ torch.ones(3)\n\nA().f()\n"
    assert report_of(program).line == 5
    assert report_of("import torch\n\nclass A(torch.Size):\n    pass\n").line == 3
