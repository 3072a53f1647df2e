"""The first wall while a program runs: what its lines call that touch an attribute, an item or a loop."""

import builtins
import operator
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Literal

import torch
from torch import nn
from torch._tensor_str import get_printoptions
from torch.nn.modules import module as registrations
from torch.utils.data import Dataset

from service.sandbox.attributes import KNOWN, attribute, forget, made_here
from service.sandbox.conversions import INERT, no_array, refuse_methods
from service.sandbox.kinds import StandIn
from service.sandbox.names import MODULES, PLAIN, reseed
from service.sandbox.observation import line_of
from service.sandbox.policy import PROGRAM_FILE
from service.sandbox.writing import written

Show = Callable[[int, Literal["printed", "value"], str], None]
MAX_VALUES_PER_LINE = 20
"""Values that a line within a loop, a function or a class shows; after them, once, that there are more."""
MORE = "..."

EXTENDED: set[type] = {
    object, Exception, ValueError, RuntimeError, TypeError,
    *(each for each in MODULES["torch.nn"].names.values()
      if isinstance(each, type) and issubclass(each, nn.Module)),
    MODULES["torch.utils.data"].names["Dataset"],
}  # fmt: skip
"""What a class of a program may be made from, beside other classes of its own."""

_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "Add": operator.iadd, "Sub": operator.isub, "Mult": operator.imul, "Div": operator.itruediv,
    "FloorDiv": operator.ifloordiv, "Mod": operator.imod, "Pow": operator.ipow, "MatMult": operator.imatmul,
    "LShift": operator.ilshift, "RShift": operator.irshift, "BitOr": operator.ior, "BitXor": operator.ixor,
    "BitAnd": operator.iand,
}  # fmt: skip
"""What `a.b += c` does to what `a.b` was, by the names that ast has for it."""


def item(value: Any, index: Any) -> Any:
    """`value[index]`. Raises TypeError for an index of torch's that is no number, nor a list of them."""
    kind = type(value)
    if not (type(index) in INERT or issubclass(kind, dict | list | tuple | type) or made_here(kind)):
        refuse_methods(index)
    return value[index]


def _get(value: Any, name: str, *default: Any) -> Any:
    try:
        return attribute(value, name)
    except AttributeError:
        if not default:
            raise
        return default[0]


def _has(value: Any, name: str) -> bool:
    try:
        attribute(value, name)
    except AttributeError:
        return False
    return True


def _type_of(*values: Any) -> Any:
    """`type(value)`: the class if the program can say its name, and what stands for it if not."""
    if len(values) != 1:
        raise TypeError("type() takes one value here: a class is made with `class`")
    kind = type(values[0])
    if kind in SAID or made_here(kind):
        return kind
    return _STANDING.setdefault(kind, StandIn(kind))


_GIVEN = [getattr(builtins, name) for name in PLAIN.split()]
_GIVEN += [each for module in MODULES.values() for each in module.names.values()]
SAID = frozenset(each for each in _GIVEN if isinstance(each, type))
"""The classes that a program can say the names of."""
_STANDING = {each.of: each for each in _GIVEN if isinstance(each, StandIn)}
_STANDING[type] = StandIn(type, _type_of)


def _made_class(name: str, bases: tuple[Any, ...], body: dict[str, Any]) -> type:
    """A class of the program's own. Raises TypeError for a base that must not be one."""
    for base in bases:
        if not (isinstance(base, type) and (base in EXTENDED or made_here(base))):
            raise TypeError(f"{base!r} cannot be the base of a class here")
    found = type(name, bases, body | {"__array__": no_array})
    KNOWN.add(found)
    return found


def _imported(module: str, name: str | None) -> Any:
    return MODULES[module] if name is None else MODULES[module].names[name]


@contextmanager
def confined() -> Iterator[None]:
    """Within it torch's classes are kept from what the program's are; after it, torch is as it was."""
    options = get_printoptions()
    for kind in (nn.Module, Dataset):
        kind.__array__ = no_array  # pyright: ignore[reportAttributeAccessIssue]
    hooks = [
        register(_refuse_underscore)
        for register in (
            registrations.register_module_parameter_registration_hook,
            registrations.register_module_buffer_registration_hook,
            registrations.register_module_module_registration_hook,
        )
    ]
    try:
        with torch.enable_grad():
            yield
    finally:
        for kind in (nn.Module, Dataset):
            del kind.__array__  # pyright: ignore[reportAttributeAccessIssue]
        for hook in hooks:
            hook.remove()
        torch.set_printoptions(**options)


def _refuse_underscore(_module: nn.Module, name: str, _part: Any) -> None:
    """A part of a module is found as its attribute: torch and numpy must not find what they ask for there."""
    if name.startswith("_"):
        raise AttributeError(f"`{name}` begins with an underscore: such names cannot be used here")


def program_scope(show: Show, looped: Callable[[Any, int, int], None]) -> dict[str, Any]:
    """The globals of a program.

    `show` is told the line, the kind and the text of what it shows; `looped`, when a loop over a range
    begins: the iterator, how many rounds it has, and the line.
    """
    values: dict[int, int] = {}
    forget()
    reseed()

    def shown(line: int, value: Any, top: bool) -> None:
        if value is None and not top:
            return
        if isinstance(value, torch.Generator):  # what manual_seed gives back: its address says nothing
            return
        if not top:
            values[line] = values.get(line, 0) + 1
            if values[line] > MAX_VALUES_PER_LINE:
                if values[line] == MAX_VALUES_PER_LINE + 1:
                    show(line, "value", MORE)
                return
        show(line, "value", _sayable(repr(value)))

    def printed(
        *given: Any, sep: str | None = None, end: str | None = None, file: Any = None, flush: bool = False
    ) -> None:
        if file is not None:
            raise TypeError("print writes beside the program: `file` cannot be used here")
        between, after = _text("sep", sep, " "), _text("end", end, "\n")
        text = between.join([str(each) for each in given]) + after
        show(line_of(sys._getframe(1), PROGRAM_FILE) or 1, "printed", _sayable(text))

    def iterated(value: Any) -> Any:
        if type(value) is range:
            found = iter(value)
            looped(found, len(value), sys._getframe(1).f_lineno)
            return found
        return iter(value)

    own = {name: getattr(builtins, name) for name in PLAIN.split()}
    own |= {
        "print": printed,
        "type": _STANDING[type],
        "getattr": _get,
        "hasattr": _has,
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
        "_getitem_": item,
        "_getiter_": iterated,
        "_write_": written,
        "_operators_": _OPERATORS,
        "_error_": Exception,
    }


def _text(name: str, given: str | None, otherwise: str) -> str:
    if not isinstance(given, str | None):
        raise TypeError(f"{name} must be None or a string, not {type(given).__name__}")
    return otherwise if given is None else given


def _sayable(text: str) -> str:
    """The text, if it is one that can be sent. Raises UnicodeEncodeError, as print does."""
    text.encode()
    return text
