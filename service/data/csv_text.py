"""The text of a CSV file as people's programs write it: its encoding, its separator, its lines.

Spreadsheets write semicolons, tabs, UTF-16 or a line `sep=;`, `numpy.savetxt` writes `# ` before the names of
the columns. What separates the cells follows from the line that names the columns, for those are known.
"""

import codecs
import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from service.errors import InvalidInput

MAX_BYTES = 5_000_000
MAX_HEADER_CHARACTERS = 10_000
"""Characters."""
MAX_LINES_ABOVE = 1000
"""Among the first so many lines, the names of the columns are looked for."""
SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars", " ": "spaces"}
"""What may stand between cells, and what it is called."""

_SEPARATOR_LINE = re.compile(r'"?sep=([,;\t| ])"?[,;\t| ]*', re.IGNORECASE)
_BOMS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32-le",  # before that of UTF-16, with which it begins
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
_QUOTES = " \"'\N{LEFT DOUBLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}"
_NOT_TEXT = re.compile("[\0-\x08\x0e-\x1f\x7f]")


class Row(NamedTuple):
    """The cells of a row, without the spaces around them, and the line of the file on which it begins."""

    line: int
    cells: list[str]


@dataclass(frozen=True)
class Sheet:
    """A file's names of columns, its rows, and how they are written.

    Rows without any content, and comments, are left out.
    """

    header: Row
    rows: list[Row]
    count: int
    """Of all rows; of those beyond the most that are asked for there is no more than their count."""
    separator: str


def decoded(content: str | bytes) -> str:
    """The text of a file. Raises InvalidInput for what is none, or too large."""
    if not isinstance(content, str | bytes):
        raise InvalidInput("The CSV", content, "text")
    try:
        encoded = content.encode() if isinstance(content, str) else content
        if len(encoded) > MAX_BYTES:
            raise InvalidInput("The size of the CSV", len(encoded), f"at most {MAX_BYTES:,} bytes")
        text = content.removeprefix("\ufeff") if isinstance(content, str) else _text(content)
    except UnicodeError:
        text = "\0"
    if _NOT_TEXT.search(text):
        raise InvalidInput("The CSV", content[:40], "text, such as a spreadsheet saves as CSV")
    return text


def _text(content: bytes) -> str:
    for mark, encoding in _BOMS.items():
        if content.startswith(mark):
            return content[len(mark) :].decode(encoding)
    if b"\0" in content[:2]:  # UTF-16 without a mark: the first character of a CSV file is an ASCII one
        return content.decode("utf-16-be" if content[:1] == b"\0" else "utf-16-le")
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode("cp1252")  # what Excel calls CSV on Windows


def read_sheet(text: str, is_header: Callable[[list[str]], bool], columns: str, most: int) -> Sheet:
    """The sheet below the line whose names `is_header` knows; `columns` says in the error which those are.

    Before it there may be empty lines, comments that begin with #, and the line `sep=`. Raises InvalidInput
    naming the line that is none of these, or the one on which a quote is opened and never closed.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    separators = list(SEPARATORS)
    nothing = "".join(separators)
    for number, line in enumerate(lines[:MAX_LINES_ABOVE], start=1):
        if number == 1 and (found := _SEPARATOR_LINE.fullmatch(line)):
            separators = [found[1]]
            continue
        if not line.strip(nothing):
            continue
        bare = line.lstrip()
        comment = bare.startswith("#")
        for separator in separators:
            header = _header(bare.lstrip("#") if comment else line, separator)
            if is_header(header):
                found_rows = _rows(lines[number:], number + 1, separator)
                rows = list(islice(found_rows, most))
                count = len(rows) + sum(1 for _ in found_rows)
                return Sheet(Row(number, header), rows, count, separator)
        if not comment:
            raise InvalidInput(f"Line {number:,} of the CSV", line.strip(), f"the names of {columns}")
    raise InvalidInput("The CSV", text, f"the names of {columns}, and below them at least 1 row of numbers")


def _header(line: str, separator: str) -> list[str]:
    try:
        (row,) = _rows([line[:MAX_HEADER_CHARACTERS]], 1, separator)
    except (InvalidInput, ValueError):  # a quote that is not closed here, or nothing at all
        return []
    return [name.strip(_QUOTES).lower() for name in row.cells]


def _rows(lines: list[str], first: int, separator: str) -> Iterator[Row]:
    """The rows in the lines, the first of which is the line `first` of the file."""
    if separator == " ":  # as many of them as it takes to have columns stand below one another
        lines = [re.sub(" +", " ", line.strip()) for line in lines]
    # A line break within quotes is part of the cell.
    ended = (line + "\n" for line in lines)
    reader = csv.reader(ended, delimiter=separator, skipinitialspace=separator != " ", strict=True)
    line = first
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            if any(cells) and not cells[0].startswith("#"):
                yield Row(line, cells)
            line = first + reader.line_num
    except csv.Error as error:
        allowed = f"cells with {SEPARATORS[separator]} between them, and every quote closed"
        raise InvalidInput(f"Line {line:,} of the CSV", str(error), allowed) from None
