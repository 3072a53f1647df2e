"""Run every benchmark, and write benchmarks/RESULTS.md and docs/benchmark.png."""

from pathlib import Path

import torch

from benchmarks import (
    autograd,
    certificate,
    dask,
    drag,
    flat,
    kernel_call,
    latency,
    opening,
    plot,
    programs,
    redraw,
    speed,
    startup,
    waiting,
)
from benchmarks.report import machine

FOLDER = Path(__file__).parent
RESULTS = FOLDER / "RESULTS.md"
PICTURE = FOLDER.parent / "docs" / "benchmark.png"


def main() -> None:
    """Print each section as it is done, and write them all in the end."""
    torch.set_num_threads(1)  # as in the service's workers; more only slows such small networks
    sections: list[str] = []
    # The speeds come last, for the other libraries leave threads and memory behind.
    for section in (
        latency,
        drag,
        kernel_call,
        redraw,
        waiting,
        programs,
        flat,
        autograd,
        startup,
        opening,
        certificate,
        dask,
    ):
        lines = ["", f"## {section.TITLE}", "", *section.run()]
        print("\n".join(lines), "\n", flush=True)
        sections += lines
    results = speed.run()
    speeds = [
        *["## Ratios", "", *speed.goals(results), ""],
        *["## Microseconds per step", "", *speed.micros(results), ""],
        *["## Nanoseconds per step, without Python", "", *speed.nanos(results), ""],
        "![The table as a plot](../docs/benchmark.png)",
    ]
    print("\n".join(["", *speeds]))
    head = ["# Benchmarks", "", "Measured by `make bench`.", "", *machine(), ""]
    RESULTS.write_text("\n".join([*head, *speeds, *sections]) + "\n", encoding="utf-8")
    plot.draw(results, PICTURE)
    print(f"\nWrote {RESULTS.relative_to(FOLDER.parent)} and {PICTURE.relative_to(FOLDER.parent)}.")


if __name__ == "__main__":
    main()
