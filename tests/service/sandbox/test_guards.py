"""What a program's lines call: what is shown and where, which loop runs, and that values stay what they are."""

from typing import Any

import pytest
import torch
from torch import nn

from service.sandbox.guards import MAX_VALUES_PER_LINE, MORE, confined, program_scope
from service.sandbox.interpreter import MAX_OUTPUT_CHARACTERS, run_program
from service.sandbox.policy import compile_program
from service.sandbox.report import ProgramReport
from service.torch_state import borrowed

Shown = list[tuple[int, str, str]]


class Ran:
    """A program that ran, what it has shown, and the loops that began."""

    def __init__(self, program: str) -> None:
        self.shown: Shown = []
        self.loops: list[tuple[int, int]] = []
        self.scope = program_scope(
            lambda *shown: self.shown.append(shown),
            lambda _rounds, count, line: self.loops.append((count, line)),
        )
        with borrowed(), confined():
            exec(compile_program(program), self.scope)


def report_of(program: str) -> ProgramReport:
    with borrowed():
        return run_program(program)


class TestValues:
    def test_each_bare_expression_at_the_top_is_shown_and_none_too(self) -> None:
        assert Ran("1 + 1\n'a'\nNone\n[].append(1)\nx = 3\nx\n...").shown == [
            (1, "value", "2"),
            (2, "value", "'a'"),
            (3, "value", "None"),
            (4, "value", "None"),
            (6, "value", "3"),
            (7, "value", "Ellipsis"),
        ]

    def test_an_expression_over_several_lines_stands_at_its_first(self) -> None:
        assert Ran("\n(1 +\n 1)\n").shown == [(2, "value", "2")]

    def test_what_print_gives_back_is_not_shown(self) -> None:
        assert [kind for _, kind, _ in Ran("print(1)\n").shown] == ["printed"]

    def test_nor_are_docstrings_and_what_is_yielded(self) -> None:
        program = 'def f():\n    "text"\n    yield 1\nclass A:\n    "text"\n    x: int\nx = list(f())\n'
        assert Ran(program).shown == []

    def test_nor_is_a_generator_of_random_numbers(self) -> None:
        assert Ran("import torch\ntorch.manual_seed(0)\n").shown == []

    @pytest.mark.parametrize("block", ["for i in range(2):", "while next(numbers) < 2:"])
    def test_in_a_loop_none_is_not_shown(self, block: str) -> None:
        program = f"numbers = iter(range(9))\nlosses = []\n{block}\n    losses.append(1)\n    None\n    5\n"
        assert Ran(program).shown == [(6, "value", "5")] * 2

    def test_a_line_in_a_loop_shows_so_many_values(self) -> None:
        program = "for i in range(100):\n    i\n    -i\n"
        shown = Ran(program).shown
        values = [text for line, _, text in shown if line == 2]
        assert values == [*map(str, range(MAX_VALUES_PER_LINE)), MORE]
        assert len(shown) == 2 * (MAX_VALUES_PER_LINE + 1)

    def test_so_does_one_in_a_function_or_a_class(self) -> None:
        program = "def f():\n    7\nclass A:\n    8\n    None\nfor i in range(100):\n    f()\n"
        shown = Ran(program).shown
        assert shown.count((2, "value", "7")) == MAX_VALUES_PER_LINE
        assert shown.count((4, "value", "8")) == 1
        assert shown.count((2, "value", MORE)) == 1
        assert len(shown) == MAX_VALUES_PER_LINE + 2

    def test_within_an_if_or_a_with_it_is_as_at_the_top(self) -> None:
        program = "import torch\nif True:\n    None\nwith torch.no_grad():\n    None\n"
        assert Ran(program).shown == [(3, "value", "None"), (5, "value", "None")]

    def test_a_value_is_shown_as_its_class_says(self) -> None:
        program = "class A:\n    def __repr__(self):\n        return 'an A'\nA()\n"
        assert Ran(program).shown == [(4, "value", "an A")]


class TestPrint:
    def test_it_stands_at_the_line_that_called_it(self) -> None:
        program = "def say(x):\n    print(x)\nx = say(1)\nprint(\n    2,\n    3, sep='-', end='')\n"
        assert Ran(program).shown == [(2, "printed", "1\n"), (4, "printed", "2-3")]

    def test_also_where_it_is_called_by_another_function(self) -> None:
        program = "from torch import nn\nx = list(map(print, [1]))\nx = nn.ReLU().apply(print)\nx = sorted([2], key=print)\n"
        assert [(line, text) for line, _, text in Ran(program).shown] == [
            (2, "1\n"), (3, "ReLU()\n"), (4, "2\n"),
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("call", "error"),
        [
            ("print(1, sep=2)", "TypeError: sep must be None or a string, not int"),
            ("print(1, end=[])", "TypeError: end must be None or a string, not list"),
            (
                "print(chr(0xD800))",
                "UnicodeEncodeError: 'utf-8' codec can't encode character '\\ud800' in position 0: surrogates not allowed",
            ),
            ("print(1, colour=2)", None),
        ],
    )
    def test_it_refuses_what_python_refuses(self, call: str, error: str | None) -> None:
        report = report_of(call)
        assert report.error is not None
        assert error is None or report.error.text == error


class TestLoops:
    def test_a_loop_over_a_range_is_told_when_it_begins(self) -> None:
        program = "for i in range(3):\n    for j in range(5, 7):\n        pass\nx = [i for i in range(4)]\n"
        assert Ran(program).loops == [(3, 1), (2, 2), (2, 2), (2, 2), (4, 4)]

    def test_others_are_not(self) -> None:
        assert Ran("for i in [1]:\n    pass\nfor i, j in enumerate('ab'):\n    pass\n").loops == []

    def test_its_progress_can_be_read_while_it_runs(self) -> None:
        seen: list[int] = []

        def looped(rounds: Any, count: int, _line: int) -> None:
            scope["look"] = lambda: seen.append(count - rounds.__length_hint__())

        scope = program_scope(lambda *_: None, looped)
        exec(compile_program("for i in range(4):\n    look()\n"), scope)
        assert seen == [1, 2, 3, 4]


class TestNothingIsWrapped:
    def test_values_are_what_they_are_in_python(self) -> None:
        program = """
import torch
from torch import nn
class Net(nn.Module):
    pass
x = torch.ones(2)
x[0] += 1
x.grad = torch.zeros(2)
net, numbers, table, rows = Net(), [1, 2], {"a": 1}, range(3)
net.layer = nn.Linear(1, 1)
kind, same, weight = type(1), numbers, net.layer.weight
method, function = x.sum, torch.sum
"""
        scope: dict[str, Any] = Ran(program).scope
        weight = vars(scope["net"].layer)["_parameters"]["weight"]
        assert type(scope["x"]) is torch.Tensor
        assert isinstance(scope["net"], nn.Module)
        assert type(scope["net"]).__mro__[1] is nn.Module
        assert (type(scope["numbers"]), type(scope["table"]), type(scope["rows"])) == (list, dict, range)
        assert (scope["kind"], scope["same"]) == (int, scope["numbers"])
        assert scope["weight"] is weight
        assert scope["method"] == scope["x"].sum
        assert scope["function"] is torch.sum

    def test_a_program_finds_its_own_objects_in_its_networks(self) -> None:
        program = "from torch import nn\nclass A(nn.Module):\n    pass\na = A()\na.x = [1]\nprint(a.x is a.x, a.x)\n"
        assert Ran(program).shown == [(6, "printed", "True [1]\n")]


class TestReports:
    """Whatever a program leaves behind, it is told what happened."""

    @pytest.mark.parametrize(
        "program",
        {
            "a network without its beginning": (
                "from torch import nn\nclass A(nn.Module):\n    def __init__(self):\n        pass\na = A()\n"
            ),
            "parameters that are none": (
                "from torch import nn\nclass A(nn.Module):\n    def parameters(self):\n        return 5\na = A()\n"
            ),
            "no groups": (
                "import torch\nw = torch.ones(1, requires_grad=True)\ns = torch.optim.SGD([w], lr=1)\n"
                "s.param_groups.clear()\n"
            ),
            "groups that are none": (
                "import torch\nw = torch.ones(1, requires_grad=True)\ns = torch.optim.SGD([w], lr=1)\n"
                "s.param_groups[0] = 5\n"
            ),
            "a rate that raises": (
                "import torch\nw = torch.ones(1, requires_grad=True)\ns = torch.optim.SGD([w], lr=1)\n"
                "class R:\n    def __float__(self):\n        return {}['x']\ns.param_groups[0]['lr'] = R()\n"
            ),
            "losses of all kinds": "losses = [10 ** 400, 1j, None, 'a', True]\n",
            "tensors of all kinds": (
                "import torch\nx = torch.ones(1, device='meta')\ny = torch.ones(1) * 1j\nz = torch.empty(0)\n"
                "losses = [x, y, z]\n"
            ),
            "a list in itself": "losses = []\nlosses.append(losses)\nlosses.append(losses)\n",
            "a network that prints": (
                "from torch import nn\nclass A(nn.Linear):\n    def forward(self, x):\n        print(x)\n"
                "        return x\na = A(3, 5)\n"
            ),
        }.items(),
        ids=lambda program: program[0],
    )
    def test_it_is_told(self, program: tuple[str, str]) -> None:
        report = report_of(program[1])
        assert report.error is None
        assert not report.printed

    def test_of_an_error_that_cannot_say_what_it_is(self) -> None:
        program = "class E(Exception):\n    def __str__(self):\n        return 1 / 0\nraise E()\n"
        report = report_of(program)
        assert report.error is not None
        assert report.error.text == "E: <exception str() failed>"
        assert report.line == 4

    @pytest.mark.parametrize("catch", ["except:", "except Exception:"])
    def test_too_much_output_ends_it_though_all_errors_are_caught(self, catch: str) -> None:
        program = f"while True:\n    try:\n        print('x' * 1000)\n    {catch}\n        pass\n"
        report = report_of(program)
        assert report.error is not None
        assert "showed more than" in report.error.text
        assert len(report.printed) == MAX_OUTPUT_CHARACTERS
