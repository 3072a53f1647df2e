"""What a program may say is decided before it runs, and a refusal says where and what instead."""

import dis
import sys
from collections.abc import Iterator
from types import CodeType

import pytest

from service.sandbox.guards import program_scope
from service.sandbox.policy import PROGRAM_FILE, ProgramRefused, compile_program
from tests.service.sandbox.known_ways_out import ESCAPES
from tests.service.sandbox.language import PROGRAMS
from tests.service.sandbox.torch_language import TORCH

UNGUARDED = {"LOAD_ATTR", "LOAD_METHOD", "IMPORT_NAME", "IMPORT_FROM"}
GONE = {"LOAD_METHOD"} if sys.version_info >= (3, 12) else set[str]()
"""Methods are loaded by LOAD_ATTR since."""

REFUSED = {
    "import os": "`import os`: only torch, numpy, math and random can be imported here.",
    "from torch import nn, save": "torch has no `save` here",
    "from torch import *": "torch has no `*` here",
    "from . import x": "only torch",
    "import torch.jit": "that part of torch is not here.",
    "().__class__": "`.__class__` begins with an underscore: such names cannot be used here.",
    "_hidden = 1": "`_hidden` begins with an underscore",
    "def f(*, _x=1): pass": "`_x` begins with an underscore",
    "global _show_": "`_show_` begins with an underscore",
    "class A:\n    def __getattr__(self, name): pass": "`__getattr__` begins with an underscore",
    "super = 1": "`super` keeps its meaning here: choose another name.",
    "lambda print: 1": "`print` keeps its meaning here: choose another name.",
    "x = open('data.csv')": "`open` cannot be used in a program here: it has no files, and nobody to ask.",
    "eval('1')": "`eval` cannot be used in a program here: write the code itself.",
    "async def f(): pass": "`async def` cannot be used in a program here.",
    "match 1:\n    case 1: pass": "`match` cannot be used in a program here.",
    "try: pass\nexcept* ValueError: pass": "`except*` cannot be used in a program here.",
    "class A(metaclass=type): pass": "A class can be given nothing but the classes that it is made from here.",
    "x = " + "-" * 3000 + "1": "The program is nested too deeply.",
}


@pytest.mark.parametrize("line", REFUSED, ids=lambda line: line[:30])
def test_a_refusal_says_what_in_a_sentence(line: str) -> None:
    with pytest.raises(ProgramRefused) as refused:
        compile_program(line)
    assert REFUSED[line] in refused.value.sentence
    assert refused.value.sentence.endswith(".")


def test_it_says_the_line() -> None:
    with pytest.raises(ProgramRefused) as refused:
        compile_program("import torch\n\nx = torch.ones(\n    1\n).__class__\n")
    assert refused.value.line == 3


@pytest.mark.parametrize(
    ("program", "line", "message"),
    [
        ("x = 1\nfor _ in range(3)\n    pass\n", 2, "expected ':'"),
        ("x = (1\n", 1, "'(' was never closed"),
        ("x = 1\n    y = 2\n", 2, "unexpected indent"),
        ("for _ in range(3):\npass\n", 2, "expected an indented block after 'for' statement on line 1"),
        ("x = 1\nreturn x\n", 2, "'return' outside function"),
        ("x = 1\nbreak\n", 2, "'break' outside loop"),
        ("def f():\n    nonlocal x\n", 2, "no binding for nonlocal 'x' found"),
        ("x = 1\0", None, "source code string cannot contain null bytes"),
        ("x = '\ud800'", None, "surrogates not allowed"),
    ],
)
def test_python_says_itself_what_is_no_python(program: str, line: int | None, message: str) -> None:
    with pytest.raises(SyntaxError) as raised:
        compile_program(program)
    assert raised.value.lineno == line
    assert message in str(raised.value.msg)


def test_tracebacks_have_the_programs_lines() -> None:
    program = "import torch\n\ndef f(x):\n    y = x.reshape(7)\n    return y\n\nf(\n    torch.ones(3),\n)\n"
    with pytest.raises(RuntimeError) as raised:
        exec(compile_program(program), program_scope(lambda *_: None, lambda *_: None))
    lines: list[int] = []
    trace = raised.tb
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == PROGRAM_FILE:
            lines.append(trace.tb_lineno)
        trace = trace.tb_next
    assert lines == [7, 4]


def instructions(code: CodeType) -> Iterator[dis.Instruction]:
    yield from dis.get_instructions(code)
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield from instructions(each)


@pytest.mark.parametrize("about", [*PROGRAMS, *TORCH])
def test_no_attribute_is_read_and_nothing_imported_but_by_guards(about: str) -> None:
    guarded = {each.opname for each in instructions(compile_program((PROGRAMS | TORCH)[about]))}
    assert not guarded & UNGUARDED


def test_which_plain_python_does_by_these_instructions() -> None:
    program = "import torch\nfrom math import pi\ntorch.pi\ntorch.ones(pi).sum()\n"
    plain = {each.opname for each in instructions(compile(program, PROGRAM_FILE, "exec"))}
    assert plain >= UNGUARDED - GONE


@pytest.mark.parametrize("name", [name for name in ESCAPES if name.startswith("guards")])
def test_a_guards_name_is_refused_before_anything_runs(name: str) -> None:
    with pytest.raises(ProgramRefused):
        compile_program(ESCAPES[name])
