"""Data sets that people add: from a CSV text to the bytes that are kept, and back.

A set's name is made from its numbers alone, as float32 holds them, for that is what is trained on. So the
same data has the same name, however it was written down and whatever its targets are called, adding it twice
keeps it once, and nobody can guess the name of data that they do not have. Decimals are rounded: 0.1 and
0.10000000001 are the same float32 number; so are 0 and -0 to us. But no integer becomes another, and no
number becomes 0: those are refused.
"""

import re
from collections.abc import Iterator, Sequence
from hashlib import sha256
from itertools import dropwhile
from typing import NamedTuple

import numpy as np
import safetensors.numpy
from numpy.typing import NDArray
from safetensors import SafetensorError

from datasets import INPUT_COLUMNS
from service.data.csv_text import SEPARATORS, Row, Sheet, decoded, read_sheet
from service.errors import InvalidInput, Unreadable, shown
from service.numbers import (
    FLOAT32_END,
    FLOAT32_MAX,
    could_be_thousands,
    float32_change,
    held,
    read_number,
    spelled,
)

Floats = NDArray[np.float32]

TARGETS = 5
COLUMNS = len(INPUT_COLUMNS) + TARGETS
MAX_EXAMPLES = 10_000
COLUMNS_ALLOWED = "the columns a, b, c and then 5 targets"

NAME = re.compile(r"upload-[0-9a-f]{32}")
MAX_FILE_NAME_CHARACTERS = 60
"""Characters."""
SHORT = len("upload-") + 8

_INDEX = re.compile(r"|unnamed: ?\d+(_level_\d+|\.\d+)?|index|level_\d+")
"""What pandas calls an index that it has written beside the columns, or read back."""
_NAMELESS = re.compile(r"|unnamed: ?\d+")
"""What spreadsheets and pandas call an empty column."""


class Upload(NamedTuple):
    """The examples of a file, shape (n, 8): the inputs a, b, c and then the 5 targets; and how it was read.

    Each of the notes is a sentence.
    """

    table: Floats
    notes: list[str]


def is_upload(name: object) -> bool:
    """Whether `name` has the shape that `kept` gives names, and no other."""
    return isinstance(name, str) and NAME.fullmatch(name) is not None


def read(content: str | bytes) -> Upload:
    """The examples of a CSV file.

    Its first line names the columns. What separates the cells, the decimal mark and the encoding are found
    out; an index and empty columns are left out. Raises InvalidInput, naming the line of the file and the
    column where there is one to name.
    """
    sheet = read_sheet(decoded(content), _is_header, COLUMNS_ALLOWED, MAX_EXAMPLES)
    if not 1 <= sheet.count <= MAX_EXAMPLES:
        raise InvalidInput("The number of rows below the names", sheet.count, f"from 1 to {MAX_EXAMPLES:,}")
    chosen, notes = _choose_columns(sheet)
    names = [sheet.header.cells[column] for column in chosen]
    rows = [Row(line, _cells(cells, line, chosen, len(sheet.header.cells))) for line, cells in sheet.rows]
    comma = sheet.separator != "," and _has_decimal_commas(rows, names)
    table = np.array([list(_numbers(row, names, comma)) for row in rows]).astype(np.float32)
    if sheet.separator != ",":
        notes.insert(0, f"Cells are separated by {SEPARATORS[sheet.separator]}.")
    if comma:
        notes.append("Commas are decimal marks.")
    return Upload(table + np.float32(0), notes)  # which makes 0 of -0


def kept(table: Floats) -> tuple[str, bytes]:
    """The name of these examples, and the bytes to keep: their inputs and targets in safetensors."""
    digest = sha256(np.ascontiguousarray(table, "<f4").tobytes()).hexdigest()
    inputs, targets = table[:, : len(INPUT_COLUMNS)], table[:, len(INPUT_COLUMNS) :]
    arrays = {"inputs": np.ascontiguousarray(inputs), "targets": np.ascontiguousarray(targets)}
    return f"upload-{digest[:32]}", safetensors.numpy.save(arrays)


def title(name: str, file: str | None) -> str:
    """What to call an added set before people: by its file, but apart from others of the same name."""
    return f"{file} ({name[:SHORT]}…)" if file else name


def load(content: bytes, name: str = "that was added") -> tuple[Floats, Floats]:
    """The (inputs, targets) of kept bytes, float32 arrays of shape (n, 3) and (n, 5).

    `name` is the set's. Raises Unreadable.
    """
    try:
        arrays = safetensors.numpy.load(content)
        return arrays["inputs"], arrays["targets"]
    except (SafetensorError, KeyError, TypeError) as error:
        raise Unreadable("data set", name) from error


def _is_header(names: list[str]) -> bool:
    named = list(dropwhile(_INDEX.fullmatch, names))
    return [name for name in named if not _NAMELESS.fullmatch(name)][: len(INPUT_COLUMNS)] == INPUT_COLUMNS


def _choose_columns(sheet: Sheet) -> tuple[list[int], list[str]]:
    """Which columns have the numbers, and a note on those that are left out."""
    names = sheet.header.cells
    first = names.index(INPUT_COLUMNS[0])
    chosen = [at for at, name in enumerate(names) if at >= first and not _NAMELESS.fullmatch(name)]
    found = [names[at] for at in chosen]
    if len(found) != COLUMNS or len(set(found)) != COLUMNS:
        allowed = "a, b, c and then 5 targets, each with a name of its own"
        raise InvalidInput(f"The columns on line {sheet.header.line:,} of the CSV", found, allowed)
    numbered = [f"y{number}" for number in range(1, TARGETS + 1)]
    targets = found[len(INPUT_COLUMNS) :]
    if targets != numbered and sorted(targets) == numbered:
        raise InvalidInput("The targets y1 to y5", targets, "in this order")
    filled = {at for row in sheet.rows for at, cell in enumerate(row.cells) if cell}
    for row in sheet.rows:
        for at, cell in enumerate(row.cells[: len(names)]):
            if cell and at >= first and at not in chosen:
                allowed = "empty, for its column has no name"
                raise InvalidInput(f"Line {row.line:,}, cell {at + 1:,}", cell, allowed)
    notes: list[str] = []
    index = [at for at in range(first) if at in filled]
    if index:
        which = "first column" if len(index) == 1 else f"first {len(index)} columns"
        notes.append(f"The {which}, an index, {'was' if len(index) == 1 else 'were'} left out.")
    empty = sum(at not in filled for at in range(len(names)) if at not in chosen)
    if empty:
        notes.append(f"{empty} empty column{' was' if empty == 1 else 's were'} left out.")
    return chosen, notes


def _cells(cells: list[str], line: int, chosen: Sequence[int], width: int) -> list[str]:
    """The cells of a row in the chosen columns."""
    beyond = [at for at in range(width, len(cells)) if cells[at]]
    if len(cells) <= chosen[-1] or beyond:
        count = beyond[-1] + 1 if beyond else len(cells)
        raise InvalidInput(f"The number of cells on line {line:,}", count, f"{width}, one for each column")
    return [cells[at] for at in chosen]


def _has_decimal_commas(rows: Sequence[Row], names: Sequence[str]) -> bool:
    """Whether a comma is the decimal mark, where it is not what separates the cells.

    1,000 and 1.000 may each be a thousand or a one: then another number must tell. Raises InvalidInput where
    none does, or where some tell one thing and some the other.
    """
    doubtful: tuple[str, str] | None = None
    sure: dict[str, str] = {}
    for row in rows:
        for name, cell in zip(names, row.cells, strict=True):
            marks = {",", "."}.intersection(cell)
            if len(marks) != 1:
                continue
            (mark,) = marks
            place = _place(row, name)
            if could_be_thousands(cell):
                doubtful = doubtful or (place, cell)
            elif read_number(cell.replace(",", ".")) is not None:
                sure.setdefault(mark, place)
                if len(sure) == 2:
                    other = sure["," if mark == "." else "."]
                    raise InvalidInput(place, cell, f"written with the same decimal mark as {_lower(other)}")
    if doubtful and not sure:
        raise InvalidInput(doubtful[0], doubtful[1], f"a number with one meaning{spelled(doubtful[1])}")
    return "," in sure


def _place(row: Row, name: str) -> str:
    column = shown(name, 30).strip("'")
    return f"Line {row.line:,}, column {column}"


def _lower(place: str) -> str:
    return place[0].lower() + place[1:]


def _numbers(row: Row, names: Sequence[str], comma: bool) -> Iterator[float]:
    """The numbers of a row, none of which float32 would change."""
    for name, cell in zip(names, row.cells, strict=True):
        if comma and "." in cell:
            allowed = "written with a decimal comma, as the other numbers"
            raise InvalidInput(_place(row, name), cell, allowed)
        value = read_number(cell.replace(",", ".") if comma else cell)
        if value is None:
            raise InvalidInput(_place(row, name), cell, f"a finite number{spelled(cell)}")
        if not abs(value) < FLOAT32_END:
            raise InvalidInput(_place(row, name), cell, f"a finite number of at most {FLOAT32_MAX:.2g}")
        if change := float32_change(value):
            raise InvalidInput(_place(row, name), cell, held(change))
        yield value


def file_name(given: object) -> str | None:
    """What to call the set whose file has the `given` name, without its folders; None if that leaves nothing.

    Raises InvalidInput for an invalid name.
    """
    if given is None:
        return None
    if not isinstance(given, str):
        raise InvalidInput("file_name", given, "the name of a file, or null")
    printable = "".join(letter if letter.isprintable() else " " for letter in re.split(r"[/\\]", given)[-1])
    words = " ".join(printable.split())
    return (
        words if len(words) <= MAX_FILE_NAME_CHARACTERS else words[: MAX_FILE_NAME_CHARACTERS - 1] + "…"
    ) or None
