"""An hour of short jobs with a short life."""

import asyncio
import time
from pathlib import Path

from benchmarks.stress.client import Lab, connected
from benchmarks.stress.rows import Row
from benchmarks.stress.server import Server, running

JOBS = 20_000
SECONDS = 3600
WARM_UP = 0.1
"""The share of the jobs after which memory is expected to stand."""


async def run(scale: float = 1.0) -> list[Row]:
    """20,000 jobs in an hour; a model goes five minutes after it was used last."""
    jobs, seconds = max(20, round(JOBS * scale)), SECONDS * scale
    with running(LAB_MODEL_DAYS=str(0.0035)) as server:
        async with connected(server.address) as lab:
            begin, at_first, megabytes, files = time.monotonic(), 0.0, 0.0, 0
            for number in range(jobs):
                await _train(lab)
                if number == round(jobs * WARM_UP):
                    at_first, megabytes, files = time.monotonic(), server.megabytes(), server.ps.num_fds()
                await asyncio.sleep(max(0.0, begin + seconds * (number + 1) / jobs - time.monotonic()))
            hours = (time.monotonic() - at_first) / 3600
            grown, more_files = (server.megabytes() - megabytes) / hours, server.ps.num_fds() - files
            kept = _kept_megabytes(server)
    return [
        Row(
            f"{jobs:,} jobs in {seconds / 60:.0f} minutes, each with a life of 5",
            f"{grown:+.1f} MB an hour, {more_files:+d} descriptors, {kept:.0f} MB of database",
            "under +5 MB an hour, descriptors constant, database bounded",
            grown < 5 and more_files <= 2 and kept < 500,
        )
    ]


async def _train(lab: Lab) -> None:
    model = await lab.call("create_model", task="product")
    await lab.call("train", model_id=model["id"], steps=1000)


def _kept_megabytes(server: Server) -> float:
    return sum(each.stat().st_size for each in Path(server.data / "lab").glob("lab.sqlite*")) / 1e6
