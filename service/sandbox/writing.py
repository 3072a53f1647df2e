"""What a program may set: items and attributes of tensors, and of what it has made itself."""

from typing import Any

import numpy as np
from torch import Tensor, nn

from service.sandbox.attributes import forget, made_here
from service.sandbox.conversions import no_array, refuse_methods
from service.sandbox.kernels import check_data

SETTABLE = frozenset({"grad", "data", "requires_grad"})
"""What can be set of a tensor, beside its items."""
UNCHANGING = frozenset({bool, int, float, complex, str, bytes, type(None), range, tuple, set, frozenset})
"""Types whose values refuse by themselves, in Python's words, to have an attribute or item set."""


def written(value: Any) -> Any:
    """What stands for `value` where an attribute or item of it is set or deleted. Raises TypeError."""
    kind = type(value)
    if issubclass(kind, Tensor):
        return _Tensor(value)
    if issubclass(kind, list | dict | nn.Module) or kind in UNCHANGING or made_here(kind):
        return value
    if made_here(value):
        return _Class(value)
    if issubclass(kind, np.ndarray):
        return _Array(value)
    raise TypeError(f"{_named(value)} cannot be changed here")


def _named(value: Any) -> str:
    return repr(value) if isinstance(value, type) else f"a {type(value).__name__}"


class _Writer:
    """Stands for a value while one of its attributes or items is set."""

    __slots__ = ("_value",)
    _value: Any

    def __init__(self, value: Any) -> None:
        object.__setattr__(self, "_value", value)

    def __setattr__(self, name: str, _to: Any) -> None:
        raise AttributeError(f"`{name}` of {_named(self._value)} cannot be set here")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"`{name}` of {_named(self._value)} cannot be deleted here")

    def __setitem__(self, index: Any, to: Any) -> None:
        raise TypeError(f"an item of {_named(self._value)} cannot be set here")

    def __delitem__(self, index: Any) -> None:
        raise TypeError(f"an item of {_named(self._value)} cannot be deleted here")


class _Tensor(_Writer):
    __slots__ = ()

    def __setattr__(self, name: str, to: Any) -> None:
        if name not in SETTABLE:
            super().__setattr__(name, to)
        if name == "data":
            check_data(self._value, to)
        setattr(self._value, name, to)

    def __setitem__(self, index: Any, to: Any) -> None:
        refuse_methods((index, to))
        self._value[index] = to


class _Array(_Writer):
    __slots__ = ()

    def __setitem__(self, index: Any, to: Any) -> None:
        if self._value.dtype.hasobject:
            no_array(self)
        self._value[index] = to


class _Class(_Writer):
    """Of a class of the program: whatever its instances' names were, they are found anew."""

    __slots__ = ()

    def __setattr__(self, name: str, to: Any) -> None:
        setattr(self._value, name, to)
        forget()

    def __delattr__(self, name: str) -> None:
        delattr(self._value, name)
        forget()
