"""Tensors: two operands typed by hand, one operator, and what PyTorch makes of them."""

import ast
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from service.errors import InvalidInput, one_of

MAX_ENTRIES = 6
TENSOR_ALLOWED = (
    f"a number, a list of 1 to {MAX_ENTRIES} numbers, or a list of 1 to {MAX_ENTRIES} such lists, "
    "all equally long"
)
WHOLE = "made of whole numbers from -9,223,372,036,854,775,808 to 9,223,372,036,854,775,807, or of floats"
WRAPPED = re.compile(r"\s*(?:torch\.)?tensor\((.*)\)\s*", re.DOTALL)
TWO_NUMBERS = re.compile(r"\s*[+-]?\d+(,\d+)+(\.\d*)?\s*")
MINUS = "\N{MINUS SIGN}"
SPECIAL = {"inf": math.inf, "nan": math.nan}

Sources = tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]

OPERATORS: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "+": torch.add,
    "-": torch.sub,
    "*": torch.mul,
    "@": torch.matmul,
}


@dataclass(frozen=True)
class WrittenTensor:
    """A tensor of at most two dimensions, as PyTorch prints it and as a grid of its entries."""

    printed: str
    literal: str
    """What to write between the brackets of torch.tensor() to make it; empty for a result."""
    shape: tuple[int, ...]
    dtype: str
    rows: tuple[tuple[str, ...], ...]
    """Every entry as PyTorch prints it; a scalar and a vector are one row."""

    @property
    def kind(self) -> str:
        """What the lab calls it."""
        return ("scalar", "vector", "matrix")[len(self.shape)]


@dataclass(frozen=True)
class Calculation:
    """An operation on two tensors: its result, or torch's error and the reason for it."""

    operator: str
    left: WrittenTensor
    right: WrittenTensor
    result: WrittenTensor | None
    error: str | None
    reason: str | None
    sources: Sources
    """For every entry of the result, row by row: the entries of left, and of right, it is made from."""
    notes: tuple[str, ...]
    """Where a number type ends: what was typed or computed and is not what the tensors hold."""


def parse_tensor(text: str, field: str) -> tuple[Tensor, str, str | None]:
    """The tensor of a literal such as `2.2`, `[1, 3, 4]` or `[[1., 2.], [3., 4.]]`, the literal, and a note.

    The text is read, never run. `inf` and `nan` are numbers, too, as torch prints them. Whole numbers make
    an int64 tensor, as in torch.tensor. The note says which number the tensor cannot hold as it was typed.
    Raises InvalidInput.
    """
    wrapped = WRAPPED.fullmatch(text)
    inner = (wrapped[1] if wrapped else text).strip().replace(MINUS, "-")
    if TWO_NUMBERS.fullmatch(inner):  # one number with a comma in it, or several?
        raise InvalidInput(field, text, "a number with a point, such as 1.5, or a list, such as [1, 5]")
    try:
        value = _read(ast.parse(inner, mode="eval").body)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        raise InvalidInput(field, text, TENSOR_ALLOWED) from None
    if not _is_allowed(value):
        raise InvalidInput(field, text, TENSOR_ALLOWED)
    try:
        tensor = torch.tensor(value)
    except (ValueError, RuntimeError, OverflowError):  # as torch says it, depending on where it overflows
        raise InvalidInput(field, text, WHOLE) from None
    return tensor, _literal(value), _held(value, tensor)


def calculate(left: str, operator: str, right: str) -> Calculation:
    """`left operator right` in PyTorch. Raises InvalidInput for what cannot be read."""
    first, left_literal, left_note = parse_tensor(left, "left")
    second, right_literal, right_note = parse_tensor(right, "right")
    operation = OPERATORS[one_of("operator", operator, OPERATORS)]
    result, error = None, None
    try:
        result = operation(first, second)
    except RuntimeError as raised:
        error = str(raised)
    sources = () if result is None else _sources(operator, first, second)
    overflow = None if result is None else _overflow(operator, first, second, result, sources)
    return Calculation(
        operator=operator,
        left=_shown(first, left_literal),
        right=_shown(second, right_literal),
        result=None if result is None else _shown(result, ""),
        error=error,
        reason=None if error is None else _reason(operator, first, second),
        sources=sources,
        notes=tuple(note for note in (left_note, right_note, overflow) if note is not None),
    )


def _shown(tensor: Tensor, literal: str) -> WrittenTensor:
    printed = repr(tensor)
    entries = re.findall(r"[^\s\[\](),]+", printed.removeprefix("tensor"))
    width = tensor.shape[-1] if tensor.dim() else 1
    return WrittenTensor(
        printed=printed,
        literal=literal,
        shape=tuple(tensor.shape),
        dtype=str(tensor.dtype),
        rows=tuple(tuple(entries[at : at + width]) for at in range(0, len(entries), width)),
    )


def _read(node: ast.expr) -> Any:
    """The number, or the lists of numbers, that the expression is. Raises ValueError."""
    match node:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            return number
        case ast.Name(id=name) | ast.Attribute(value=ast.Name(), attr=name) if name in SPECIAL:
            return SPECIAL[name]
        case ast.Call(func=ast.Name(id="float"), args=[ast.Constant(value=str() as text)], keywords=[]):
            return float(text)
        case ast.UnaryOp(op=ast.USub() | ast.UAdd() as sign, operand=operand):
            number = _read(operand)
            if isinstance(number, int | float):
                return -number if isinstance(sign, ast.USub) else number
        case ast.List(elts=each) | ast.Tuple(elts=each):
            return [_read(one) for one in each]
    raise ValueError("not a number, and not a list")


def _is_allowed(value: Any) -> bool:
    if not isinstance(value, list):
        return True
    rows = [row for row in value if isinstance(row, list)]
    if len(rows) not in (0, len(value)) or not 1 <= len(value) <= MAX_ENTRIES:
        return False
    flat = all(not isinstance(entry, list) for row in rows for entry in row)
    return flat and (
        not rows or ({len(row) for row in rows} <= {len(rows[0])} and 1 <= len(rows[0]) <= MAX_ENTRIES)
    )


def _literal(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_literal, value))}]"
    return repr(value) if math.isfinite(value) else f"float('{value}')"


def _numbers(value: Any) -> list[Any]:
    return [number for each in value for number in _numbers(each)] if isinstance(value, list) else [value]


def _held(value: Any, tensor: Tensor) -> str | None:
    """A note on the first number that float32 turns into inf or 0, or that is whole and becomes another."""
    for number, held in zip(_numbers(value), tensor.flatten().tolist(), strict=True):
        ends = (math.isinf(held) and math.isfinite(number)) or (held == 0) != (number == 0)
        if ends or (isinstance(number, int) and held != number):
            return f"float32 cannot hold {number}: it becomes {held:.10g}."
    return None


def _overflow(operator: str, left: Tensor, right: Tensor, result: Tensor, sources: Sources) -> str | None:
    """A note on the first entry of the result that its type cannot hold."""
    lefts, rights, results = (each.flatten().tolist() for each in (left, right, result))
    if result.is_floating_point():
        if all(map(math.isfinite, lefts + rights)) and not all(map(math.isfinite, results)):
            return "Beyond about 3.4e+38, the largest number that float32 holds, a result becomes inf."
        return None
    single = {"+": int.__add__, "-": int.__sub__}.get(operator, int.__mul__)
    for held, (ones, others) in zip(results, sources, strict=True):
        exact = sum(single(lefts[one], rights[other]) for one, other in zip(ones, others, strict=True))
        if exact != held:
            return f"int64 has 64 bits: {exact} does not fit, and wraps around to {held}."
    return None


def _sources(operator: str, left: Tensor, right: Tensor) -> Sources:
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
    reasons: list[str] = []
    if row != column:
        reasons.append(
            "`@` multiplies each row on the left with each column on the right, entry by entry. Here a row "
            f"has {row} and a column has {column}."
        )
    if left.dtype != right.dtype:
        reasons.append(
            f"The left is {left.dtype} and the right {right.dtype}: `+`, `-` and `*` turn integers into "
            "floats by themselves, `@` does not. Write a period after each whole number."
        )
    return " ".join(reasons)


def _sizes(tensor: Tensor) -> str:
    return str(list(tensor.shape)) if tensor.dim() else "[] (a scalar)"
