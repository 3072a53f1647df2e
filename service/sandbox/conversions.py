"""What may become a tensor: numbers, and lists of them.

torch and numpy walk through a list in C. Were a method of a program called meanwhile, it could change that
list, and they would go on in memory that is not theirs any more.
"""

from collections.abc import Callable
from types import EllipsisType, NoneType
from typing import Any, NoReturn

import numpy as np
import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, default_collate

INERT = frozenset(
    {
        bool, int, float, complex, str, bytes, NoneType, EllipsisType, slice, range, set, frozenset, Tensor,
        nn.Parameter, np.ndarray, torch.dtype, torch.device, torch.Generator,
    }
)  # fmt: skip
"""Types of values that can be looked at without a method of the program being asked."""


def refuse_methods(value: Any) -> None:
    """Raise TypeError if a method of the program could be asked while torch walks through the value."""
    kind = type(value)
    if kind in INERT or issubclass(kind, np.generic):
        return
    if not issubclass(kind, list | tuple | dict):
        raise TypeError(f"a {kind.__name__} cannot become a tensor here, only numbers and lists of them can")
    items = list(value.values() if issubclass(kind, dict) else value)
    if not set(map(type, items)) <= INERT:
        for each in items:
            refuse_methods(each)


def guarded(make: Callable[..., Any]) -> Callable[..., Any]:
    """`make`, given only what `refuse_methods` lets through."""

    def made(*args: Any, **kwargs: Any) -> Any:
        refuse_methods(args)
        refuse_methods(kwargs)
        return make(*args, **kwargs)

    return made


def guarded_array(make: Callable[..., Any]) -> Callable[..., Any]:
    """`make` of numpy, whose arrays hold numbers. Raises TypeError."""

    def made(*args: Any, **kwargs: Any) -> Any:
        found = make(*args, **kwargs)
        if isinstance(found, np.ndarray) and found.dtype.hasobject:
            no_array(None)
        return found

    return made


def no_array(_self: Any, *_args: Any, **_kwargs: Any) -> NoReturn:
    """`__array__` of the classes that programs make, which numpy asks first. Raises TypeError."""
    raise TypeError("numpy holds numbers only here")


def data_loader(
    dataset: Any,
    batch_size: int | None = 1,
    shuffle: bool | None = None,
    *,
    num_workers: int = 0,
    collate_fn: Callable[[Any], Any] | None = None,
    drop_last: bool = False,
    generator: torch.Generator | None = None,
) -> DataLoader[Any]:
    """A DataLoader of torch, which loads in this process. Raises ValueError for one that wants others."""
    if num_workers != 0:
        raise ValueError(f"num_workers={num_workers!r}: here data is loaded with num_workers=0")
    if collate_fn is None and batch_size is not None:
        collate_fn = guarded(default_collate)
    return DataLoader(
        dataset, batch_size, shuffle, collate_fn=collate_fn, drop_last=drop_last, generator=generator
    )
