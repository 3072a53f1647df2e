"""Is a step as cheap in a long run as in a short one? Time and memory of 10^3 to 10^9 steps."""

import json
import resource
import subprocess
import sys
from pathlib import Path
from statistics import median

from benchmarks.report import number, table
from benchmarks.rows import MEMORIZE
from benchmarks.timing import rounds
from service.training.advance import advance

TITLE = "Long runs: the compiled engine on (3,2,5), through advance()"
SIZES: dict[int, int] = {10**3: 5, 10**5: 5, 10**7: 5, 10**9: 1}
"""How many steps, and how often they are measured."""


def measure(steps: int, count: int) -> None:
    """Print the median seconds of `count` runs, and this process's peak memory in MB."""
    advance(MEMORIZE.work("compiled", 1), 1)
    work = MEMORIZE.work("compiled", steps)
    times = rounds(count, {"advance": lambda: advance(work, steps)})["advance"]
    print(json.dumps([median(times), _peak()]))


def _peak() -> float:
    # On Linux ru_maxrss also counts the process that this one was started from: VmHWM does not.
    status = Path("/proc/self/status")
    if status.exists():
        lines = status.read_text(encoding="utf-8").splitlines()
        return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:"))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def run() -> list[str]:
    """One fresh process a size."""
    rows: list[list[str]] = []
    steps_before, time_before = 0, 0.0
    for steps, count in SIZES.items():
        program = f"from benchmarks import flat; flat.measure({steps}, {count})"
        child = subprocess.run(
            [sys.executable, "-c", program],
            cwd=Path(__file__).parent.parent,
            stdout=subprocess.PIPE,
            check=True,
        )
        time, peak = json.loads(child.stdout)
        beyond = (time - time_before) / (steps - steps_before) * 1e6 if steps_before else None
        rows.append(
            [
                f"{steps:,}",
                number(time * 1e3),
                number(time / steps * 1e6),
                "-" if beyond is None else number(beyond),
                f"{peak:,.0f}",
            ]
        )
        steps_before, time_before = steps, time
    return [
        *table(["steps", "total ms", "us per step", "us per further step", "peak MB"], rows),
        "",
        "A call has a fixed part: reading and writing the checkpoint, and up to 500 recorded losses. The us "
        "per further step leave it out: they are the time between a size and the one above it, divided by "
        "the steps between them. Each size has a fresh process, and its peak includes torch and Numba.",
    ]
