"""Ways out of a sandbox that are publicly known, and some that were found in this one: Python's own.

By kind, and by name. Each would go on after its last line, if it were let: the test puts a line there that
says so.
"""

GENERATOR = "def g():\n    yield 1\n"
ERROR = "try:\n    1 / 0\nexcept Exception as e:\n    "
CLASS = "class A:\n    def f(self): return 1\n"


BOLD, BOLD_SCRIPT, ITALIC = 0x1D41A, 0x1D4EA, 0x1D622
"""Where Unicode has small letters that Python reads as a, b, c, ..."""


def letters(text: str, first: int) -> str:
    """The text in other small letters, which Python reads as these."""
    return "".join(chr(ord(letter) - ord("a") + first) for letter in text)


def wide(text: str) -> str:
    """The text in fullwidth characters."""
    return "".join(chr(ord(letter) + 0xFEE0) for letter in text)


def methods(names: str, body: str = "return 1") -> dict[str, str]:
    """A class for each of the methods, which Python would call."""
    return {
        f"a class with {name}": f"class A:\n    def {name}(self, *args, **kwargs): {body}\nA()"
        for name in names.split()
    }


def reads(value: str, names: str, before: str = "") -> dict[str, str]:
    """For each of the names, a program that reads it of a value."""
    return {f"{value}.{name}": f"{before}({value}).{name}" for name in names.split()}


def sets(value: str, names: str, before: str = "") -> dict[str, str]:
    """For each of the names, a program that sets it of a value."""
    return {f"{value}.{name} set": f"{before}({value}).{name} = 1" for name in names.split()}


def binds(name: str) -> dict[str, str]:
    """All the ways to give a name another meaning."""
    return {
        f"{name} {how}": source.replace("NAME", name)
        for how, source in {
            "assigned": "NAME = lambda *a: 1",
            "assigned with others": "x, (NAME, y) = 1, (2, 3)",
            "assigned with a star": "x, *NAME = 1, 2",
            "assigned in a chain": "x = NAME = 1",
            "annotated": "NAME: int = 1",
            "augmented": "NAME += 1",
            "in a walrus": "(NAME := 1)",
            "of a loop": "for NAME in [1]: pass",
            "of a comprehension": "[NAME for NAME in [1]]",
            "of a with": "import torch\nwith torch.no_grad() as NAME: pass",
            "of an except": "try:\n    1 / 0\nexcept ZeroDivisionError as NAME: pass",
            "of an import": "import math as NAME",
            "of a from-import": "from math import pi as NAME",
            "of a function": "def NAME(): pass",
            "of a class": "class NAME: pass",
            "of an argument": "def f(NAME): pass",
            "of a positional-only argument": "def f(NAME, /): pass",
            "of a keyword-only argument": "def f(*, NAME=1): pass",
            "of all arguments": "def f(*NAME): pass",
            "of all keywords": "def f(**NAME): pass",
            "of a lambda": "lambda NAME: 1",
            "of a lambda's positional-only argument": "lambda NAME, /: 1",
            "global": "def f():\n    global NAME\n    NAME = 1\nf()",
            "nonlocal": "def f():\n    x = 1\n    def g():\n        nonlocal NAME",
            "deleted": "del NAME",
            "captured": "match 1:\n    case NAME: pass",
            "in a class": "class A:\n    NAME = 1",
        }.items()
    }


PYTHON: dict[str, dict[str, str]] = {
    "attributes": {
        **reads("1", "__class__ __class__.__base__.__subclasses__() __reduce_ex__ __getattribute__ __dir__"),
        **reads("()", "__class__.__bases__ __class__.__mro__ __doc__ __init__ __init_subclass__ __subclasshook__"),
        **reads("''", "__class__.__mro__[-1].__subclasses__() __format__ __getattribute__('__class__') __reduce__"),
        **reads("[]", "__class__ __setattr__ __delattr__ __sizeof__ __iter__ __getitem__ __class_getitem__"),
        **reads("f", "__globals__ __code__ __closure__ __builtins__ __defaults__ __kwdefaults__ __dict__ "
                "__get__ __call__ __module__ __qualname__ __annotations__ __wrapped__",
                "def f(x=1): return x\n"),
        **reads("A", "__dict__ __bases__ __mro__ mro __subclasses__ __module__ __init__ __weakref__ "
                "__abstractmethods__ __basicsize__ __text_signature__ f.__globals__", CLASS),
        **reads("A()", "__dict__ __class__ __module__ __weakref__ f.__func__ f.__self__", CLASS),
        **reads("len", "__self__ __module__ __call__ __text_signature__"),
        **reads("print", "__globals__ __closure__ __code__ __defaults__ __kwdefaults__"),
        **reads("type", "__call__ mro __subclasses__ __or__"),
        **reads("[].append", "__self__ __reduce__"),
        **reads("map(str, [])", "__reduce__ __next__"),
        **reads("iter(int, 1)", "__reduce__ __setstate__"),
        **reads("range(1)", "__reduce__ __iter__"),
        **reads("property(len)", "fget fset deleter __get__ __isabstractmethod__"),
        **reads("classmethod(len)", "__func__ __wrapped__ __get__"),
        **reads("staticmethod(len)", "__func__ __wrapped__"),
        **reads("object", "__subclasses__() __init__ __getattribute__ __new__ __reduce_ex__"),
        **reads("int", "from_bytes to_bytes mro __dict__ __new__"),
        **reads("str", "maketrans format format_map join __dict__"),
        **reads("'a'", "encode translate format_map __mod__"),
        **reads("b''", "decode hex __class__ join"),
        **reads("{}", "fromkeys __class__ __getitem__"),
        **reads("dict", "fromkeys get __dict__"),
    },
    "attributes by name": {
        "getattr": "getattr(1, '__class__')",
        "getattr, put together": "getattr(1, '__cla' + 'ss__')",
        "getattr, joined": "getattr((), ''.join(['_'] * 2 + ['class'] + ['_'] * 2)).x",
        "getattr of getattr": "getattr(getattr, '__globals__')",
        "getattr of len": "getattr(len, '__self__')",
        "mapped getattr": "list(map(getattr, [1], ['__class__']))",
        "sorting by getattr": "sorted(['__class__'], key=lambda name: getattr(1, name))",
        "the greatest by getattr": "max(['__class__', 'real'], key=lambda name: getattr(1, name))",
        "a text of numpy": "import numpy as np\ngetattr(1, np.array(['__class__'])[0])",
        "getattr of a frame": GENERATOR + "getattr(g(), 'gi_frame')",
        "getattr of a format": "getattr('{0.__class__}', 'format')(1)",
        "getattr of an error": ERROR + "getattr(e, '__traceback__').tb_frame",
        "getattr of a super": CLASS + "class B(A):\n    def f(self): return getattr(super(), '__thisclass__')\nB().f()",
        "one of our own names": "import torch\ngetattr(torch, 'names')",
    },
    "frames": {
        **reads("g()", "gi_frame gi_frame.f_back gi_code gi_yieldfrom gi_running send throw close", GENERATOR),
        **reads("x for x in ()", "gi_frame.f_back.f_back.f_globals gi_code.co_consts"),
        "a generator asks for its own frame (CVE-2023-37271)": (
            "def f():\n    yield g.gi_frame.f_back.f_back.f_globals\ng = f()\n[x for x in g]"
        ),
        "a coroutine": "async def f(): pass\nf().cr_frame",
        "ag_frame": "async def f():\n    yield 1\nf().ag_frame",
        "await": "async def f():\n    await f()\nf()",
        "an asynchronous loop": "async def f():\n    async for x in f(): pass",
        "an asynchronous with": "async def f():\n    async with f(): pass",
        **{
            f"{name} of a traceback": (
                "class A:\n    def __enter__(self): return self\n    def __exit__(self, kind, error, trace):\n"
                f"        trace.{name}\nwith A():\n    1 / 0"
            )
            for name in ("tb_frame", "tb_next", "tb_lineno", "tb_lasti", "tb_frame.f_back.f_builtins")
        },
    },
    "tracebacks and errors": {
        **reads(
            "e",
            "__traceback__ __traceback__.tb_frame.f_globals with_traceback add_note __context__ "
            "__cause__ __suppress_context__ __notes__ __setstate__ __class__",
            ERROR.rstrip() + "\n    kept = e\ne = kept\n",
        ),
        "what an attribute was asked of (CVE-2024-47532)": "try:\n    [].x\nexcept AttributeError as e:\n    e.obj",
        "what has no value": "try:\n    undefined\nexcept NameError as e:\n    e.name",
        "what was imported": "try:\n    raise ImportError('x')\nexcept ImportError as e:\n    e.path",
        "an error of the program with another's traceback": (
            "class E(Exception): pass\ntry:\n    raise E()\nexcept E as e:\n    raise E().with_traceback(e)"
        ),
        "except* (CVE-2025-22153)": "try:\n    1 / 0\nexcept* ZeroDivisionError as e:\n    pass",
        "all errors": "try:\n    1 / 0\nexcept BaseException:\n    pass",
        "the text that cannot be written": "try:\n    print(chr(0xD800))\nexcept ValueError as e:\n    e.object",
        "an error that a class writes": "class E(Exception):\n    def __getattr__(self, name): return name\nE().x",
    },
    "formats": {
        "an attribute": "'{0.__class__}'.format(1)",
        "an attribute without a number": "'{.real}'.format(1)",
        "an attribute of a name": "'{a.__init__.__globals__}'.format(a=print)",
        "an item": "'{0[0]}'.format([1])",
        "within a width (CVE-2023-41039)": "'{:{0.real}}'.format(1)",
        "within a width that is not used": "'{0:{1.__class__}}'.format(1, 2)",
        "converted": "'{0.__class__!r:>10}'.format(1)",
        "format_map": "'{a.__class__}'.format_map({'a': 1})",
        "of the class": "str.format('{0.__class__}', 1)",
        "of the class, mapped": "list(map(str.format, ['{0.__class__}'], [1]))",
        "of the class, as a key": "sorted(['{0.__class__}'], key=str.format)",
        "format_map of the class": "str.format_map('{a}', {'a': 1})",
        "an f-string": "f'{(1).__class__}'",
        "an f-string in an f-string": "f'{1:{(1).__class__}}'",
        "an f-string with =": "x = 1\nf'{x.__class__=}'",
        "%": "'%s' % (1).__class__",
        "a Formatter": "from string import Formatter",
        "a Template": "import string\nstring.Template('$x')",
        "a class that formats": "class A:\n    def __format__(self, spec): return spec\nf'{A():x}'",
        "a frame": "'{0.gi_frame.f_back}'.format(x for x in ())",
    },
    "classes": {
        **methods(
            "__getattr__ __getattribute__ __setattr__ __delattr__ __format__ __reduce__ __reduce_ex__ __del__ "
            "__new__ __init_subclass__ __class_getitem__ __set_name__ __mro_entries__ __subclasshook__ __get__ "
            "__set__ __index__ __instancecheck__ __prepare__ __dir__ __sizeof__ __getstate__ __setstate__ __await__ "
            "__aiter__ __missing__ __fspath__ __array__ __array_interface__ __array_ufunc__ __dlpack__ __buffer__ "
            "__bytes__ __complex__ __ror__ __or__ __deepcopy__ __torch_function__ __cuda_array_interface__"
        ),
        "a metaclass": "class A(metaclass=type): pass",
        "a metaclass of its own": "class A(metaclass=lambda *a: 1): pass",
        "keywords for a class": "class A(**{'metaclass': type}): pass",
        "__metaclass__": "__metaclass__ = type\nclass A: pass",
        "__slots__": "class A:\n    __slots__ = ()",
        "__class__ set": CLASS + "A().__class__ = int",
        "__class__ as a name": "class A:\n    def f(self): return __class__\nA().f()",
        "__dict__ set": CLASS + "A().__dict__ = {}",
        "__bases__ set": CLASS + "A.__bases__ = (int,)",
        "a property named __class__": "class A:\n    @property\n    def __class__(self): return int",
        "a method that is a lambda": "class A:\n    __getattr__ = lambda self, name: name",
        **{
            f"from {base}": f"import torch\nimport numpy as np\nclass A({base}): pass"
            for base in (
                "str", "int", "dict", "list", "tuple", "type", "type(1)", "property", "super", "torch.Tensor",
                "torch.nn.Parameter", "torch.Size", "torch.optim.SGD", "torch.utils.data.DataLoader", "np.float32",
                "torch.utils.data.TensorDataset", "torch.Generator", "torch.dtype", "list[int]", "print", "1",
                "torch.optim.lr_scheduler.StepLR", "KeyError", "StopIteration", "AttributeError", "type(None)",
            )
        },
        "made by type": "type('A', (), {})",
        "made by type of a class": CLASS + "type(A)('B', (), {})",
        "made by type, and asked": "type(1).mro(1)",
        "a function made": "def f(): pass\ntype(f)(1, {})",
        "a method made": CLASS + "type(A().f)(len, 1)",
        "a generator's class": GENERATOR + "type(g())()",
        "a module made": "import math\ntype(math)('os')",
        "type decorates": "@type\nclass A: pass\nA()",
        "super's class": CLASS + "class B(A):\n    def f(self): return super().__thisclass__\nB().f()",
        "super's self": CLASS + "class B(A):\n    def f(self): return super().__self__\nB().f()",
        "super kept": CLASS + "class B(A):\n    def f(self):\n        s = super()\n        return s.__init__\nB().f()",
        "super's setter": CLASS + "class B(A):\n    def f(self): super().__setattr__('x', 1)\nB().f()",
        "super's initializer set": CLASS + "class B(A):\n    def f(self): super().__init__ = 1\nB().f()",
        "super's initializer deleted": CLASS + "class B(A):\n    def f(self): del super().__init__\nB().f()",
        "super's initializer, asked": CLASS + "class B(A):\n    def f(self): return super().__init__.__self__\nB().f()",
        "super's initializer of a class": (
            "from torch import nn\nclass A(nn.Linear):\n    @classmethod\n    def f(cls): return super().__init__\nA.f()"
        ),
        "an initializer": CLASS + "A.__init__(A())",
        "nn.Module's initializer": "from torch import nn\nnn.Module.__init__(1)",
        "a function renamed": "def f(): pass\nf.x = 1",
        "a class's name set": CLASS + "A.__name__ = 'os'",
        "a module's name set": "__name__ = 'os'",
        "int changed": "int.x = 1",
        "object changed": "object.x = 1",
        "print changed": "print.x = 1",
        "Exception changed": "del Exception.args",
        "a class's item set": CLASS + "A[0] = 1",
    },
    "guards": {
        **binds("_getattr_"),
        **binds("super"),
        **{f"{guard} assigned": f"{guard} = 1" for guard in (
            "_write_", "_getitem_", "_getiter_", "_show_", "_import_", "_operators_", "_error_", "_tmp0", "print",
            "__builtins__", "__metaclass__", "__import__", "__build_class__", "__annotations__",
        )},
        "a guard asked for": "_getattr_(1, '__class__')",
        "the imports asked for": "_import_('os', None)",
        "the builtins asked for": "__builtins__['__import__']",
        "what is written to, caught": "import torch\nfor torch.ones(1).x in [1]: pass",
        "a temporary name": "class A: pass\nA.x = 1\nA.x += 1\n_tmp0",
        "an attribute of a loop": "class A: pass\nfor A.__class__ in [1]: pass",
        "an attribute of a with": "import torch\nclass A: pass\nwith torch.no_grad() as A.__dict__: pass",
        "an attribute unpacked": "class A: pass\n(A.__dict__, x) = 1, 2",
        "an attribute augmented": "class A: pass\nA.__dict__ |= {}",
        "an attribute augmented by a spy": (
            "from torch import nn\nclass Spy:\n    def __radd__(self, other): return other\n"
            "nn.Linear(1, 1).register_forward_hook += Spy()"
        ),
        "an attribute deleted": "class A: pass\ndel A.__dict__",
    },
    "names": {
        **{
            name: f"{name}({given})"
            for name, given in {
                "eval": "'1'", "exec": "'1'", "compile": "'1', '', 'eval'", "open": "'/etc/passwd'", "input": "",
                "breakpoint": "", "help": "", "globals": "", "locals": "", "vars": "", "dir": "", "memoryview": "b''",
                "setattr": "1, 'x', 2", "delattr": "1, 'x'", "bytearray": "1", "bytes": "1", "exit": "", "quit": "",
                "__import__": "'os'", "BaseException": "",
            }.items()
        },
        "eval, kept": "f = eval\nf('1')",
        "eval in a default": "def f(x=eval): return x\nf()('1')",
        "eval, decorating": "@eval\ndef f(): pass",
        "exec, mapped": "list(map(exec, ['1']))",
        "exec in a comprehension": "[f('1') for f in [exec]]",
        "exec in a lambda": "(lambda f=exec: f('1'))()",
        "globals in a class": "class A:\n    x = globals()",
        "eval by a walrus": "(f := eval)('1')",
        "print to a file": "print(1, file=1)",
        "a file by its separator": "print(1, 2, sep=b'')",
        **{name: name for name in ["__loader__", "__spec__", "__file__", "__doc__", "__package__", "__debug__", "__cached__"]},
    },
    "imports": {
        **{
            statement: statement
            for statement in (
                "import os", "import sys", "import builtins", "import importlib", "import subprocess",
                "import ctypes", "import inspect", "import gc", "import types", "import pickle", "import operator",
                "import functools", "import io", "import pathlib", "import socket", "import code",
                "import codecs", "import signal", "import threading", "import multiprocessing", "import abc",
                "import typing", "import string", "import posix", "import _io", "import service",
                "import service.sandbox.guards", "import os as torch", "import torch, os", "import os.path as math",
                "from os import system", "from sys import modules", "from builtins import eval",
                "from importlib import import_module", "from . import os", "from .. import service",
                "from .os import system", "from __future__ import annotations", "import __main__",
                "import torch.os", "import torch.sys", "import torch._C", "import torch.jit", "import torch.hub",
                "import torch.utils.cpp_extension", "import numpy.ctypeslib", "import numpy.f2py",
                "from torch import os", "from torch import sys", "from torch import _C", "from torch import *",
                "from torch import load", "from torch import builtins", "from torch import jit as nn",
                "from torch.utils import cpp_extension", "from torch.nn import *", "from torch.nn import Transformer",
                "from torch.nn import modules", "from torch.optim import Optimizer", "from torch.optim import LBFGS",
                "from math import __loader__", "from random import _os", "from random import SystemRandom",
                "from numpy import ctypeslib", "from numpy import load", "from numpy import *",
                "from torch.utils.data import IterableDataset", "from torch.utils.data import _utils",
                f"import {wide('os')}", f"from torch import {wide('load')}",
            )
        },
    },
}  # fmt: skip

NOWHERE: dict[str, str] = {
    "names that equal all": (
        "class Name:\n    def __eq__(self, other): return True\n    def __hash__(self): return hash('append')\n"
        "getattr([], Name())"
    ),
    "a name that is no text": "getattr(1, b'__class__')",
    "a fullwidth name": "getattr(1, '__class__'.replace('_', chr(0xFF3F)))",
    "hasattr tells all": "assert hasattr(1, '__class__')",
    "what type stands for": "type(print) | 1",
    "type, and another's method": "class A:\n    def __ror__(self, other): return other\ntype(print) | A()",
    "a fullwidth underscore": f"(1).{wide('__class__')}",
    "one fullwidth underscore": f"(1)._{wide('_')}class__",
    "a ligature": "class A: \N{LATIN SMALL LIGATURE FI}eld = 1\nA.field\nf = A.__dict__",
    "mathematical letters": f"{letters('eval', BOLD_SCRIPT)}('1')",
    "italic letters": f"{letters('open', ITALIC)}('file')",
    "a guard in fullwidth letters": f"{wide('_')}getattr_ = 1",
    "an argument in fullwidth letters": f"def f(_write{wide('_')}, /): pass",
    "a keyword in italics": f"class A({letters('metaclass', ITALIC)}=type): pass",
    "super in bold letters": f"{letters('super', BOLD)} = 1",
    "a null character": "x = 1\0\n(1).__class__",
    "half a character": "x = '\ud800'",
    "another encoding": "# coding: utf-7\nx = 1 # +AAo-ESCAPED = 1\nESCAPED",
    "a form feed": "x = 1\n\f(1).__class__",
    "a line that goes on": "(1).\\\n__class__",
    "a carriage return": "x = 1 #\r(1).__class__",
    "an attribute across lines": "((1)\n .\n __class__)",
    "many parentheses": "(" * 10_000 + ")" * 10_000,
    "many brackets": "x = " + "[" * 90 + "]" * 90 + "\nx" + "[0]" * 20_000,
    "many signs": "-" * 10_000 + "1",
    "many sums": "1" + "+1" * 20_000,
    "many attributes": "(1)" + ".real" * 20_000,
    "many calls": "f" + "()" * 20_000,
    "many lambdas": "lambda: " * 10_000 + "1",
    "many blocks": "".join(" " * depth + "if 1:\n" for depth in range(95)) + " " * 95 + "(1).__class__",
    "a number too long": "x = " + "9" * 10_000,
    "match, with attributes": "match 1:\n    case object(__class__=x): pass",
    "match, with a class": "match 1:\n    case int(real=x): pass",
    "match, with a value": "import math\nmatch 1:\n    case math.pi: pass",
    "match, with a mapping": "match {}:\n    case {**x}: pass",
    "a type alias": "type X = int",
    "a function with types": "def f[T](x: T): pass",
    "an annotation that is asked": "x: (1).__class__ = 1",
    "an annotation of an argument": "def f(x: (1).__class__): pass",
    "a default that is asked": "def f(x=(1).__class__): pass",
    "a decorator that is asked": "@(1).__class__\ndef f(): pass",
    "a base that is asked": "class A((1).__class__): pass",
    "a condition of a comprehension": "[x for x in [1] if x.__class__]",
    "a comprehension's source": "[x for x in (1).__class__.__mro__]",
    "a comprehension in a class": "class A:\n    x = [y.__class__ for y in [1]]",
    "a slice": "[1][(1).__class__:]",
    "a subscript's slice": "x = [1]\nx[0].__class__",
    "a message of an assertion": "assert 0, (1).__class__",
    "what is raised": "raise (1).__class__",
    "what is yielded": "def f():\n    yield (1).__class__\nlist(f())",
    "what is yielded from": "def f():\n    yield from (1).__class__.__mro__\nlist(f())",
    "a keyword's value": "print(end=(1).__class__)",
    "a star": "print(*(1).__class__.__mro__)",
    "two stars": "print(**(1).__dict__)",
}
"""Ways that lead nowhere by themselves: their errors may be Python's own."""
