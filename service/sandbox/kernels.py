"""What torch computes with without looking whether it fits: a program must not lead it beyond a tensor's end.

torch's kernels rely on what Python did before them, and on a graph's tensors being what they were when it was
made. `data` gets around the second, for torch does not count what is changed through it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

import torch
from torch import Tensor

FUSED = ("_fused_sgd_", "_fused_adam_", "_fused_adamw_", "_fused_adagrad_")
"""Steps of optimizers that take it that each buffer is as long as its tensor."""


@contextmanager
def checked_kernels() -> Iterator[None]:
    """Within it no optimizer uses a kernel that does not look at its tensors' lengths."""
    kept = {name: getattr(torch, name) for name in FUSED}
    for name in FUSED:
        setattr(torch, name, _refused)
    try:
        yield
    finally:
        for name, kernel in kept.items():
            setattr(torch, name, kernel)


def data_of(tensor: Tensor) -> Tensor:
    """`tensor.data`. Raises AttributeError for whole numbers: a graph may hold them as places in a tensor."""
    if not (tensor.is_floating_point() or tensor.is_complex()):
        raise AttributeError(
            f"`data` of a tensor of {tensor.dtype} cannot be used here: use the tensor itself"
        )
    return tensor.data


def check_data(tensor: Tensor, to: Any) -> None:
    """Raise TypeError if `tensor.data = to` would change the tensor's shape, or its type of numbers."""
    if isinstance(to, Tensor) and (to.shape, to.dtype) != (tensor.shape, tensor.dtype):
        raise TypeError(
            f"`data` keeps its shape and dtype here, {tuple(tensor.shape)} and {tensor.dtype}; "
            f"got {tuple(to.shape)} and {to.dtype}"
        )


def _refused(*_args: Any, **_kwargs: Any) -> NoReturn:
    raise RuntimeError("fused=True cannot be used here: leave it out")
