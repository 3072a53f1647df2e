"""While a program runs: what it shows, where its loops begin, and that nothing it can read is a door."""

import builtins
import gc
import types
import warnings
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import torch
from torch import nn

from service.sandbox.attributes import KNOWN, NAMES, attribute
from service.sandbox.guards import MAX_VALUES_PER_LINE, confined, program_scope
from service.sandbox.names import MODULES, Namespace
from service.sandbox.policy import compile_program
from service.torch_state import borrowed

Shown = list[tuple[int, str, str]]


def shown_by(program: str) -> Shown:
    """What the program shows: the line, the kind and the text of each."""
    shown: Shown = []
    scope = program_scope(lambda *told: shown.append(told), lambda *_: None)
    with borrowed(), confined():
        exec(compile_program(program), scope)
    return shown


def values(program: str) -> list[tuple[int, str]]:
    return [(line, text) for line, kind, text in shown_by(program) if kind == "value"]


class TestShown:
    def test_a_value_alone_on_a_line_is_shown_as_python_writes_it(self) -> None:
        assert values("1 + 1\nNone\n'a'\n[1, 2.5]\nx = 3\nx\n") == [
            (1, "2"),
            (2, "None"),
            (3, "'a'"),
            (4, "[1, 2.5]"),
            (6, "3"),
        ]

    def test_what_a_call_gives_is_too_even_if_it_is_nothing(self) -> None:
        program = "import torch\nx = torch.ones(1, requires_grad=True)\nx.sum().backward()\nx.grad\n"
        assert values(program) == [(3, "None"), (4, "tensor([1.])")]

    def test_what_stands_in_a_condition_or_a_with_is_at_the_top_too(self) -> None:
        assert values("import torch\nif True:\n    None\nwith torch.no_grad():\n    None\n") == [
            (3, "None"),
            (5, "None"),
        ]

    def test_in_loops_functions_and_classes_nothing_is_not_shown(self) -> None:
        program = (
            "for i in range(2):\n    i\n    None\ndef f():\n    None\n    return 7\nclass A:\n    None\nf()\n"
        )
        assert values(program) == [(2, "0"), (2, "1"), (9, "7")]

    def test_a_line_that_runs_often_shows_its_first_values(self) -> None:
        found = values("n = 0\nwhile n < 100:\n    n += 1\n    n + 0\n    n * 2\n")
        assert [text for line, text in found if line == 4] == [
            str(n) for n in range(1, MAX_VALUES_PER_LINE + 1)
        ]
        assert len(found) == 2 * MAX_VALUES_PER_LINE

    def test_what_print_gives_is_not_nor_docstrings_and_yields(self) -> None:
        assert values("print('x')\ndef f():\n    '''Of f.'''\n    yield 1\n[*f()]\n") == [(5, "[1]")]

    def test_print_tells_its_line_and_all_that_it_wrote_at_once(self) -> None:
        program = "def f():\n    print(1, 2, sep='-', end='!')\nx = f()\nprint()\nprint('a\\nb')\n"
        assert shown_by(program) == [(2, "printed", "1-2!"), (4, "printed", "\n"), (5, "printed", "a\nb\n")]

    def test_print_tells_the_programs_line_when_torch_calls_it(self) -> None:
        program = "import torch.nn as nn\nn = nn.ReLU()\nn = n.apply(print)\n"
        assert shown_by(program) == [(3, "printed", "ReLU()\n")]

    @pytest.mark.parametrize("given", ["sep=1", "end=2", "file=3"])
    def test_print_takes_what_pythons_takes_but_no_file(self, given: str) -> None:
        with pytest.raises(TypeError):
            shown_by(f"print(1, {given})\n")


class TestLoops:
    def test_a_loop_over_a_range_tells_that_it_begins_and_how_far_it_is(self) -> None:
        loops: list[tuple[Any, int, int]] = []
        left: list[int] = []
        scope = program_scope(
            lambda *_: left.append(loops[0][0].__length_hint__()), lambda *begun: loops.append(begun)
        )
        program = "for i in range(3):\n    for j in range(0, 10, 2):\n        pass\n    print(i)\nfor x in [1]: pass\n"
        exec(compile_program(program), scope)
        assert [(length, line) for _, length, line in loops] == [(3, 1), (5, 2), (5, 2), (5, 2)]
        assert left == [2, 1, 0]


FORBIDDEN_TYPES = (
    types.ModuleType,
    types.CodeType,
    types.FrameType,
    types.TracebackType,
    types.CellType,
    types.MappingProxyType,
)
FORBIDDEN_NAMES = "open eval exec compile __import__ globals vars setattr"
FORBIDDEN = [type, *(getattr(builtins, name) for name in FORBIDDEN_NAMES.split())]
OF_A_TYPE = 12
"""Things of one type that are looked at."""

PROGRAM = """
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset, TensorDataset

class A(nn.Module):
    def __init__(self):
        super().__init__()
        self.x = 1
        self.m1 = nn.Linear(2, 2)
    @property
    def p(self):
        return self.x
    @staticmethod
    def s():
        pass

class E(Exception):
    pass

class D(Dataset):
    pass

def f():
    yield 1

@torch.no_grad()
def h():
    pass

a, e, d, g = A(), E(1), D(), f()
loader = DataLoader(TensorDataset(torch.ones(2)))
iterator, alone, kind, kinds = iter(loader), (lambda: 0), type(h), type(type(h))
x = torch.tensor([1.0, 2.0], requires_grad=True)
many = [x, x.sum().grad_fn, x.max(dim=0), x.shape, x.dtype, x.device, torch.finfo(torch.float32), torch.Generator()]
network = nn.Sequential(nn.Linear(2, 2), nn.ReLU(), nn.LayerNorm(2), nn.GRU(2, 2), nn.ModuleList([nn.Tanh()]))
optimizer = torch.optim.Adam(network.parameters())
more = [optimizer, torch.optim.lr_scheduler.StepLR(optimizer, 1), network.parameters(), network.state_dict()]
plain = [[1], {"a": 1}, "a", (1,), {1}, 1, 1.0, 1j, range(3), slice(1), None, ..., ValueError(1), StopIteration(2)]
import numpy as np
arrays = [np.ones(2), np.ones(2)[0], np.random.default_rng(0)]
"""


class TestDoors:
    """Whatever can be reached by reading, from all that a program begins with and from things of each kind."""

    def test_nothing_that_can_be_read_is_one(self) -> None:
        scope = program_scope(lambda *_: None, lambda *_: None)
        with borrowed(), confined(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            exec(compile_program(PROGRAM), scope)
            looked_at = self._walk(scope)
        assert looked_at.total() > 1500
        assert looked_at[torch.Tensor] > OF_A_TYPE

    def _walk(self, scope: dict[str, Any]) -> Counter[type]:
        names = {**scope["__builtins__"], **scope}
        waiting = [(name, thing) for name, thing in names.items() if not name.startswith("_")]
        waiting += MODULES.items()
        looked_at: Counter[type] = Counter()
        while waiting:
            path, thing = waiting.pop()
            assert not isinstance(thing, FORBIDDEN_TYPES), path
            assert not any(thing is each for each in FORBIDDEN), path
            looked_at[type(thing)] += 1
            # Each tensor gives others, without end; of each type some are asked for all their names.
            if not isinstance(thing, type) and looked_at[type(thing)] > OF_A_TYPE:
                continue
            waiting += [(f"{path}.{name}", found) for name, found in self._readable(thing)]
            if isinstance(thing, list | tuple | dict):
                parts = [*thing.items()] if isinstance(thing, dict) else [*thing]
                waiting += [(f"{path}[...]", part) for part in parts[:20]]
        return looked_at

    def _readable(self, thing: Any) -> Iterator[tuple[str, Any]]:
        own = thing.names if isinstance(thing, Namespace) else ()
        for name in {*dir(thing), *own, "__class__", "__dict__", "__globals__"}:
            try:
                found = attribute(thing, name)
            except Exception:  # refused, or not there
                continue
            assert not name.startswith("_") or name in ("__name__", "__version__", "__init__"), name
            yield name, found

    def test_what_the_tables_name_is_there(self) -> None:
        for kind in (torch.Tensor, list, dict, str, set, frozenset, tuple):
            assert NAMES[kind] <= {*dir(kind)}, kind

    def test_no_name_that_can_be_imported_begins_with_an_underscore(self) -> None:
        for title, module in MODULES.items():
            assert not [name for name in module.names if name.startswith("_") and name != "__version__"], (
                title
            )

    def test_what_a_program_makes_is_gone_with_it(self) -> None:
        shown_by("class A: pass\nA().x = 1\n")
        gc.collect()
        before = len(KNOWN)
        shown_by("class A: pass\nA().x = 1\n")
        gc.collect()
        assert len(KNOWN) == before

    def test_torch_is_as_it_was(self) -> None:
        shown_by("import torch\ntorch.set_printoptions(precision=1)\ntorch.set_grad_enabled(False)\n")
        assert repr(torch.tensor(0.125)) == "tensor(0.1250)"
        assert torch.is_grad_enabled()
        assert nn.ModuleDict({"_x": nn.Identity()})["_x"]
