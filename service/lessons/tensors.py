"""Tensors: two operands typed by hand, one operator, and what PyTorch makes of them."""

import ast
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from service.errors import InvalidInput, one_of

MOST_ENTRIES = 6
ALLOWED = (
    f"a number, a list of at most {MOST_ENTRIES} numbers, or a list of at most {MOST_ENTRIES} such lists, "
    "all equally long"
)
WRAPPED = re.compile(r"\s*(?:torch\.)?tensor\((.*)\)\s*", re.DOTALL)

OPERATORS: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "+": torch.add,
    "-": torch.sub,
    "*": torch.mul,
    "@": torch.matmul,
}


@dataclass(frozen=True)
class Shown:
    """A tensor of at most two dimensions, as PyTorch prints it and as a grid of its entries."""

    printed: str
    literal: str
    """What to write between the brackets of torch.tensor() to make it; empty for a result."""
    shape: tuple[int, ...]
    dtype: str
    rows: tuple[tuple[str, ...], ...]
    """Every entry in full; a scalar and a vector are one row."""

    @property
    def kind(self) -> str:
        """What the lab calls it."""
        return ("scalar", "vector", "matrix")[len(self.shape)]


@dataclass(frozen=True)
class Calculation:
    """An operation on two tensors: its result, or torch's error and the reason for it."""

    operator: str
    left: Shown
    right: Shown
    result: Shown | None
    error: str | None
    reason: str | None
    sources: tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]
    """For every entry of the result, row by row: the entries of left, and of right, it is made from."""


def parse_tensor(text: str, field: str) -> tuple[Tensor, str]:
    """The tensor of a literal such as `2.2`, `[1, 3, 4]` or `[[1., 2.], [3., 4.]]`, and the literal.

    The text is read, never run.

    Whole numbers make an int64 tensor, as in torch.tensor. Raises InvalidInput.
    """
    wrapped = WRAPPED.fullmatch(text)
    try:
        value: Any = ast.literal_eval((wrapped[1] if wrapped else text).strip())
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        raise InvalidInput(field, text, ALLOWED) from None
    if not _is_allowed(value):
        raise InvalidInput(field, text, ALLOWED)
    try:
        return torch.tensor(value), repr(_listed(value))
    except (ValueError, TypeError, RuntimeError, OverflowError):  # rows of different lengths, huge numbers
        raise InvalidInput(field, text, ALLOWED) from None


def calculate(left: str, operator: str, right: str) -> Calculation:
    """`left operator right` in PyTorch. Raises InvalidInput for what cannot be read."""
    (first, left_literal), (second, right_literal) = parse_tensor(left, "left"), parse_tensor(right, "right")
    operation = OPERATORS[one_of("operator", operator, OPERATORS)]
    result, error = None, None
    try:
        result = operation(first, second)
    except RuntimeError as raised:
        error = str(raised)
    return Calculation(
        operator=operator,
        left=_shown(first, left_literal),
        right=_shown(second, right_literal),
        result=None if result is None else _shown(result, ""),
        error=error,
        reason=None if error is None else _reason(operator, first, second),
        sources=() if result is None else _sources(operator, first, second),
    )


def _shown(tensor: Tensor, literal: str) -> Shown:
    rows = tensor.reshape(-1, tensor.shape[-1] if tensor.dim() else 1).tolist()
    return Shown(
        printed=repr(tensor),
        literal=literal,
        shape=tuple(tensor.shape),
        dtype=str(tensor.dtype),
        rows=tuple(tuple(_entry(value) for value in row) for row in rows),
    )


def _entry(value: float) -> str:
    return str(value) if isinstance(value, int) else f"{value:g}" + ("." if value == int(value) else "")


def _is_allowed(value: Any) -> bool:
    if not isinstance(value, list | tuple):
        return _is_number(value)
    if not 1 <= len(value) <= MOST_ENTRIES:
        return False
    rows = [row for row in value if isinstance(row, list | tuple)]
    if not rows:
        return all(map(_is_number, value))
    return len(rows) == len(value) and all(
        1 <= len(row) <= MOST_ENTRIES and all(map(_is_number, row)) for row in rows
    )


def _listed(value: Any) -> Any:
    return [_listed(each) for each in value] if isinstance(value, list | tuple) else value


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _sources(
    operator: str, left: Tensor, right: Tensor
) -> tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]:
    # The same operation on the entries' numbers: torch itself says which entry goes where.
    lefts, rights = (torch.arange(tensor.numel()).reshape(tensor.shape) for tensor in (left, right))
    if operator != "@":
        pairs = zip(
            *(each.flatten().tolist() for each in torch.broadcast_tensors(lefts, rights)), strict=True
        )
        return tuple(((one,), (other,)) for one, other in pairs)
    rows = lefts.reshape(-1, lefts.shape[-1]).tolist()
    columns = (rights if rights.dim() == 2 else rights[:, None]).T.tolist()
    return tuple((tuple(row), tuple(column)) for row in rows for column in columns)


def _reason(operator: str, left: Tensor, right: Tensor) -> str:
    if operator != "@":
        return (
            "Entry meets entry. The sizes are compared from the last: each must be the same on both sides, "
            f"or 1 on one of them. Here they are {_sizes(left)} and {_sizes(right)}."
        )
    if not (left.dim() and right.dim()):
        return "`@` multiplies rows with columns, and a scalar has neither. Use `*` with a scalar."
    row, column = left.shape[-1], right.shape[0]
    if row != column:
        return (
            "`@` multiplies each row on the left with each column on the right, entry by entry. Here a row "
            f"has {row} and a column has {column}."
        )
    return (
        f"The sizes fit, but the left is {left.dtype} and the right {right.dtype}: `+`, `-` and `*` turn "
        "integers into floats by themselves, `@` does not. Write a period after each whole number."
    )


def _sizes(tensor: Tensor) -> str:
    return str(list(tensor.shape)) if tensor.dim() else "[] (a scalar)"
