"""Programs that say what learners say, by what they are about: each prints what it prints in plain Python."""

PROGRAMS = {
    "functions": """
def scaled(x, by=2, *others, sign: int = 1, **named) -> float:
    "A function with all kinds of arguments."
    return sign * x * by + sum(others) + sum(named.values())

print(scaled(1), scaled(1, 3), scaled(1, 3, 4, 5), scaled(2, sign=-1), scaled(1, 1, 1, extra=10))
given, named = [1, 2, 3], {"sign": -1}
print(scaled(*given, **named), scaled(*given, 4), (lambda x, *, y=2: x ** y)(3))
""",
    "closures": """
def counter():
    count = 0
    def step():
        nonlocal count
        count += 1
        return count
    return step

total = 0
def add(number):
    global total
    total += number

step = counter()
step(), step()
add(step())
print(total)
""",
    "generators": """
def squares(n):
    for i in range(n):
        got = yield i * i
    return "end"

def both():
    yield from squares(3)
    yield from (x + 0.5 for x in range(2))

print(list(both()), sum(x for x in squares(5)), next(iter(squares(9))))
try:
    next(squares(0))
except StopIteration as stop:
    print(stop.value)
first, *rest = squares(4)
print(first, rest)
""",
    "comprehensions": """
print([x * y for x in range(3) for y in range(3) if x != y])
print({x: x ** 2 for x in range(3)}, {x % 2 for x in range(5)})
print({name: len(name) for name in ["a", "bb"]}, [a + b for a, b in zip([1, 2], [3, 4])])
print([[row[i] for row in [[1, 2], [3, 4]]] for i in range(2)], [(i, a) for i, (a, _) in enumerate([(5, 6)])])
""",
    "texts": """
value, name, width = 3.14159, "loss", 10
print(f"{value:.2f} {name!r} {name:>{width}}| {value!s:<8}| {1e-6:.1e} {1234567:,} {0.25:.0%} {value=}")
print("%d of %5.2f and %s, %r" % (3, value, name, name), "%(a)s" % {"a": 1})
print("{} {:.3f} {name!r:>8}".format(1, 2.0, name=name), "{1} {0:{width}}".format(1, 2, width=4), format(value, ".3f"))
print(name.upper(), " a b ".strip().split(), "-".join(["x", "y"]), name.replace("l", "m"), name.startswith("lo"))
print("a\\tb", 'it''s', r"\\n", "x" * 3, name[::-1], name[1:3], "o" in name, ascii("é"), chr(97), ord("a"))
print("a,b".partition(","), "abc".find("c"), "7".zfill(3), "A".lower().isdigit(), "\\n".join(map(str, range(2))))
""",
    "printing": """
print("a", 1, 2.5, None, True, sep=", ", end="!\\n")
print()
print("no newline", end="")
print(" here", flush=True)
print(*[1, 2, 3], sep="\\n")
print(print, sep=None) if False else None
""",
    "errors": """
def risky(kind):
    try:
        if kind == 0:
            return 1 / kind
        if kind == 1:
            raise ValueError("no", kind)
        return {}["missing"]
    except ZeroDivisionError as error:
        print("zero:", error)
    except (ValueError, TypeError) as error:
        print(error.args, repr(error))
    except:
        print("another")
    else:
        print("fine")
    finally:
        print("finally", kind)

for kind in range(3):
    risky(kind)

class NoData(Exception):
    pass

try:
    try:
        raise NoData("none")
    except NoData as error:
        raise RuntimeError("outer") from error
except RuntimeError as error:
    print(type(error).__name__, error)
assert 1 == 1, "fine"
try:
    assert 1 == 2, "not equal"
except AssertionError as error:
    print(error)
""",
    "loops": """
n = 0
while True:
    n += 1
    if n == 3:
        continue
    if n > 5:
        break
else:
    print("never")
while n:
    n -= 1
else:
    print("else", n)
for i in range(10, 0, -3):
    print(i, end=" ")
else:
    print()
for i, (x, y) in enumerate(zip([1, 2], [3, 4]), start=1):
    print(i, x, y)
for [a, b] in [(1, 2)]:
    print(a, b)
for key, value in {"a": 1}.items():
    print(key, value)
""",
    "assignments": """
a = b = c = 1
a, b = b + 1, a
(a, (b, *c)), d = (1, (2, 3, 4)), 5
[x, y], z = "ab", 6
print(a, b, c, d, x, y, z)
numbers = iter(range(10))
pair = (p, q) = next(numbers), next(numbers)
print(pair, p, q, next(numbers))
values: list[int] = [1, 2, 3]
values[0], values[-1] = values[-1], values[0]
values[1:2] = [7, 8]
del values[0], d
values += [9]
values *= 2
values[0] += 10
values[1:3] += [0]
print(values, (n := 10) + n)
if (half := n // 2) > 3:
    print(half)
count: int
table = {"lr": 1.0}
table["lr"] *= 0.5
table["n"] = table.get("n", 0) + 1
table.update(x=1)
print(table, 7 // 2, 7 % 3, -7 // 2, 2 ** -1, 1 << 4, 6 & 3, 6 | 3, 6 ^ 3, ~1, not 1, 1 if n else 2)
""",
    "order of an augmented assignment": """
class Box:
    def __init__(self):
        self.n = 1

    def grow(self):
        self.n = 100
        return 1

box = Box()
box.n += box.grow()
print(box.n)
boxes = [box]
def which():
    print("asked once")
    return 0
boxes[which()].n -= 1
print(box.n)
""",
    "built-in functions": """
pairs = [("b", 2), ("a", 3), ("c", 1)]
print(sorted(pairs), sorted(pairs, key=lambda pair: pair[1], reverse=True), max(pairs, key=lambda p: p[1]))
print(list(map(lambda x: x + 1, [1, 2])), list(filter(None, [0, 1])), any([0, 1]), all([]), sum([1, 2], 3))
print(list(reversed([1, 2])), divmod(7, 2), abs(-3), round(2.567, 1), pow(2, 3, 5), min(3, 1), bin(5), hex(255))
print(int("7"), float("1e3"), str(1), bool([]), list("ab"), tuple([1]), set([1, 1]), dict(a=1), complex(1, 2))
print(isinstance(1, int), isinstance(1, (str, float)), issubclass(bool, int), callable(print), len("abc"))
print(list(enumerate("ab", 1)), list(zip("ab", range(2))), range(3), slice(1, 2), frozenset([1]), next(iter([5])))
print(getattr(3, "real"), getattr(3, "nothing", "default"), hasattr([], "append"), hasattr(3, "nothing"))
""",
    "types": """
import torch
import torch.nn as nn
x = torch.ones(2)
print(type(1), type("a"), type(None), type([]), type(x), type(sum) == type(len), type(x) == torch.Tensor)
print(type(1) is int, type(x) is torch.Tensor, type(1) in (int, float), type(x).__name__, int.__name__)
print(isinstance(x, torch.Tensor), isinstance(1, torch.Tensor), isinstance(nn.Linear(1, 1), nn.Module))
print(torch.Tensor, type, type(type(1)), type(1) != type(1.0), isinstance(x, (int, torch.Tensor)))
def shape(x: torch.Tensor | None, y: "list[int]" = []) -> torch.Size:
    return x.shape
class Mine(nn.Module): pass
print(type(Mine()), Mine, type(Mine()) is Mine, type(Mine())().training, Mine.__name__, shape.__name__)
print(issubclass(Mine, nn.Module), issubclass(nn.Parameter, torch.Tensor), isinstance(Mine, type))
""",
    "classes": """
class Vector:
    "A vector."
    made = 0

    def __init__(self, *numbers):
        self.numbers = list(numbers)
        Vector.made += 1

    def __repr__(self):
        return f"Vector({', '.join(map(str, self.numbers))})"

    def __len__(self): return len(self.numbers)
    def __getitem__(self, index): return self.numbers[index]
    def __setitem__(self, index, value): self.numbers[index] = value
    def __iter__(self): return iter(self.numbers)
    def __contains__(self, x): return x in self.numbers
    def __add__(self, other): return Vector(*(a + b for a, b in zip(self, other)))
    def __mul__(self, by): return Vector(*(a * by for a in self))
    def __eq__(self, other): return self.numbers == other.numbers
    def __hash__(self): return hash(tuple(self.numbers))
    def __lt__(self, other): return sum(self) < sum(other)
    def __call__(self, x): return [n * x for n in self]
    def __bool__(self): return bool(self.numbers)
    def __float__(self): return float(sum(self))
    def __str__(self): return "<" + repr(self) + ">"
    def __neg__(self): return self * -1
    def __abs__(self): return sum(n * n for n in self) ** 0.5

    @property
    def norm(self):
        return abs(self)

    @norm.setter
    def norm(self, value):
        self.numbers = [n * value / abs(self) for n in self]

    @staticmethod
    def zeros(n):
        return Vector(*[0] * n)

    @classmethod
    def ones(cls, n):
        return cls(*[1] * n)

a, b = Vector(3, 4), Vector(1, 2)
a[0] += 1
print(a, repr(b), len(a), a[0], list(a), 2 in b, a + b, a * 2, a == Vector(4, 4), a < b, a(2), bool(Vector()))
print(float(a), -a, a.norm, Vector.zeros(2), Vector.ones(2), Vector.made, sorted([a, b]), len({a, b, Vector(1, 2)}))
b.norm = 10
b.extra = "set"
print(b.norm, b.extra, hasattr(b, "more"), getattr(b, "extra"))
del b.extra
print(hasattr(b, "extra"))
""",
    "inheritance": """
class Base:
    kind = "base"

    def __init__(self, n):
        self.n = n

    def hello(self):
        return f"{self.kind} {self.n}"

class Mixin:
    def twice(self):
        return self.n * 2

class Derived(Mixin, Base):
    kind = "derived"

    def __init__(self, n):
        super().__init__(n + 1)

    def hello(self):
        return super().hello() + "!" + super(Derived, self).hello()

d = Derived(1)
print(d.hello(), d.twice(), isinstance(d, Base), Base.hello(d), Derived.kind)
Base.bye = lambda self: "bye"
print(d.bye())
del Base.bye
print(hasattr(d, "bye"))
""",
    "decorators and with": """
def logged(function):
    def wrapper(*args, **kwargs):
        print("calling", args, kwargs)
        return function(*args, **kwargs)
    return wrapper

def repeat(times):
    def decorate(function):
        def wrapper(*args):
            return [function(*args) for _ in range(times)]
        return wrapper
    return decorate

@logged
@repeat(2)
def double(x):
    return 2 * x

class Timer:
    def __enter__(self):
        print("enter")
        return self, 1

    def __exit__(self, kind, error, trace):
        print("exit", error)
        return True

print(double(3))
with Timer() as (timer, one), Timer():
    raise ValueError("inside")
if __name__ == "__main__":
    print("main", one)
""",
    "a name like one of Python's": """
input, dir, vars = 1, 2, 3
def compile(format, open=4):
    return format + open
print(input + dir + vars, compile(1))
list_ = [id for id in range(3)]
print(list_, sum([1]))
""",
    "modules": """
import math, random
import math as m
from math import pi, sqrt as root
import numpy as np
import torch, torch.nn, torch.optim as optim
from torch import nn, tensor
from torch.nn import functional as F, Linear
import torch.nn.functional
from torch.optim import SGD, Adam
from torch.optim.lr_scheduler import StepLR
from torch.utils.data import Dataset, TensorDataset, DataLoader
print(math.sqrt(2), m.floor(2.5), pi, root(9), math.inf, math.isnan(math.nan), m.exp(1), torch.nn is nn)
random.seed(1)
print(random.random(), random.randint(1, 6), random.choice("abc"), random.sample(range(9), 2))
random.shuffle(numbers := [1, 2, 3])
print(numbers, F is torch.nn.functional, torch.__version__, random.uniform(0, 1), random.gauss(0, 1))
print(np.arange(3).tolist(), np.tile([1, 2], (2, 1)).sum(axis=0), np.random.default_rng(0).normal())
""",
}
"""By what they are about."""

REFUSED = {
    "import os": "`import os`: only torch, numpy, math and random can be imported here.",
    "x = 1\nfrom matplotlib import pyplot": (
        "`from matplotlib import ...`: only torch, numpy, math and random can be imported here; a list of losses "
        "is drawn by itself."
    ),
    "import torch.cuda": "`import torch.cuda`: that part of torch is not here.",
    "from torch import load": "`from torch import load`: torch has no `load` here.",
    "from torch import *": "`from torch import *`: torch has no `*` here.",
    "import torch\ntorch.save": "AttributeError: <module 'torch'> has no `save` here: programs have no files",
    "import torch\ntorch.ones(1).numpy()": (
        "AttributeError: `numpy` of a Tensor cannot be used here: `.tolist()` gives its numbers"
    ),
    "open('file')": "`open` cannot be used in a program here: it has no files, and nobody to ask.",
    "exec('1')": "`exec` cannot be used in a program here: write the code itself.",
    "setattr(1, 'a', 2)": "`setattr` cannot be used in a program here.",
    "async def f(): pass": "`async def` cannot be used in a program here.",
    "_x = 1": "`_x` begins with an underscore: such names cannot be used here.",
    "x = 1\nx.__class__": "`.__class__` begins with an underscore: such names cannot be used here.",
    "super = 1": "`super` keeps its meaning here: choose another name.",
    "class A(metaclass=type): pass": (
        "A class can be given nothing but the classes that it is made from here."
    ),
    "class A(str): pass": "TypeError: <class 'str'> cannot be the base of a class here",
    "x = (1).__init__()": "`.__init__` can be written only as `super().__init__()` here.",
    "'{0.real}'.format(1)": (
        "ValueError: `{0.real}`: only a number or a name can stand there here; write an f-string"
    ),
    "from torch.utils.data import DataLoader\nDataLoader([1], num_workers=2)": (
        "ValueError: num_workers=2: here data is loaded with num_workers=0"
    ),
}
"""What each program is told that says what is not allowed, at its last line."""
