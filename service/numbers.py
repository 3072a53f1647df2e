"""Numbers on their way in: what a text means, and what float32 makes of a number.

A text is read where it has one meaning. Where it could mean two numbers, or is written for people rather
than for programs (thousands apart, a percent sign, a currency), `spelled` says how to write what it may mean.
"""

import math
import re
import unicodedata
from ctypes import c_float
from decimal import Decimal
from fractions import Fraction
from numbers import Integral
from numbers import Real as RealNumber
from typing import Annotated

from pydantic import BeforeValidator, Field, ValidationInfo
from pydantic_core import PydanticCustomError

FLOAT32_MAX = 3.4028234663852886e38
FLOAT32_END = 2.0**128 - 2.0**103
"""From here on float32 rounds to infinity; what lies between, such as 3.4028235e38, to FLOAT32_MAX."""
EXACT = 2**53
"""Up to this size float64 holds every integer, so a float that is whole stands for that very integer."""
ROUNDING = 2.0**-24
"""The largest relative error of rounding to a float32 that is not subnormal."""
SMALLEST_FLOAT = math.ulp(0.0)
MAX_SPELLED_CHARACTERS = 60
"""Characters; nobody writes longer numbers for people."""
MAX_INTEGER_DIGITS = 400
"""Digits; Python reads longer integers slowly or not at all, and none of them is in the range of float64."""

OUTSIDE = "from outside"
"""The context of validating what comes from outside. What is kept already is read whatever it is."""
HELD = "float32"
"""The type of the error for a number that float32 would change."""

# Full-width characters are what East Asian keyboards type, dashes what word processors make of a hyphen.
_MINUS = "\N{MINUS SIGN}\N{EN DASH}\N{SMALL HYPHEN-MINUS}"
_ASCII = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | dict.fromkeys(map(ord, _MINUS), "-")
# Possessive, for an invalid number must not be tried in every other way: that takes minutes for a long text.
_NUMBER = re.compile(r"[+-]?(\d++\.?\d*+|\.\d++)([eE][+-]?\d++)?")
_INTEGER = re.compile(r"[+-]?\d++")
_UNDERSCORES = re.compile(r"[+-]?\d{1,3}(_\d{3})+(\.\d+)?")
_THOUSANDS = re.compile(r"([+-]?[1-9]\d{0,2})((?P<mark>[\s'\u2019.,])\d{3}(?:(?P=mark)\d{3})*)(?:[.,](\d+))?")
_DECIMAL_COMMA = re.compile(r"[+-]?\d*,\d+([eE][+-]?\d+)?")
_FRACTION = re.compile(r"([+-]?\d{1,15})\s?/\s?(\d{1,15})")
_OTHER_BASE = re.compile(r"[+-]?0([xX][\dA-Fa-f]{1,16}|[oO][0-7]{1,20}|[bB][01]{1,64})")


def exact(value: float) -> str:
    """The number in full, so that reading it back gives the same number; 3 and not 3.0, 0 and not -0."""
    return repr(value or 0.0).removesuffix(".0")


def ascii_digits(text: str) -> str:
    """The text with full-width characters and typographic minus signs as ASCII has them."""
    return text.translate(_ASCII)


def read_number(text: str) -> int | float | None:
    """The number that the text is, an int if it has only digits; None if it is none, or could be two.

    A period is the decimal mark, as in Python. The digits of every script are digits, and a typographic minus
    is a minus. What else Python's float() takes is not read: inf, nan, 1_0. A number too large for float64 is
    read as inf, and one too small as the smallest that is not 0.
    """
    stripped = ascii_digits(text).strip()
    if _UNDERSCORES.fullmatch(stripped):
        stripped = stripped.replace("_", "")
    if _NUMBER.fullmatch(stripped) is None:
        return None
    whole = len(stripped) <= MAX_INTEGER_DIGITS and _INTEGER.fullmatch(stripped)
    if whole:
        return int(stripped)
    number = float(stripped)
    lost = number == 0 and re.search("[^0_]", re.sub(r"[eE].*|[+.-]", "", stripped)) is not None
    return math.copysign(SMALLEST_FLOAT, number) if lost else number


def spelled(value: object) -> str:
    """How to write the numbers that a text may mean, as in `", written as 1500 or as 1.500"`.

    Empty for a text that has one meaning as it stands, and for what means no number.
    """
    if not isinstance(value, str) or len(value) > MAX_SPELLED_CHARACTERS:
        return ""
    stripped = ascii_digits(value).strip()
    if _NUMBER.fullmatch(stripped) and not could_be_thousands(stripped):
        return ""
    written = _readings(stripped)
    return f", written as {' or as '.join(written)}" if written else ""


def could_be_thousands(text: str) -> bool:
    """Whether the only mark in the text may keep thousands apart: 1.000, but neither 0.500 nor 1.5."""
    found = _THOUSANDS.fullmatch(ascii_digits(text).strip())
    return found is not None and found[4] is None


def float32_change(value: float) -> str | None:
    """What float32 would make of a number, written out, if that is another number; None if it holds it.

    Decimals are rounded, as everywhere: 0.1 counts as held. An integer must be held as it is, and anything
    else to within the rounding of a float32 that is not subnormal, so that nothing becomes 0. Of numbers out
    of the range of float32 this says nothing.
    """
    if not -FLOAT32_END < value < FLOAT32_END:
        return None
    held = c_float(value).value
    if value == held:
        return None
    if isinstance(value, Integral) or (abs(value) <= EXACT and value == int(value)):
        return str(int(held))
    return None if abs(held - value) <= ROUNDING * abs(value) else repr(held) if held else "0"


def _readings(text: str) -> list[str]:
    """The numbers that the text may mean, each as Python writes it."""
    if text.endswith("%"):
        return _percent(text[:-1].strip())
    if unicodedata.category(text[:1] or " ") == "Sc":
        text = text[1:].strip()
    elif unicodedata.category(text[-1:] or " ") == "Sc":
        text = text[:-1].strip()
    if found := _THOUSANDS.fullmatch(text):
        digits = re.sub(r"\D", "", found[2])
        if found[4] is not None:
            return [f"{found[1]}{digits}.{found[4]}"]
        one_mark = len(digits) == 3 and found["mark"] in ",."
        decimal = found[1] if digits == "000" else f"{found[1]}.{digits}"
        return [found[1] + digits, *([decimal] if one_mark else [])]
    if _DECIMAL_COMMA.fullmatch(text):
        return [text.replace(",", ".")]
    if _NUMBER.fullmatch(text):
        return [text]
    if (found := _FRACTION.fullmatch(text)) and int(found[2]):
        return [repr(float(Fraction(int(found[1]), int(found[2]))))]
    if _OTHER_BASE.fullmatch(text):
        return [str(int(text, 0))]
    return []


def _percent(text: str) -> list[str]:
    numbers = [text] if _NUMBER.fullmatch(text) else _readings(text) if "%" not in text else []
    return [f"{float(Decimal(number) / 100)!r}" for number in numbers]


# The types of fields


def _number(value: object) -> object:
    # Pydantic would read "3" and True as numbers; a caller who sends them has made a mistake.
    if not isinstance(value, RealNumber) or isinstance(value, bool):
        raise ValueError("not a number")
    return value


def _held(value: object, info: ValidationInfo) -> object:
    _number(value)
    if info.context == OUTSIDE and (change := float32_change(value)):  # pyright: ignore[reportArgumentType]
        raise PydanticCustomError(HELD, "{allowed}", {"allowed": held(change)})
    return value


def held(change: str) -> str:
    """What is allowed in place of a number that float32 would change into `change`."""
    return f"a number that float32 can hold without turning it into {change}"


Whole = Annotated[int, BeforeValidator(_number)]
Real = Annotated[float, BeforeValidator(_held), Field(allow_inf_nan=False)]
"""A finite number that float32 holds, for that is what everything computes in."""
Float32 = Annotated[Real, Field(gt=-FLOAT32_END, lt=FLOAT32_END)]
