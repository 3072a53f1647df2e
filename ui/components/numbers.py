"""Numbers as PyTorch prints them, and their signs: the same on every drawing."""

from math import isfinite


def shown(value: float | None) -> str:
    """Four decimals, or a power of ten where four decimals would hide the number; "None" for None."""
    if value is None:
        return "None"
    if not isfinite(value):
        return str(value)
    if value != 0 and not 1e-4 <= abs(value) < 1e6:
        return f"{value:.4e}"
    return f"{value:.4f}"


def short(value: float) -> str:
    """At most four significant digits: for places where a number is known and has to fit."""
    return f"{value:.4g}" if isfinite(value) else str(value)


def plain(value: float) -> str:
    """An integer as such, anything else with six significant digits."""
    return f"{value:.0f}" if value == round(value) and abs(value) < 1e15 else f"{value:.6g}"


def signed(value: float) -> str:
    """About two digits, with the sign always written."""
    size = abs(value)
    if value == 0 or 0.1 <= size < 1000:
        return f"{value:+.2f}"
    return f"{value:+.2g}" if 1e-3 <= size < 1 else f"{value:+.0e}"


def sign(value: float) -> str:
    """The class that colors a number: "positive", "negative" or "zero"."""
    return "positive" if value > 0 else "negative" if value < 0 else "zero"
