"""The first wall while a program runs: what its lines call that touch an attribute, an item or a loop."""

import builtins
import operator
import sys
from collections.abc import Callable
from typing import Any, Literal

import torch
from RestrictedPython.Guards import guarded_iter_unpack_sequence, guarded_unpack_sequence
from torch import Tensor

from service.sandbox.attributes import KNOWN, allowed_names, made_here
from service.sandbox.names import MODULES, Namespace

Show = Callable[[int, Literal["printed", "value"], str], None]
MAX_VALUES_PER_LINE = 20
"""Values that a line within a loop, a function or a class shows."""

PLAIN = (
    "abs all any ascii bin bool chr complex dict divmod enumerate filter float frozenset hash hex int "
    "isinstance issubclass iter len list map max min next oct ord pow range repr reversed round set "
    "slice sorted str sum tuple zip property staticmethod classmethod super object True False None "
    "NotImplemented Ellipsis id callable ArithmeticError AssertionError AttributeError Exception "
    "FloatingPointError ImportError IndexError KeyError LookupError NameError NotImplementedError "
    "OverflowError RecursionError RuntimeError StopIteration TypeError ValueError ZeroDivisionError"
)
"""Python's own names that a program has as they are."""


class Forbidden(AttributeError, TypeError):
    """An attribute, or a write, that is not allowed here. It is called AttributeError where it is told."""


class _TypeOf:
    """What `type(value)` gives: it prints and compares as the class, and cannot be used as one."""

    __slots__ = ("_class",)

    def __init__(self, of: type) -> None:
        self._class = of

    def __repr__(self) -> str:
        return repr(self._class)

    def __eq__(self, other: object) -> bool:
        return other is self._class or (isinstance(other, _TypeOf) and other._class is self._class)

    def __hash__(self) -> int:
        return hash(self._class)


def attribute(value: Any, name: str, *default: Any) -> Any:
    """`value.name`, if that is one of the names allowed for what it is. Raises AttributeError."""
    if name in allowed_names(value):
        return getattr(value, name, *default)
    return _beside(value, name, *default)


def _beside(value: Any, name: str, *default: Any) -> Any:
    if isinstance(value, Namespace):
        if name in value.names:
            return value.names[name]
        if default:
            return default[0]
        raise AttributeError(f"{value!r} has no `{name}` here")
    if not isinstance(name, str) or name.startswith("_"):
        raise AttributeError("names that begin with an underscore cannot be used here")
    own = (
        getattr(value, "__dict__", {}) if made_here(type(value)) or isinstance(value, torch.nn.Module) else {}
    )
    if name in own or (isinstance(value, torch.nn.Module) and name in _parts(value)):
        return getattr(value, name)
    if default:
        return default[0]
    kind = value.__name__ if isinstance(value, type) else type(value).__name__
    if not hasattr(value, name):
        raise AttributeError(f"'{kind}' object has no attribute '{name}'")
    raise AttributeError(f"`{name}` of a {kind} cannot be used here")


def _parts(module: torch.nn.Module) -> set[str]:
    """The names of a module's parameters, buffers and submodules."""
    own = vars(module)
    return {name for kind in ("_parameters", "_buffers", "_modules") for name in own.get(kind, ())}


def _getattr(value: Any, name: str, *default: Any) -> Any:
    return attribute(value, name, *default)


def _hasattr(value: Any, name: str) -> bool:
    try:
        attribute(value, name)
    except AttributeError:
        return False
    return True


class _TensorWriter:
    """A tensor, to be written: its items, its `grad`, `data` and `requires_grad`."""

    __slots__ = ("_tensor",)
    _tensor: Tensor

    def __init__(self, tensor: Tensor) -> None:
        object.__setattr__(self, "_tensor", tensor)

    def __setattr__(self, name: str, value: Any) -> None:
        if name not in ("grad", "data", "requires_grad"):
            raise AttributeError(f"`{name}` of a tensor cannot be set here")
        setattr(self._tensor, name, value)

    def __setitem__(self, index: Any, value: Any) -> None:
        self._tensor[index] = value


def written(value: Any) -> Any:
    """What stands for `value` where an attribute or item of it is set. Raises TypeError."""
    if isinstance(value, Tensor):
        return _TensorWriter(value)
    kind = type(value)
    if kind in (list, dict) or made_here(kind) or made_here(value) or isinstance(value, torch.nn.Module):
        return value
    if kind.__name__ == "defaultdict" or kind.__module__ == "numpy":
        return value
    raise TypeError(f"a {kind.__name__} cannot be changed here")


_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "Add": operator.iadd, "Sub": operator.isub, "Mult": operator.imul, "Div": operator.itruediv,
    "FloorDiv": operator.ifloordiv, "Mod": operator.imod, "Pow": operator.ipow, "MatMult": operator.imatmul,
    "LShift": operator.ilshift, "RShift": operator.irshift, "BitOr": operator.ior, "BitXor": operator.ixor,
    "BitAnd": operator.iand,
}  # fmt: skip
"""By the names that ast has for them."""


def augment_attribute(sign: str, value: Any, name: str, other: Any) -> None:
    """`value.name += other`, and so on."""
    setattr(written(value), name, _OPERATORS[sign](attribute(value, name), other))


def augment_item(sign: str, value: Any, index: Any, other: Any) -> None:
    """`value[index] += other`, and so on."""
    written(value)[index] = _OPERATORS[sign](value[index], other)


def _made_class(name: str, bases: tuple[Any, ...], body: dict[str, Any]) -> type:
    """A class of the program's own. Raises TypeError for a base that must not be one."""
    for base in bases:
        if not (isinstance(base, type) and (base in EXTENDED or made_here(base))):
            raise TypeError(f"{base!r} cannot be the base of a class here")
    found = type(name, bases, body)
    KNOWN.add(found)
    return found


EXTENDED: set[type] = {
    object, Exception, ValueError, RuntimeError, TypeError,
    *(each for each in MODULES["torch.nn"].names.values()
      if isinstance(each, type) and issubclass(each, torch.nn.Module)),
    MODULES["torch.utils.data"].names["Dataset"],
}  # fmt: skip
"""What a class of a program may be made from, beside other classes of its own."""


def _imported(module: str, name: str | None) -> Any:
    return MODULES[module] if name is None else MODULES[module].names[name]


def program_scope(show: Show, looped: Callable[[Any, int, int], None]) -> dict[str, Any]:
    """The globals of a program.

    `show` is told the line, the kind and the text of what it shows; `looped`, when a loop over a range
    begins: the iterator, how many rounds it has, and the line.
    """
    values: dict[int, int] = {}

    def shown(line: int, value: Any, top: bool) -> None:
        if isinstance(value, torch.Generator):  # what manual_seed gives back: its address says nothing
            return
        if not top:
            values[line] = values.get(line, 0) + 1
            if value is None or values[line] > MAX_VALUES_PER_LINE:
                return
        show(line, "value", repr(value))

    def printed(*given: Any, sep: str | None = None, end: str | None = None, flush: bool = False) -> None:
        between, after = " " if sep is None else sep, "\n" if end is None else end
        text = between.join([str(each) for each in given]) + after
        show(sys._getframe(1).f_lineno, "printed", text)

    def iterated(value: Any) -> Any:
        if type(value) is range:
            found = iter(value)
            looped(found, len(value), sys._getframe(1).f_lineno)
            return found
        return iter(value)

    own = {name: getattr(builtins, name) for name in PLAIN.split()}
    own |= {
        "print": printed,
        "type": _TypeOf,
        "getattr": _getattr,
        "hasattr": _hasattr,
        "__build_class__": builtins.__build_class__,
        "__import__": builtins.__import__,  # torch's C++ imports through it; no program can say its name
    }
    return {
        "__builtins__": own,
        "__name__": "__main__",
        "__metaclass__": _made_class,
        "_show_": shown,
        "_import_": _imported,
        "_getattr_": attribute,
        "_getitem_": operator.getitem,
        "_getiter_": iterated,
        "_write_": written,
        "_augment_attribute_": augment_attribute,
        "_augment_item_": augment_item,
        "_apply_": _applied,
        "_unpack_sequence_": guarded_unpack_sequence,
        "_iter_unpack_sequence_": guarded_iter_unpack_sequence,
    }


def _applied(called: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    return called(*args, **kwargs)
