"""`python -m benchmarks.stress [names]`: print the table of promises, and write docs/reliability.md.

Without names, all rows but the long ones. LAB_STRESS_SCALE makes everything smaller, such as 0.1.
"""

import asyncio
import os
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from benchmarks.report import machine
from benchmarks.stress import (
    cancels,
    crashes,
    crowd,
    deadly,
    faults,
    floods,
    garbage,
    hour,
    kills,
    limits,
    owners,
    reconnects,
    sessions,
    shares,
)
from benchmarks.stress.rows import HEAD, Row
from benchmarks.stress.server import Server, running

Rows = Coroutine[Any, Any, list[Row]]
ON_A_SERVER: dict[str, Callable[[Server, float], Rows]] = {
    "crowd": crowd.run,
    "sessions": sessions.run,
    "floods": floods.run,
    "owners": owners.run,
    "cancels": cancels.run,
    "garbage": garbage.run,
    "reconnects": reconnects.run,
}
ALONE: dict[str, Callable[[float], Rows]] = {
    "limits": limits.run,
    "crashes": crashes.run,
    "deadly": deadly.run,
    "faults": faults.run,
    "shares": shares.run,
    "kills": kills.run,
    "hour": hour.run,
}
LONG = ("garbage", "kills", "hour")
"""Rows that are measured only if they are named."""
TABLE = Path(__file__).parents[2] / "docs" / "reliability.md"
MARK = "<!-- the table of `make stress` -->"


def main(names: list[str]) -> None:
    """Measure one row after the other."""
    known = [*ON_A_SERVER, *ALONE]
    if unknown := [name for name in names if name not in known]:
        sys.exit(f"There is no row {', '.join(unknown)}; there are {', '.join(known)}.")
    scale = float(os.environ.get("LAB_STRESS_SCALE", "1"))
    lines: list[str] = []
    print("\n".join(HEAD))
    for name in names or [name for name in known if name not in LONG]:
        for row in _measured(name, scale):
            lines.append(row.line())
            print(row.line(), flush=True)
    if not names and scale == 1:
        text = TABLE.read_text(encoding="utf-8").partition(MARK)[0]
        table = [f"{text}{MARK}\n", *machine(), "", *HEAD, *lines, ""]
        TABLE.write_text("\n".join(table), encoding="utf-8")


def _measured(name: str, scale: float) -> list[Row]:
    if name in ALONE:
        return asyncio.run(ALONE[name](scale))
    with running() as server:
        return asyncio.run(ON_A_SERVER[name](server, scale))


if __name__ == "__main__":
    main(sys.argv[1:])
