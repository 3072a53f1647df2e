"""What people type, read: vectors, one or many, and lists of layer widths."""

import re

from service import InvalidInput

RANGE = re.compile(r"([0-9]{1,10})(?:-([0-9]{1,10}))?")
LONGEST_RANGE = 1000
SEPARATORS = re.compile(r"[\s,;]+")


def parse_vectors(text: str) -> list[list[float]]:
    """The vectors in `text`, one a line: `1 2 3`, `1, 2, 3` or `[1, 2, 3]`; empty lines are skipped.

    Raises InvalidInput naming the line and what in it is not a number. How many numbers a vector must
    have, and how large they may be, is the service's to say.
    """
    numbered = [(number, line.strip()) for number, line in enumerate(text.splitlines(), start=1)]
    lines = [(number, line) for number, line in numbered if line]
    if not lines:
        raise InvalidInput("vectors", text, "one or more lines such as 1 2 3")
    return [_numbers(line, f"vectors, line {number},") for number, line in lines]


def parse_numbers(text: str, field: str) -> list[float]:
    """The numbers in one line, as `parse_vectors` reads a line; an empty line has none."""
    return _numbers(text.strip(), field)


def parse_widths(text: str) -> list[int]:
    """The hidden layer widths in `text`, such as `2` or `8, 8`; empty for no hidden layer.

    Raises InvalidInput if something in it is not a whole number.
    """
    words = _words(text.strip())
    if not all(word.isascii() and word.isdigit() and len(word) < 10 for word in words):
        raise InvalidInput("hidden", text, "layer widths such as 2 or 8, 8, or empty for none")
    return [int(word) for word in words]


def parse_networks(text: str) -> list[list[int]]:
    """The hidden layer widths of several networks, with ; between them: `2; 3; 8, 8`. Raises InvalidInput."""
    return [parse_widths(part) for part in text.split(";")]


def parse_seeds(text: str) -> list[int]:
    """Seeds and ranges of seeds, such as `0-4` or `0, 7, 10-12`.

    Raises InvalidInput naming what is neither, or a range too long for any use.
    """
    seeds: list[int] = []
    for word in _words(text.strip()):
        found = RANGE.fullmatch(word)
        first, last = (int(found[1]), int(found[2] or found[1])) if found else (1, 0)
        if not 0 <= last - first < LONGEST_RANGE:
            raise InvalidInput(
                "seeds", word, f"seeds such as 0, 7 or 0-4, at most {LONGEST_RANGE:,} together"
            )
        seeds += range(first, last + 1)
    return seeds


def _words(line: str) -> list[str]:
    if line.startswith("[") and line.endswith("]"):
        line = line[1:-1]
    return [word for word in SEPARATORS.split(line) if word]


def _numbers(line: str, field: str) -> list[float]:
    numbers: list[float] = []
    for word in _words(line):
        try:
            numbers.append(float(word))
        except ValueError:
            raise InvalidInput(field, word, "numbers such as 1 2 3, 1, 2, 3 or [1, 2, 3]") from None
    return numbers
