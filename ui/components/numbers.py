"""Numbers in text, and their signs: the same on every drawing. No number is ever shown as -0."""

from decimal import ROUND_DOWN, Context
from math import isfinite

from service import exact

__all__ = ["at_least", "exact", "plain", "short", "shown", "sign", "signed", "speed"]


def speed(steps_per_second: float) -> str:
    """How many steps a second, in words; with two digits where there are fewer than 10."""
    number = f"{steps_per_second:,.0f}" if steps_per_second >= 10 else f"{steps_per_second:.2g}"
    return f"{number} steps/s"


def shown(value: float | None) -> str:
    """Four decimals, or a power of ten where four decimals would hide the number; "None" for None."""
    if value is None:
        return "None"
    if not isfinite(value):
        return str(value)
    if value == 0:
        return "0.0000"
    if not 1e-4 <= abs(value) < 1e6:
        return f"{value:.4e}"
    return f"{value:.4f}"


def short(value: float) -> str:
    """At most four significant digits: for places where a number is known and has to fit."""
    return f"{value or 0.0:.4g}"


def at_least(value: float) -> str:
    """Four significant digits, rounded toward 0: a bound from below must not be shown too high."""
    return f"{float(Context(prec=4, rounding=ROUND_DOWN).create_decimal(value)):.4g}"


def plain(value: float) -> str:
    """An integer as such, anything else with six significant digits."""
    whole = isfinite(value) and value == round(value) and abs(value) < 1e15
    return f"{value or 0.0:.0f}" if whole else f"{value:.6g}"


def signed(value: float) -> str:
    """About two digits, with the sign always written."""
    size = abs(value)
    if value == 0 or 0.1 <= size < 1000:
        return f"{value or 0.0:+.2f}"
    return f"{value:+.2g}" if 1e-3 <= size < 1 else f"{value:+.0e}"


def sign(value: float) -> str:
    """The class that colors a number: "positive", "negative" or "zero"."""
    return "positive" if value > 0 else "negative" if value < 0 else "zero"
