"""`python -m benchmarks.stress [names]`: print the table of promises, and write docs/reliability.md.

Without names, all rows but the long ones. LAB_STRESS_SCALE makes everything smaller, such as 0.1.
"""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

from benchmarks.report import machine
from benchmarks.stress import (
    cancels,
    crashes,
    crowd,
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

Run = Callable[[float], Awaitable[list[Row]]]
ROWS: dict[str, Run] = {
    "crowd": crowd.run,
    "sessions": sessions.run,
    "floods": floods.run,
    "owners": owners.run,
    "limits": limits.run,
    "crashes": crashes.run,
    "faults": faults.run,
    "cancels": cancels.run,
    "garbage": garbage.run,
    "shares": shares.run,
    "reconnects": reconnects.run,
    "kills": kills.run,
}
LONG: dict[str, Run] = {"hour": hour.run}
TABLE = Path(__file__).parents[2] / "docs" / "reliability.md"
MARK = "<!-- the table of `make stress` -->"


def main(names: list[str]) -> None:
    """Measure one row after the other."""
    known = ROWS | LONG
    if unknown := [name for name in names if name not in known]:
        sys.exit(f"There is no row {', '.join(unknown)}; there are {', '.join(known)}.")
    scale = float(os.environ.get("LAB_STRESS_SCALE", "1"))
    lines: list[str] = []
    print("\n".join(HEAD))
    for name in names or ROWS:
        for row in asyncio.run(known[name](scale)):
            lines.append(row.line())
            print(row.line(), flush=True)
    if not names and scale == 1:
        text = TABLE.read_text(encoding="utf-8").partition(MARK)[0]
        TABLE.write_text(
            "\n".join([f"{text}{MARK}\n", *machine(), "", *HEAD, *lines]) + "\n", encoding="utf-8"
        )


if __name__ == "__main__":
    main(sys.argv[1:])
