"""The autograd engine through the service, streaming its progress, against the lab's bare loop."""

import asyncio
import tempfile
from pathlib import Path
from statistics import median

from benchmarks.peers import lab_loop
from benchmarks.report import number, table
from benchmarks.rows import MEMORIZE, PRODUCT, Row
from benchmarks.timing import rounds
from service import JobStatus, TrainingService

TITLE = "Steps per second: the service (autograd engine, progress streamed) against the lab's bare loop"
STEPS = 20_000
ROUNDS = 7
ROWS = (PRODUCT, MEMORIZE, Row("(3,3,5)", "challenge", 1e-3))


async def stream(lab: TrainingService, job_id: str) -> None:
    """Watch the job to its end."""
    updates = [progress async for progress in lab.watch(job_id)]
    assert updates[-1].status is JobStatus.succeeded


def run() -> list[str]:
    """The medians of alternating runs."""
    rows: list[list[str]] = []
    with tempfile.TemporaryDirectory() as folder, TrainingService(Path(folder), workers=1) as lab:
        for row in ROWS:

            def served(task: str = row.name) -> None:
                job = lab.submit(lab.create_model(task).id, steps=STEPS, engine="autograd")
                asyncio.run(stream(lab, job.id))

            served()
            times = rounds(ROUNDS, {"bare": lab_loop(row, STEPS), "served": served})
            ratio = median(bare / served for bare, served in zip(times["bare"], times["served"], strict=True))
            speeds = (STEPS / median(times[name]) for name in ("bare", "served"))
            rows.append([row.name, number(ratio), *(f"{speed:,.0f}" for speed in speeds)])
    return [
        *table(["task", "service / bare loop", "bare loop", "service"], rows),
        "",
        f"Medians of {ROUNDS} rounds of {STEPS:,} steps.",
    ]
