"""How results are written: Markdown, and the machine they come from."""

import os
import platform
from collections.abc import Iterable
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from math import floor, log10
from pathlib import Path

LIBRARIES = (
    *("torch", "numpy", "numba", "jax", "jaxlib", "warp-lang"),
    *("micrograd", "skorch", "lightning", "gradio"),
)


def number(value: float) -> str:
    """Three significant digits, without an exponent."""
    decimals = 0 if value == 0 else max(0, 2 - floor(log10(abs(value))))
    return f"{value:,.{decimals}f}"


def table(header: Iterable[str], rows: Iterable[Iterable[str]]) -> list[str]:
    """A Markdown table; all columns but the first are aligned to the right."""
    names = list(header)
    lines = [names, ["---", *["---:"] * (len(names) - 1)], *rows]
    return ["| " + " | ".join(cells) + " |" for cells in lines]


def machine() -> list[str]:
    """What the numbers were measured on, and when."""
    libraries = ", ".join(f"{name} {_version(name)}" for name in LIBRARIES)
    return [
        f"- {date.today():%Y-%m-%d}, {_cpu()}, {os.cpu_count()} cores, {platform.system()}",
        f"- Python {platform.python_version()}, {libraries}",
    ]


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:  # not Linux
        return platform.processor() or platform.machine()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())
