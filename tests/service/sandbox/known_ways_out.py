"""Ways out of sandboxes of Python that are publicly known, and doors that torch has of its own.

Each is a program that ends well where it gets what it asks for: in plain Python all do. They read what
they should not be able to read, and do no harm.
"""

ATTRIBUTES = """
=== the class of a tuple
().__class__
=== the classes of all things
().__class__.__base__.__subclasses__()
=== the order of inheritance
"".__class__.__mro__[-1].__subclasses__()
=== mro() of a class of Python
int.mro()
=== mro() of a class of one's own
class A: pass
A.mro()
=== mro() through an instance's type
class A: pass
type(A()).mro()
=== bases
class A: pass
A.__bases__[0]
=== the dict of an instance
class A: pass
A().__dict__
=== the dict of a class
class A: pass
A.__dict__
=== a function's globals
def f(): pass
f.__globals__
=== a lambda's globals
(lambda: 0).__globals__["__builtins__"]
=== a function's code
def f(): pass
f.__code__.co_consts
=== code put into a function
def f(): return 1
def g(): return 2
f.__code__ = g.__code__
assert f() == 2
=== a function's closure
def f(x):
    return lambda: x
f(1).__closure__[0].cell_contents
=== a function's defaults
def f(x=1): pass
f.__defaults__ = (2,)
=== a function's keyword defaults
def f(*, x=1): pass
f.__kwdefaults__
=== a function's annotations
def f(x: int): pass
f.__annotations__
=== a function's dict
def f(): pass
f.__dict__["x"] = 1
=== a function's module
def f(): pass
f.__module__
=== the function of a method
class A:
    def f(self): pass
A().f.__func__.__globals__
=== the function of a method, by its old name
class A:
    def f(self): pass
A().f.im_func if hasattr(A().f, "im_func") else A().f.__func__
=== the instance of a method
[].append.__self__
=== the module of a builtin
print.__self__
=== the module of len
len.__self__.__dict__
=== the builtins of a function
def f(): pass
f.__builtins__["open"]
=== torch's globals through a function
import torch.nn.functional as F
F.relu.__globals__
=== torch's globals through a method of a class
import torch.nn as nn
nn.Module.__init__.__globals__
=== torch's globals through super
import torch.nn as nn
class M(nn.Module):
    def __init__(self):
        self.door = super().__init__.__globals__
M()
=== torch's globals through a bound method
import torch
torch.optim.SGD([torch.ones(1, requires_grad=True)], lr=1.0).step.__func__.__globals__
=== what a wrapper wraps
import torch
@torch.no_grad()
def f(): pass
f.__wrapped__.__globals__
=== the dict of a module
import math
math.__dict__
=== the loader of a module
import math
math.__loader__
=== the spec of a module
import torch
torch.__spec__.loader
=== the file of a module
import torch
torch.__file__
=== the getter of a property
class A:
    @property
    def x(self): return 1
A.x.fget.__globals__
=== the getter of a property, by name only
class A:
    @property
    def x(self): return 1
A.x.fget
=== the function of a static method
class A:
    f = staticmethod(lambda: 0)
    g = f.__func__
=== the slots of a class
class A:
    __slots__ = ("x",)
A.x.__get__
=== reduce
(1).__reduce_ex__(2)
=== dir of a thing
[].__dir__()
=== doc
().__doc__.__class__
=== the size of a thing
[].__sizeof__()
=== getattribute
().__getattribute__("__class__")
=== object's getattribute
object.__getattribute__((), "__class__")
=== setattr of object
class A: pass
object.__setattr__(A(), "x", 1)
=== init of a class that is not the one above
class A: pass
A.__init__(A())
=== the class of self
class A:
    def f(self): return self.__class__
A().f()
=== the class cell
class A:
    def f(self): return __class__
A().f()
=== call through dunder
print.__call__("x")
=== a subclass hook
object.__subclasshook__
=== init_subclass
object.__init_subclass__
"""

FORMATS = """
=== format reads a class
"{0.__class__}".format(1)
=== format reads a class by its name
"{x.__class__.__mro__}".format(x=1)
=== format reads globals
def f(): pass
"{0.__globals__[__builtins__]}".format(f)
=== format without attributes, unbound
str.format("{}", 1)
=== format_map
"{x.__class__}".format_map({"x": 1})
=== format_map unbound
str.format_map("{x}", {"x": 1})
=== format by getattr
getattr("{0.__class__}", "format")(1)
=== format by getattr of the class
getattr(str, "format")("{0.__class__}", 1)
=== format by getattr of a name put together
getattr("{0.__class__}", "for" + "mat")(1)
=== format as a key
max(["{{0.__class__}}", "x"], key=str.format)
=== format mapped
list(map(str.format, ["{0.__class__}"], [1]))
=== format of a joined text
"".join(["{0", ".__class__}"]).format(1)
=== format by the type of a text
type("").format("{0.__class__}", 1)
=== format by super
class S(str):
    def go(self): return super().format(1)
S("{0.__class__}").go()
=== format inherited
class S(str): pass
S("{0.__class__}").format(1)
=== format of a subclass, unbound
class S(str): pass
S.format("{0.__class__}", 1)
=== format under another name
class S(str):
    shape = str.format
S("{0.__class__}").shape(1)
=== an item by format
"{0[0]}".format([1])
=== an attribute in the width of a format
"{0:>{1.real}}".format("x", 3)
=== a format that is put together while it runs
("{0." + "real}").format(1)
=== an f-string's expression
f"{().__class__}"
=== an f-string's nested format
f"{1:{().__class__.__name__.__class__()}}"
=== an f-string's debug form
f"{().__class__=}"
=== an f-string within an f-string
f"{f'{().__class__}'}"
=== percent with a mapping that is looked into
class M:
    def __getitem__(self, name): return self.__class__
"%(x)s" % M()
=== a formatter
import string
string.Formatter().format("{0.__class__}", 1)
=== a formatter's field
import string
string.Formatter().get_field("0.__class__.__mro__", (1,), {})[0]
=== a formatter from the error of a module
import string
try:
    string.nothing
except AttributeError as e:
    e.obj.Formatter
=== a template
from string import Template
Template("$x").substitute(x=1)
=== attrgetter
from operator import attrgetter
attrgetter("__class__.__mro__")(1)
=== methodcaller
from operator import methodcaller
methodcaller("__subclasses__")(object)
=== __format__ defined
class A:
    def __format__(self, spec): return spec
assert f"{A():x}" == "x"
=== __format__ called
(1).__format__("d")
=== logging style
import logging
logging.Formatter("{x.__class__}", style="{")
"""

FRAMES = """
=== a generator's frame
g = (x for x in [1])
g.gi_frame
=== a generator's frame and its globals
def f():
    yield 1
f().gi_frame.f_globals
=== frames behind a generator that runs (CVE-2023-37271)
def f():
    yield g.gi_frame.f_back.f_back
g = f()
frame = next(g)
=== frames in a comprehension that runs (CVE-2023-37271)
q = (q.gi_frame.f_back.f_globals for _ in [1])
[*q][0]
=== a generator's code
(x for x in [1]).gi_code
=== what a generator yields from
def f():
    yield from [1]
f().gi_yieldfrom
=== a generator's frame by getattr
getattr((x for x in [1]), "gi_frame")
=== a generator's frame by a name put together
getattr((x for x in [1]), "gi_" + "frame")
=== a generator's builtins
(x for x in [1]).gi_frame.f_builtins["open"]
=== a generator's locals
(x for x in [1]).gi_frame.f_locals
=== a coroutine's frame
async def f(): pass
c = f()
c.cr_frame
c.close()
=== a coroutine's origin
async def f(): pass
c = f()
c.cr_await
c.close()
=== an asynchronous generator's frame
async def f():
    yield 1
f().ag_frame
=== a coroutine run by hand
async def f(): return 1
c = f()
try:
    c.send(None)
except StopIteration as e:
    assert e.value == 1
=== await in a class of one's own
class A:
    def __await__(self):
        yield self
async def f(): await A()
c = f()
c.send(None)
c.close()
=== the frame of torch's generator
import torch.nn as nn
nn.Linear(1, 1).parameters().gi_frame.f_globals
=== the frame of a traceback
try:
    1 / 0
except Exception as e:
    e.__traceback__.tb_frame.f_globals
=== the frame of a traceback, by name only
try:
    1 / 0
except Exception as e:
    getattr(getattr(e, "__traceback__"), "tb_frame")
=== the next traceback
try:
    1 / 0
except Exception as e:
    tb = e.__traceback__
    tb.tb_next
=== sys._getframe
import sys
sys._getframe()
=== inspect
import inspect
inspect.currentframe()
=== a frame given to __exit__
class A:
    def __enter__(self): return self
    def __exit__(self, kind, error, traceback):
        self.frame = traceback.tb_frame
        return True
with A() as a:
    1 / 0
a.frame
=== frames by throwing into a generator
def f():
    try:
        yield 1
    except ValueError as e:
        yield e.__traceback__.tb_frame.f_back
g = f()
next(g)
g.throw(ValueError())
=== the globals of the frame before
def f():
    yield (lambda: 0).__code__
next(f())
"""

ERRORS = """
=== with_traceback
try:
    1 / 0
except Exception as e:
    e.with_traceback(None)
=== add_note
try:
    1 / 0
except Exception as e:
    e.add_note("x")
=== the cause
try:
    raise ValueError() from KeyError()
except Exception as e:
    e.__cause__
=== the context
try:
    try:
        1 / 0
    except Exception:
        raise ValueError()
except Exception as e:
    e.__context__.__traceback__
=== the object of an AttributeError (CVE-2024-47532)
import math
try:
    math.nothing
except AttributeError as e:
    e.obj
=== the object of an AttributeError of torch's
import torch
try:
    torch.nothing
except AttributeError as e:
    assert e.obj
=== the object of an AttributeError of a module's getattr
import torch.nn as nn
try:
    nn.Linear(1, 1).nothing
except AttributeError as e:
    e.name, e.obj
=== the name of a NameError
try:
    nothing
except NameError as e:
    assert e.name == "nothing"
=== the file of an OSError
try:
    raise OSError(2, "x", "file")
except OSError as e:
    e.filename
=== the path of an ImportError
try:
    raise ImportError("x", path="y")
except ImportError as e:
    e.path
=== the text of a SyntaxError
try:
    raise SyntaxError("x", ("f", 1, 1, "t"))
except SyntaxError as e:
    e.filename, e.text
=== the class of an error
try:
    1 / 0
except Exception as e:
    e.__class__.__base__.__subclasses__()
=== setstate of an error
try:
    1 / 0
except Exception as e:
    e.__setstate__({"x": 1})
    assert e.x == 1
=== an attribute on an error
e = ValueError()
e.x = 1
=== a group of errors (CVE-2025-22153)
try:
    raise ExceptionGroup("x", [ValueError()])
except* ValueError as e:
    e.exceptions
=== an error group by its name
ExceptionGroup("x", [ValueError()]).split(ValueError)
=== except with a class that lies
class Lie(type):
    def __instancecheck__(cls, thing): return True
class E(Exception, metaclass=Lie): pass
=== except with an underscore
try:
    1 / 0
except Exception as _error:
    _error
=== reraise with another traceback
try:
    1 / 0
except Exception as e:
    e.__traceback__ = None
=== a unicode error's object
try:
    "é".encode("ascii")
except UnicodeError as e:
    e.object
=== the last error
import sys
try:
    1 / 0
except Exception:
    sys.exc_info()[2]
=== the errors of traceback
import traceback
traceback.extract_stack()
=== an error that shows more than it has
class E(Exception):
    def __getattr__(self, name): return name
E().anything
"""

TYPES = """
=== type makes a class
type("A", (), {})
=== type makes a class with a magic method
type("A", (), {"__getattr__": lambda self, name: 1})().x
=== the type of a type
type(type(1))("A", (), {})
=== a type's name for its module
type(1).__module__
=== calling the type of a function
type(lambda: 0)((lambda: 0).__code__, {})
=== calling the type of a module
import math
type(math)("x")
=== calling the type of a generator's code
type((lambda: 0).__code__)
=== calling the type of a cell
def f(x):
    return lambda: x
type(f(1).__closure__[0])(2)
=== the type of None makes None
assert type(None)() is None
=== the type of a method makes methods
class A:
    def f(self): return self
type(A().f)(lambda self: self, 3)()
=== the subclasses of what type gives
type(()).__subclasses__()
=== a metaclass
class M(type): pass
class A(metaclass=M): pass
=== a metaclass as a function
class A(metaclass=lambda name, bases, body: body): pass
assert isinstance(A, dict)
=== a metaclass by unpacking
class A(**{"metaclass": lambda name, bases, body: body}): pass
assert isinstance(A, dict)
=== a class on type
class M(type): pass
M("A", (), {})
=== a class on a text
class S(str):
    def startswith(self, *_): return False
S("__class__").upper()
=== a class on a list
class L(list): pass
L().append(1)
=== a class on a dict with __missing__
class D(dict):
    def __missing__(self, key): return key
D()["x"]
=== a class on a number
class I(int):
    def __index__(self): return 1
I(3)
=== a class on a tensor
import torch
class T(torch.Tensor): pass
T([1.0])
=== a class on a tensor with __torch_function__
import torch
class T(torch.Tensor):
    @classmethod
    def __torch_function__(cls, func, types, args=(), kwargs=None):
        return func
torch.sum(torch.ones(1).as_subclass(T))
=== __torch_function__ on a thing
import torch
class T:
    @classmethod
    def __torch_function__(cls, func, types, args=(), kwargs=None):
        return "all"
assert torch.sum(T()) == "all"
=== a class on an optimizer
import torch
class O(torch.optim.SGD): pass
O([torch.ones(1, requires_grad=True)], lr=1.0)
=== a class on a parameter
import torch.nn as nn, torch
class P(nn.Parameter): pass
P(torch.ones(1))
=== a class on super
class S(super): pass
S(int, 1)
=== a class on property
class P(property): pass
P().fget
=== __getattr__
class A:
    def __getattr__(self, name): return name
A().x
=== __getattribute__
class A:
    def __getattribute__(self, name): return name
A().x
=== __setattr__
class A:
    def __setattr__(self, name, value): raise SystemExit
A()
=== __class_getitem__
class A:
    def __class_getitem__(cls, item): return cls
A[1]
=== __init_subclass__
class A:
    def __init_subclass__(cls): cls.x = 1
class B(A): pass
assert B.x == 1
=== __set_name__
class D:
    def __set_name__(self, owner, name): owner.found = name
class A:
    d = D()
assert A.found == "d"
=== __get__
class D:
    def __get__(self, thing, owner): return owner
class A:
    d = D()
A().d
=== __del__
class A:
    def __del__(self): pass
A()
=== __reduce__
class A:
    def __reduce__(self): return (print, ())
A()
=== __new__
class A:
    def __new__(cls): return cls
A()
=== __class__ as a property
class A:
    __class__ = property(lambda self: int)
assert isinstance(A(), int)
=== __instancecheck__
class M:
    def __instancecheck__(self, thing): return True
assert isinstance(1, M())
=== __mro_entries__
class M:
    def __mro_entries__(self, bases): return (int,)
class A(M()): pass
=== __prepare__
class M(type):
    @classmethod
    def __prepare__(cls, *_): return {}
class A(metaclass=M): pass
=== __array_interface__
import numpy as np
class A:
    __array_interface__ = {"shape": (1,), "typestr": "<i8", "data": (id(1), True), "version": 3}
np.array(A())
=== __array__
import torch, numpy
class A:
    def __array__(self, *_, **__): return numpy.ones(1)
numpy.asarray(A()) + 1
=== __index__
class A:
    def __index__(self): return 1
[1, 2][A()]
=== __fspath__
class A:
    def __fspath__(self): return "/"
A()
=== __buffer__
class A:
    def __buffer__(self, flags): return memoryview(b"x")
A()
=== a magic method as an attribute of the class
class A:
    __call__ = lambda self: 1
A()()
=== a magic method set on a class
class A: pass
A.__call__ = lambda self: 1
A()()
=== a method set on a class of torch
import torch.nn as nn
nn.Module.door = 1
=== a method set on a class by setattr
class A: pass
setattr(A, "f", lambda self: 1)
A().f()
=== the class of an instance set
class A: pass
class B: pass
a = A()
a.__class__ = B
"""

BUILTINS = """
=== open
open("/etc/hostname")
=== eval
eval("1")
=== exec
exec("x = 1")
=== compile
compile("1", "x", "eval")
=== globals
globals()["__builtins__"]
=== locals
locals()
=== vars
vars()
=== vars of a thing
class A: pass
vars(A())
=== dir
dir()
=== getattr of a class
getattr((), "__class__")
=== getattr of a name put together
getattr((), "__cl" + "ass__")
=== getattr with a default
assert getattr((), "__class__", None) is not None
=== getattr of torch
import torch
getattr(torch, "load")
=== getattr mapped
list(map(getattr, [()], ["__class__"]))
=== getattr with a name that is no text
class S(str): pass
getattr((), S("__class__"))
=== hasattr tells
assert hasattr((), "__class__")
=== setattr of a class
class A: pass
setattr(A(), "__class__", A)
=== setattr of a name with an underscore
class A: pass
setattr(A(), "_x", 1)
=== setattr on a module
import math
setattr(math, "pi", math.pi)
=== delattr
class A:
    def __init__(self): self.x = 1
delattr(A(), "x")
=== input
input
=== breakpoint
breakpoint
=== help
help
=== memoryview
memoryview(b"x")
=== bytearray
bytearray(b"x")
=== bytes
bytes(3)
=== __import__
__import__("os")
=== __builtins__
__builtins__
=== __loader__
__loader__
=== __spec__
__spec__
=== __build_class__
__build_class__
=== __debug__
__debug__
=== __doc__
__doc__
=== exit
exit
=== quit
quit
=== copyright
copyright
=== license
license
=== aiter
aiter
=== SystemExit
SystemExit
=== BaseException
BaseException
=== builtins
import builtins
builtins.open
=== print to a file
import sys
print("x", file=sys.stderr)
=== print to what has a write
class W:
    def write(self, text): self.text = text
    def flush(self): pass
w = W()
print("x", file=w)
assert w.text
=== encode
"x".encode()
=== maketrans and translate
"x".translate(str.maketrans("x", "y"))
=== eval under another name
e = eval
e("1")
=== eval in a list
[eval][0]("1")
=== eval mapped
list(map(eval, ["1"]))
=== exec as a decorator
@exec
@(lambda f: "x = 1")
def f(): pass
=== eval as a default
def f(e=eval): return e("1")
f()
=== open as a key
max(["/etc/hostname"], key=open)
=== from_bytes
int.from_bytes([1], "big")
=== fromhex
float.fromhex("0x1")
"""

IMPORTS = """
=== os
import os
os.getpid()
=== os under another name
import os as torch
=== os within a function
def f():
    import os
    return os
f()
=== os within a class
class A:
    import os
A.os
=== sys
import sys
sys.modules
=== subprocess
import subprocess
=== socket
import socket
=== ctypes
import ctypes
=== importlib
import importlib
importlib.import_module("os")
=== from importlib
from importlib import import_module
=== pickle
import pickle
=== gc
import gc
gc.get_objects()
=== types
import types
types.FunctionType
=== io
import io
io.open
=== pathlib
from pathlib import Path
Path("/").exists()
=== threading
import threading
=== multiprocessing
import multiprocessing
=== collections
import collections
=== functools
from functools import reduce
=== operator
import operator
operator.attrgetter("__class__")(1)
=== two at once
import math, os
=== from os import star
from os import *
=== from torch import star
from torch import *
=== from math import star
from math import *
=== torch's os
from torch import os
os.getpid()
=== torch's os as an attribute
import torch
torch.os.getpid()
=== torch's sys
import torch
torch.sys.modules
=== torch's builtins
import torch
torch.builtins.open
=== torch's importlib
import torch
torch.importlib
=== torch.nn's modules
import torch.nn as nn
nn.modules.module.torch
=== torch.nn.functional's importlib
import torch.nn.functional as F
F.importlib
=== torch.nn.functional's warnings
import torch.nn.functional as F
F.warnings.sys
=== torch.optim's modules
import torch
torch.optim.lr_scheduler.math
=== a deeper module of torch
import torch.serialization
=== a deeper module of torch, from
from torch.utils import cpp_extension
=== a module of torch with an underscore
from torch import _C
=== an underscore as an attribute
import torch
torch._C
=== a module that begins like an allowed one
import torch.optim.sgd
=== a name with an underscore from an allowed module
from torch.nn import _reduction
=== under a name of the guards
import torch as _getattr_
=== under the name of super
import torch as super
=== random's os
import random
random._os
=== random's system
import random
random.SystemRandom()
=== random's class
import random
random.Random.__init__
=== math's loader
from math import __loader__
=== numpy's ctypes
import numpy
numpy.ctypeslib
=== numpy's os
import numpy.lib.format
=== numpy.load
import numpy as np
np.load
=== antigravity
import this
=== code
import code
code.InteractiveInterpreter
"""

TORCH = """
=== torch.load
import torch
torch.load
=== torch.save
from torch import save
=== torch.jit
import torch
torch.jit.script
=== torch.hub
import torch
torch.hub.load
=== torch.ops
import torch
torch.ops.load_library
=== torch.classes
import torch
torch.classes.load_library
=== torch.compile
import torch
torch.compile
=== torch.fx
import torch
torch.fx.symbolic_trace
=== torch.package
import torch
torch.package
=== torch.library
import torch
torch.library.Library
=== torch.multiprocessing
import torch
torch.multiprocessing
=== torch.distributed
import torch
torch.distributed
=== torch.utils.cpp_extension
import torch
import torch.utils.cpp_extension
torch.utils.cpp_extension.load
=== torch.utils.model_zoo
import torch
torch.utils.data._utils
=== from_file
import torch
torch.from_file("/etc/hostname", size=1, dtype=torch.uint8)
=== UntypedStorage.from_file
import torch
torch.UntypedStorage.from_file("/etc/hostname", False, 1)
=== UntypedStorage
import torch
torch.UntypedStorage(8)
=== FloatStorage
import torch
torch.FloatStorage
=== frombuffer
import torch
torch.frombuffer(bytearray(8), dtype=torch.uint8)
=== asarray of bytes
import torch
torch.asarray(b"x", dtype=torch.uint8)
=== from_numpy
import torch, numpy
torch.from_numpy(numpy.ones(1))
=== from_dlpack
import torch
torch.from_dlpack(torch.ones(1))
=== to_dlpack
import torch
torch.utils.dlpack.to_dlpack(torch.ones(1))
=== a tensor's numpy
import torch
torch.ones(1).numpy()
=== a tensor's __array__
import torch
torch.ones(1).__array__()
=== a tensor's storage
import torch
torch.ones(1).untyped_storage()
=== a tensor's typed storage
import torch
torch.ones(1).storage()
=== a tensor's address
import torch
torch.ones(1).data_ptr()
=== a tensor set to another's storage
import torch
torch.ones(1).set_(torch.ones(1))
=== as_strided
import torch
torch.ones(4).as_strided((2,), (1,))
=== resize_
import torch
torch.ones(4).resize_(100)
=== reduce_ex of a tensor
import torch
torch.ones(1).__reduce_ex__(2)
=== setstate of a tensor
import torch
torch.ones(1).__setstate__
=== a hook on a tensor
import torch
torch.ones(1, requires_grad=True).register_hook(print)
=== a hook after a gradient
import torch
torch.ones(1, requires_grad=True).register_post_accumulate_grad_hook(print)
=== a hook on a graph
import torch
(torch.ones(1, requires_grad=True) * 2).grad_fn.register_hook(print)
=== a hook on saved tensors
import torch
torch.autograd.graph.saved_tensors_hooks(print, print)
=== a tensor applied to
import torch
torch.ones(1).apply_(abs)
=== a tensor mapped
import torch
torch.ones(1).map_(torch.ones(1), lambda a, b: a)
=== a tensor in shared memory
import torch
torch.ones(1).share_memory_()
=== a tensor as a subclass
import torch
torch.ones(1).as_subclass(torch.nn.Parameter)
=== a tensor pinned
import torch
torch.Tensor.pin_memory
=== a sparse tensor
import torch
torch.sparse_coo_tensor([[0]], [1.0], (1,), check_invariants=False)
=== a tensor made sparse
import torch
torch.ones(1).to_sparse()
=== a quantized tensor
import torch
torch.quantize_per_tensor(torch.ones(1), 1.0, 0, torch.quint8)
=== a custom function
import torch
class F(torch.autograd.Function): pass
=== a custom function's door
import torch
torch.autograd.Function.apply
=== vmap
import torch
torch.vmap(torch.sum)
=== func
import torch
torch.func.functional_call
=== cond
import torch
torch.cond
=== overrides
import torch
torch.overrides.TorchFunctionMode
=== the state of the generator
import torch
torch.get_rng_state()
=== the state of the generator set
import torch
torch.set_rng_state(torch.get_rng_state())
=== a generator's state
import torch
torch.Generator().get_state()
=== a generator's state set
import torch
g = torch.Generator()
g.set_state(g.get_state())
=== the default generator
import torch
torch.default_generator
=== interop threads
import torch
torch.get_num_interop_threads()
=== the default device
import torch
torch.get_default_device()
=== the default tensor type
import torch
torch.set_default_tensor_type(torch.FloatTensor)
=== version's file
import torch
torch.version.__file__
=== backends
import torch
torch.backends
=== profiler
import torch
torch.profiler.profile
=== distributions
import torch
torch.distributions
=== a namespace changed
import torch
torch.sum = print
=== a namespace's name deleted
import math
pi = math.pi
del math.pi
math.pi = pi
=== a namespace augmented
import math
math.pi += 0
=== a function changed
import torch.nn.functional as F
F.relu.door = 1
=== a tensor's attribute set
import torch
torch.ones(1).door = 1
=== a tensor's real part replaced
import torch
torch.ones(1).names = None
=== an optimizer's attribute set
import torch
torch.optim.SGD([torch.ones(1, requires_grad=True)], lr=1.0).step = print
=== an optimizer's hook
import torch
torch.optim.SGD([torch.ones(1, requires_grad=True)], lr=1.0).register_step_pre_hook(print)
=== a scheduler's dict loaded
import torch
o = torch.optim.SGD([torch.ones(1, requires_grad=True)], lr=1.0)
s = torch.optim.lr_scheduler.StepLR(o, 1)
s.load_state_dict({"door": print})
s.door
=== a loader with processes
import torch
from torch.utils.data import DataLoader, TensorDataset
DataLoader(TensorDataset(torch.ones(1)), num_workers=1)
=== a loader that tells its processes what to do
import torch
from torch.utils.data import DataLoader, TensorDataset
DataLoader(TensorDataset(torch.ones(1)), worker_init_fn=print)
=== a loader changed afterwards
import torch
from torch.utils.data import DataLoader, TensorDataset
DataLoader(TensorDataset(torch.ones(1))).num_workers = 1
=== a loader's context
import torch
from torch.utils.data import DataLoader, TensorDataset
DataLoader(TensorDataset(torch.ones(1))).multiprocessing_context
=== a data set's pipe
from torch.utils.data import get_worker_info
=== cuda's memory
import torch
torch.cuda.memory
=== a device that is a module
import torch
torch.get_device_module("cpu")
"""

MODULES = """
=== a hook before forward
import torch.nn as nn
nn.Linear(1, 1).register_forward_pre_hook(print)
=== a hook after forward
import torch.nn as nn
nn.Linear(1, 1).register_forward_hook(print)
=== a hook by super
import torch.nn as nn
class M(nn.Module):
    def register_forward_hook(self, hook): return super().register_forward_hook(hook)
M().register_forward_hook(print)
=== a hook on backward
import torch.nn as nn
nn.Linear(1, 1).register_full_backward_hook(print)
=== a hook on the state
import torch.nn as nn
nn.Linear(1, 1).register_state_dict_pre_hook(print)
=== a hook on loading
import torch.nn as nn
nn.Linear(1, 1).register_load_state_dict_post_hook(print)
=== the hooks of all modules
import torch.nn as nn
nn.modules.module.register_module_forward_hook
=== setstate of a module
import torch.nn as nn
nn.Linear(1, 1).__setstate__
=== the dict of a module
import torch.nn as nn
nn.Linear(1, 1).__dict__
=== the parameters' dict
import torch.nn as nn
nn.Linear(1, 1)._parameters
=== a module compiled
import torch.nn as nn
nn.Linear(1, 1).compile
=== a parameter dict reads attributes
import torch.nn as nn
nn.ParameterDict()["__class__"]
=== a parameter dict sets attributes
import torch.nn as nn
nn.ParameterDict()["training"] = 3
=== a module in shared memory
import torch.nn as nn
nn.Linear(1, 1).share_memory()
=== data parallel
import torch.nn as nn
nn.DataParallel(nn.Linear(1, 1))
=== a lazy module
import torch.nn as nn
nn.LazyLinear(1)
=== parametrize
import torch.nn as nn
import torch.nn.utils.parametrize
nn.utils.parametrize.register_parametrization
=== prune
import torch.nn.utils.prune as prune
prune.identity
=== weight norm
import torch.nn as nn
nn.utils.weight_norm
=== a part under a magic name
import torch.nn as nn
class M(nn.Module):
    def forward(self, *_, **__): return 1
m = M()
m.add_module("__torch_function__", M())
=== a part under a magic name, by a dict
import torch.nn as nn
nn.ModuleDict({"__deepcopy__": nn.Identity()})
=== a part under a magic name, by an ordered dict
import torch.nn as nn
d = nn.Linear(1, 1).state_dict()
d.clear()
d |= {"__array__": nn.Identity()}
nn.Sequential(d)
=== a buffer under a magic name
import torch, torch.nn as nn
nn.Linear(1, 1).register_buffer("__len__x", torch.ones(1))
=== a parameter under a magic name
import torch, torch.nn as nn
nn.Linear(1, 1).register_parameter("__x__", nn.Parameter(torch.ones(1)))
=== a part whose name is code, by setattr
import torch.nn as nn
setattr(nn.Linear(1, 1), "a b", nn.Identity())
=== super of another thing
import torch.nn as nn
super = lambda: nn.Linear(1, 1)
super().__init__
=== super as an argument
import torch.nn as nn
def f(super): return super().__init__
f(lambda: nn.Linear(1, 1))
=== super by a loop
for super in [list]:
    super().__init__()
=== super by a walrus
(super := list)
super().__init__()
=== super by a global
def f():
    global super
    super = list
f()
=== super as a class
class super: pass
super().__init__()
=== super and another magic name
class A:
    def f(self): return super().__getattribute__("f")
A().f()
=== super and its own attributes
class A:
    def f(self): return super().__self_class__
A().f()
"""

GUARDS = """
=== the guard of attributes replaced
_getattr_ = lambda thing, name: 1
=== the guard of attributes deleted
_getattr_ = 1
del _getattr_
=== the guard of attributes made global
def f():
    global _getattr_
    _getattr_ = 1
f()
=== only named global
def f():
    global _getattr_
f()
=== the guard of writing as an argument
def f(_write_): return _write_
f(1)
=== a guard as a keyword argument
def f(*, _write_=1): return _write_
f()
=== a guard as the rest of the arguments
def f(*_write_): return _write_
f()
=== a guard as the rest of the keywords
def f(**_write_): return _write_
f()
=== a guard as an argument of a lambda
(lambda _getattr_: _getattr_)(1)
=== a guard as an argument before the slash
def f(_getattr_, /): return _getattr_
f(1)
=== a guard by a walrus
(_getattr_ := 1)
=== a guard in a comprehension
[_getattr_ for _getattr_ in [1]]
=== a guard by a loop
for _getattr_ in [1]: pass
=== a guard by with
import torch
with torch.no_grad() as _getattr_: pass
=== a guard by unpacking
_getattr_, x = 1, 2
=== a guard by a star
x, *_getattr_ = 1, 2
=== a guard by an augmented assignment
_ = 1
_show_ = 0
_show_ += 1
=== a guard as a function
def _getattr_(thing, name): return 1
=== a guard as a class
class _getattr_: pass
=== a guard as a class in a class
class A:
    class _getattr_: pass
=== a guard as a method
class A:
    def _getattr_(self): return 1
A()
=== a guard by import from
from math import pi as _getattr_
=== a guard by an error
try:
    1 / 0
except Exception as _getattr_:
    pass
=== a guard by nonlocal
def f():
    _getattr_ = 1
    def g():
        nonlocal _getattr_
        _getattr_ = 2
    g()
f()
=== a guard by an annotation
_getattr_: int = 1
=== a guard by an annotation alone
_getattr_: int
=== a guard read
_ = 1
print(_getattr_ if False else 1)
=== a guard by match
match 1:
    case _getattr_: pass
=== a guard by match and as
match 1:
    case int() as _getattr_: pass
=== a guard by match and star
match [1]:
    case [*_getattr_]: pass
=== a guard by match and a mapping's rest
match {}:
    case {**_rest}: pass
=== build_class replaced
__build_class__ = 1
=== the builtins replaced
__builtins__ = {}
=== the builtins filled
__builtins__["open"] if isinstance(__builtins__, dict) else __builtins__.open
=== the name of the program set
__name__ = "x"
=== the name of the program deleted
__name__ = "x"
del __name__
=== a private name in a class
class A:
    def f(self):
        self.__x = 1
        return self.__x
A().f()
=== a private name mangled into a guard's
class A:
    def f(self): return self.__dict__
A().f()
"""

SOURCES = """
=== a wide underscore
().__\uff43lass__
=== all of it wide
()._\uff3fclass\uff3f_
=== a ligature
"x".\ufb01nd("x")
().__\uff43\uff4c\uff41\uff53\uff53__
=== mathematical letters
().__\U0001d4b8\U0001d4c1\U0001d4b6\U0001d4c8\U0001d4c8__
=== a name of a guard in other letters
_\uff47etattr_ = 1
=== an import in other letters
import \uff4f\uff53
=== open in other letters
\uff4f\uff50\uff45\uff4e("/etc/hostname")
=== eval in other letters
\uff45val("1")
=== an underscore in other letters as a name
x_ = 1; x\uff3f.__class__
=== an encoding of its own
# -*- coding: utf-7 -*-
().__class__
=== an encoding that hides a line
# coding: unicode_escape
x = 1
().__class__
=== a form feed
\x0c().__class__
=== a line that goes on
().\\
__class__
=== brackets over lines
(
    ()
    .__class__
)
=== a comment between
(()  # nothing
 .__class__)
=== a semicolon
x = 1; ().__class__
=== a lambda in a default
def f(x=(lambda: ().__class__)()): return x
f()
=== a comprehension within a comprehension
[[y.__class__ for y in [x]] for x in [1]]
=== a condition of a comprehension
[x for x in [1] if x.__class__]
=== a slice
[1, 2][().__class__.__len__(()):]
=== a subscript's key
{int: 1}[(1).__class__]
=== a decorator
@(lambda f: f.__globals__)
def f(): pass
=== a decorator of a class
@(lambda c: c.__mro__)
class A: pass
=== a base of a class
class A((1).__class__): pass
=== a base of a class, unpacked
class A(*[(1).__class__]): pass
=== the body of a class
class A:
    x = ().__class__
=== the locals of a class's body
class A:
    locals()["__getattr__"] = lambda self, name: 1
A().x
=== an assert's message
try:
    assert False, ().__class__
except AssertionError as e:
    assert e.args[0] is tuple
=== a keyword's value
dict(x=().__class__)
=== a starred argument
print(*[().__class__])
=== a raise
try:
    raise ValueError(().__class__)
except ValueError as e:
    pass
=== a delete
class A: pass
a = A()
a.x = 1
del a.__dict__
=== an augmented attribute
class A: pass
a = A()
a.__dict__ |= {"x": 1}
assert a.x == 1
=== an attribute in a for
class A: pass
a = A()
for a.__doc__ in [1]: pass
=== an attribute in a with
import torch
class A: pass
a = A()
with torch.no_grad() as a.__doc__: pass
=== an attribute in an unpacking
class A: pass
a = A()
a.__doc__, b = 1, 2
=== an attribute of a module in an unpacking
import math
[math.pi, b] = math.pi, 2
=== an annotation that is run
x: ().__class__ = 1
=== an annotation of an attribute
class A: pass
a = A()
a.__doc__: int = 1
=== match looks into a thing
match ():
    case object(__class__=x): pass
=== match by a class
match 1:
    case int(real=x): pass
=== match by a value
import math
match 3.0:
    case math.pi: pass
    case _: pass
=== an asynchronous comprehension
async def f():
    return [x async for x in g()]
=== async with
async def f():
    async with x: pass
=== an asynchronous for
async def f():
    async for x in y: pass
=== except star
try:
    pass
except* Exception:
    pass
=== a type's parameter in a comment
x = 1  # type: ().__class__
().__class__
=== too many brackets to count
x = ().__class__.__class__.__class__.__class__.__class__.__class__.__class__
"""

NUMPY = """
=== numpy.fromfile
import numpy as np
np.fromfile("/etc/hostname", dtype=np.uint8)
=== numpy.memmap
import numpy as np
np.memmap
=== numpy.frombuffer
import numpy as np
np.frombuffer(bytearray(8))
=== numpy's vectorize
import numpy as np
np.vectorize(abs)
=== an array's ctypes
import numpy as np
np.ones(1).ctypes
=== an array's data
import numpy as np
np.ones(1).data
=== an array's interface
import numpy as np
np.ones(1).__array_interface__
=== an array's flags
import numpy as np
np.ones(1).flags
=== an array's base
import numpy as np
np.ones(1).base
=== an array in a file
import numpy as np
np.ones(1).tofile
=== an array dumped
import numpy as np
np.ones(1).dumps()
=== an array seen as another
import numpy as np
np.ones(1).view(np.int64)
=== an array of things
import numpy as np
np.array([print])
=== an array of things by its type
import numpy as np
np.zeros(1, dtype=object)
=== an array of things by a type's letter
import numpy as np
np.zeros(1, "O")
=== strides
import numpy as np
np.lib.stride_tricks.as_strided
=== an array resized
import numpy as np
a = np.ones(1)
a.resize(2)
=== a dtype's type
import numpy as np
np.ones(1).dtype.type
=== a generator's bits
import numpy as np
np.random.default_rng(0).bit_generator
=== a generator's state
import numpy as np
np.random.default_rng(0).bit_generator.state
=== numpy's global generator
import numpy as np
np.random.get_state()
=== numpy's f2py
import numpy.f2py
=== numpy's testing
import numpy.testing
"""

MEMORY = """
=== a list of things that are numbers
import torch
class A:
    def __float__(self): return 1.0
torch.tensor([A(), A()], dtype=torch.float32)
=== a list that is changed while torch walks through it
import torch
numbers = [1.0] * 4
class A:
    def __float__(self):
        numbers.append(1.0)
        return 1.0
numbers[1] = A()
torch.tensor(numbers, dtype=torch.float32)
=== a list within a list that is changed
import torch
class A:
    def __float__(self):
        row.append(1.0)
        return 1.0
row = [A(), 1.0]
torch.tensor([row, [1.0, 1.0]], dtype=torch.float32)
=== a sequence of one's own
import torch
class S:
    def __len__(self): return 2
    def __getitem__(self, i):
        if i > 1: raise IndexError
        return 1.0
torch.tensor(S())
=== a sequence of one's own, for torch.Tensor
import torch
class S:
    def __len__(self): return 2
    def __getitem__(self, i):
        if i > 1: raise IndexError
        return 1.0
torch.Tensor(S())
=== a sequence of one's own as an index
import torch
class S:
    def __len__(self): return 2
    def __getitem__(self, i):
        if i > 1: raise IndexError
        return 0
torch.ones(2)[S()]
=== a sequence of one's own as an array
import numpy as np
class S:
    def __len__(self): return 2
    def __getitem__(self, i):
        if i > 1: raise IndexError
        return 1.0
np.array(S())
=== a sequence of one's own for a data loader
import torch
from torch.utils.data import DataLoader
class A:
    def __float__(self): return 1.0
class S:
    def __len__(self): return 2
    def __getitem__(self, i): return torch.tensor(A(), dtype=torch.float32)
list(DataLoader(S()))
"""

KINDS = {
    "attributes": ATTRIBUTES,
    "formats": FORMATS,
    "frames": FRAMES,
    "errors": ERRORS,
    "types": TYPES,
    "builtins": BUILTINS,
    "imports": IMPORTS,
    "torch": TORCH,
    "modules": MODULES,
    "guards": GUARDS,
    "sources": SOURCES,
    "numpy": NUMPY,
    "memory": MEMORY,
}

ESCAPED = "ESCAPED"


def _programs(kind: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for block in KINDS[kind].split("\n=== ")[1:]:
        name, _, lines = block.partition("\n")
        assert f"{kind}: {name}" not in found, name
        found[f"{kind}: {name}"] = f"{lines.rstrip()}\nprint({ESCAPED!r})\n"
    return found


ESCAPES: dict[str, str] = {name: program for kind in KINDS for name, program in _programs(kind).items()}
"""By kind and name. Each prints ESCAPED if it got through."""
