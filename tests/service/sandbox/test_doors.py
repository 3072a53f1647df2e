"""Whatever a program can reach by reading is none of the doors that lead out."""

import builtins
import gc
import types
import warnings
from collections import Counter
from collections.abc import Iterator
from typing import Any

import torch
from torch import nn

from service.sandbox.attributes import KNOWN, NAMES, attribute
from service.sandbox.guards import confined, program_scope
from service.sandbox.names import MODULES, Namespace
from service.sandbox.policy import compile_program
from service.torch_state import borrowed

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


def ran(program: str) -> None:
    with borrowed(), confined():
        exec(compile_program(program), program_scope(lambda *_: None, lambda *_: None))


class TestReading:
    """From all that a program begins with, and from things of each kind."""

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
        ran("class A: pass\nA().x = 1\n")
        gc.collect()
        before = len(KNOWN)
        ran("class A: pass\nA().x = 1\n")
        gc.collect()
        assert len(KNOWN) == before

    def test_torch_is_as_it_was(self) -> None:
        ran("import torch\ntorch.set_printoptions(precision=1)\ntorch.set_grad_enabled(False)\n")
        assert repr(torch.tensor(0.125)) == "tensor(0.1250)"
        assert torch.is_grad_enabled()
        assert nn.ModuleDict({"_x": nn.Identity()})["_x"]
