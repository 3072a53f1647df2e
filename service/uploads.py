"""Data sets that people add: from a CSV text to the bytes that are kept, and back.

A set's name is made from its numbers alone. So the same data has the same name, however it was written
down, adding it twice keeps it once, and nobody can guess the name of data that they do not have.
"""

import csv
import io
import re
from collections.abc import Iterator
from hashlib import sha256

import numpy as np
import safetensors.numpy
from numpy.typing import NDArray

from datasets import INPUT_COLUMNS
from service.errors import InvalidInput, shown
from service.records import FLOAT32_MAX

Floats = NDArray[np.float32]

TARGETS = 5
COLUMNS = len(INPUT_COLUMNS) + TARGETS
MOST_ROWS = 10_000
MOST_BYTES = 1_000_000

NAME = re.compile(r"upload-[0-9a-f]{32}")
# Possessive, for what is no number must not be tried in every other way: that takes minutes for a long cell.
NUMBER = re.compile(r"[+-]?(\d++\.?\d*+|\.\d++)([eE][+-]?\d++)?", re.ASCII)


def is_upload(name: object) -> bool:
    """Whether `name` has the shape that `kept` gives names, and no other."""
    return isinstance(name, str) and NAME.fullmatch(name) is not None


def read(text: str | bytes) -> Floats:
    """The examples of a CSV text in UTF-8: shape (n, 8), the inputs a, b, c and then the 5 targets.

    The first line names the columns. Rows are counted below it, from 1. Raises InvalidInput, naming the
    row and the column where there is one to name.
    """
    # Python's reader and not pandas': that one fills short rows up, and takes half a minute where a
    # megabyte of commas names a million columns.
    reader = csv.reader(io.StringIO(_decoded(text), newline=None), skipinitialspace=True, strict=True)
    try:
        rows = [row for row in reader if row not in ([], [""])]
    except csv.Error as error:
        raise InvalidInput(f"Line {reader.line_num} of the CSV", str(error), "cells between commas") from None
    if not rows:
        raise InvalidInput("The CSV", "", "the names of 8 columns and at least 1 row of numbers")
    header = [name.strip().lower() for name in rows.pop(0)]
    names = set(header) - {""}
    if len(header) != COLUMNS or len(names) != COLUMNS or header[: len(INPUT_COLUMNS)] != INPUT_COLUMNS:
        allowed = "a, b, c and then 5 targets, each with a name of its own, with commas between them"
        raise InvalidInput("The columns", header[: COLUMNS + 1], allowed)
    if not 1 <= len(rows) <= MOST_ROWS:
        raise InvalidInput("The number of rows", len(rows), f"from 1 to {MOST_ROWS:,}")
    table = np.array([list(_numbers(row, number, header)) for number, row in enumerate(rows, start=1)])
    return table.astype(np.float32) + np.float32(0)  # which makes 0 of -0


def kept(table: Floats) -> tuple[str, bytes]:
    """The name of these examples, and the bytes to keep: their inputs and targets in safetensors."""
    digest = sha256(np.ascontiguousarray(table, "<f4").tobytes()).hexdigest()
    inputs, targets = table[:, : len(INPUT_COLUMNS)], table[:, len(INPUT_COLUMNS) :]
    arrays = {"inputs": np.ascontiguousarray(inputs), "targets": np.ascontiguousarray(targets)}
    return f"upload-{digest[:32]}", safetensors.numpy.save(arrays)


def load(content: bytes) -> tuple[Floats, Floats]:
    """The (inputs, targets) of kept bytes, float32 arrays of shape (n, 3) and (n, 5)."""
    arrays = safetensors.numpy.load(content)
    return arrays["inputs"], arrays["targets"]


def _decoded(text: str | bytes) -> str:
    if not isinstance(text, str | bytes):
        raise InvalidInput("The CSV", text, "text")
    try:
        encoded = text.encode() if isinstance(text, str) else text
        if len(encoded) > MOST_BYTES:
            raise InvalidInput("The size of the CSV", len(encoded), f"at most {MOST_BYTES:,} bytes")
        decoded = encoded.decode("utf-8-sig")
    except UnicodeError:
        decoded = "\0"
    if "\0" in decoded:
        raise InvalidInput("The CSV", text[:40], "text in UTF-8")
    return decoded


def _numbers(row: list[str], number: int, header: list[str]) -> Iterator[float]:
    if len(row) != COLUMNS:
        raise InvalidInput(f"The number of cells in row {number:,}", len(row), f"{COLUMNS}, one a column")
    for name, cell in zip(header, row, strict=True):
        value = float(cell) if NUMBER.fullmatch(cell.strip()) else None
        if value is None or abs(value) > FLOAT32_MAX:
            column = shown(name, 30).strip("'")
            allowed = "a finite number" if value is None else f"a finite number of at most {FLOAT32_MAX:.2g}"
            raise InvalidInput(f"Row {number:,}, column {column}", cell, allowed)
        yield value
