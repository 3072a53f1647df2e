"""What people type, read: numbers, vectors, one or many, and lists of layer widths and of seeds.

A text that could mean two things, such as 1,5, is refused with both of them written out.
"""

import re
from typing import NamedTuple

from service import InvalidInput, ascii_digits, could_be_thousands, read_number, spelled

RANGE = re.compile(r"(0|[1-9][0-9]{0,9})(?:-(0|[1-9][0-9]{0,9}))?")
MAX_RANGE = 1000
THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+")
WRAPPER = re.compile(
    r"Parameter containing:|\b(?:(?:torch|np|numpy)\.)?(?:(?:as_)?tensor|array|FloatTensor)(?=\()"
)
"""What stands before the brackets of a tensor or an array, as it is made and as it is printed."""
KEYWORD = re.compile(r",\s*(?:dtype|device|requires_grad|grad_fn)\s*=\s*[^,()\[\]\n]*")
INNER = re.compile(r"\[([^\[\]()]*)\]|\(([^\[\]()]*)\)")
OUTER = re.compile(r"\[[\0\s,]*\]|\([\0\s,]*\)")
DEEPEST = 4
"""Brackets around the innermost ones; torch prints so many for as many dimensions."""
EXAMPLES = "numbers such as 1 2 3, 1, 2, 3 or [1, 2, 3]"


class _List(NamedTuple):
    """The line on which a list of numbers begins, whether it stands in brackets, and its text."""

    line: int
    bracketed: bool
    text: str


def number_or_text(typed: str | float | None, *, whole: bool = False) -> int | float | str:
    """The number that was typed; or else the text, for the service to say what is wrong with it.

    A `whole` number may have commas between its thousands, as the page writes them. With a period in their
    place it could be another number, and stays a text.
    """
    if isinstance(typed, int | float):
        return typed
    text = ascii_digits(typed or "").strip()
    if whole and THOUSANDS.fullmatch(text):
        text = text.replace(",", "")
    number = None if whole and could_be_thousands(text) else read_number(text)
    return text if number is None else number


def parse_vectors(text: str) -> list[list[float]]:
    """The vectors in `text`: `1 2 3`, `1, 2, 3` or `[1, 2, 3]`, one a line, or as torch and numpy write them.

    Empty lines are skipped. One number a line is one vector. Raises InvalidInput naming the line and what in
    it is not a number, or could be two. How many numbers a vector must have, and how large they may be, is
    the service's to say.
    """
    lists = _lists(text, "vectors")
    if not lists:
        raise InvalidInput("vectors", text, "one or more lines such as 1 2 3")
    vectors = [_numbers(each, f"vectors, line {each.line},") for each in lists]
    upright = not any(each.bracketed or len(vector) > 1 for each, vector in zip(lists, vectors, strict=True))
    return [[number for vector in vectors for number in vector]] if upright else vectors


def parse_numbers(text: str, field: str) -> list[float]:
    """The numbers in a text, as `parse_vectors` reads those of one vector; an empty text has none.

    Raises InvalidInput.
    """
    lists = _lists(text, field)
    if len(lists) > 1 and any(each.bracketed for each in lists):
        raise InvalidInput(field, text, EXAMPLES)
    return [number for each in lists for number in _numbers(each, field)]


def parse_widths(text: str) -> list[int]:
    """The hidden layer widths in `text`, such as `2` or `8, 8`; empty for no hidden layer.

    Raises InvalidInput if something in it is not a whole number.
    """
    words = _whole_words(text, "hidden")
    if not all(RANGE.fullmatch(word) and word.isdigit() for word in words):
        raise InvalidInput("hidden", text, "layer widths such as 2 or 8, 8, or empty for none")
    return [int(word) for word in words]


def parse_networks(text: str) -> list[list[int]]:
    """The hidden layer widths of several networks, with ; between them: `2; 3; 8, 8`. Raises InvalidInput."""
    return [parse_widths(part) for part in ascii_digits(text).split(";")]


def parse_seeds(text: str) -> list[int]:
    """Seeds and ranges of seeds, such as `0-4` or `0, 7, 10-12`.

    Raises InvalidInput naming what is neither, or a range too long for any use.
    """
    seeds: list[int] = []
    for word in _whole_words(text, "seeds"):
        found = RANGE.fullmatch(word)
        first, last = (int(found[1]), int(found[2] or found[1])) if found else (1, 0)
        if not 0 <= last - first < MAX_RANGE:
            raise InvalidInput("seeds", word, f"seeds such as 0, 7 or 0-4, at most {MAX_RANGE:,} together")
        seeds += range(first, last + 1)
    return seeds


def _lists(text: str, field: str) -> list[_List]:
    """The lists in a text: those in the innermost brackets, and each other line.

    Raises InvalidInput where brackets do not match, or numbers stand beside other brackets.
    """
    text = WRAPPER.sub("", KEYWORD.sub("", ascii_digits(text))).replace("\0", "?")
    found = [
        _List(text.count("\n", 0, inner.start()) + 1, True, inner[1] or inner[2] or "")
        for inner in INNER.finditer(text)
    ]
    rest = INNER.sub(_only_its_lines, text)
    for _ in range(DEEPEST):
        rest = OUTER.sub(_only_its_lines, rest)
    for number, line in enumerate(rest.split("\n"), start=1):
        words = line.strip(" \t\r\f\v,;")
        if re.search(r"[\[\]()]", words) or ("\0" in words and words.strip("\0 ,;")):
            place = f"{field}, line {number}," if field == "vectors" else field
            raise InvalidInput(
                place, text.split("\n")[number - 1].strip(), f"{EXAMPLES}, every bracket closed"
            )
        if words.strip("\0 ,;"):
            found.append(_List(number, False, line.strip()))
    return sorted(found, key=lambda each: each.line)


def _only_its_lines(brackets: re.Match[str]) -> str:
    return "\0" + "\n\0" * brackets[0].count("\n")


def _numbers(numbers: _List, field: str) -> list[float]:
    found: list[float] = []
    for word in _words(numbers, field):
        number = read_number(word)
        # After a space, 000 may be the end of the number before.
        if number is None or re.fullmatch(r"0\d+", word):
            raise InvalidInput(field, word, EXAMPLES + spelled(word))
        found.append(number)
    return found


def _words(numbers: _List, field: str) -> list[str]:
    """The words of a list that are to be numbers, with a period for a decimal mark."""
    text = numbers.text
    if ";" in text and "," in text:  # as where a comma is the decimal mark
        parts = [part.strip() for part in text.split(";") if part.strip()]
        for part in parts:
            meaning = spelled(part)
            sure = meaning and " or as " not in meaning and "." not in text and not numbers.bracketed
            if "," in part and not sure:
                raise _doubt(field, part, meaning)
        return [part.replace(",", ".") for part in parts]
    words: list[str] = []
    # Other spaces than these may keep the thousands of one number apart.
    for word in re.split(r"[ \t\n\r;]+", text):
        one = word.rstrip(",")
        parts = [part for part in re.split(r"[\s,]+", word) if part]
        if not numbers.bracketed and parts not in ([], [one]) and spelled(one):
            raise _doubt(field, one, spelled(one))
        words += parts
    return words


def _whole_words(text: str, field: str) -> list[str]:
    """The words of a list of whole numbers, in which a comma can be no decimal mark."""
    line = ascii_digits(text).strip()
    if inner := INNER.fullmatch(line):
        line = inner[1] or inner[2] or ""
    for word in line.split():
        if THOUSANDS.fullmatch(word.strip(",")):
            raise _doubt(field, word, f", written as {word.replace(',', '')}")
    return [word for word in re.split(r"[\s,;]+", line) if word]


def _doubt(field: str, word: str, meaning: str) -> InvalidInput:
    """The refusal of a word that could be one number or several."""
    several = " ".join(str(read_number(part)) for part in re.split(r"[\s,]+", word) if part)
    meanings = f"{meaning}, or as {several}" if meaning else f", written as {several}"
    return InvalidInput(field, word, f"numbers with one meaning{meanings} for several numbers")
