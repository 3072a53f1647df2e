"""A job that kills its own worker, and what that costs others."""

import asyncio
import os
import statistics
import time
from concurrent.futures import Executor, Future
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.stress.rows import Row
from service import JobStatus, TrainingService
from service.jobs.workers import process_pool

DEADLY_START = 6.0
OTHERS = 20
STEPS = 2_000
PAIRS = 3


class Deadly(Executor):
    """A real pool in which the slices of jobs that start from 6 or more end their worker."""

    def __init__(self) -> None:
        self.pool = process_pool(2)

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        """As of a pool."""
        if args[0].options.model_dump().get("start", [0])[0] >= DEADLY_START:
            return self.pool.submit(os._exit, 1)
        return self.pool.submit(fn, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """As of a pool."""
        self.pool.shutdown(wait=wait, cancel_futures=cancel_futures)


async def run(scale: float = 1.0) -> list[Row]:
    """One job that kills its workers beside 20 others."""
    return await asyncio.to_thread(_beside_others, max(10, round(STEPS * scale)))


def _beside_others(steps: int) -> list[Row]:
    ratios, errors = list[float](), list[str]()
    with (
        TemporaryDirectory() as folder,
        TrainingService(Path(folder), workers=2, make_executor=Deadly) as lab,
    ):
        lab.train(lab.create_model("product").id, steps=50)
        for _ in range(PAIRS):
            alone = _seconds(lab, steps)
            model = lab.create_model("product", owner="deadly", start=[DEADLY_START, DEADLY_START])
            deadly = lab.submit(model.id, steps=50)
            ratios.append(_seconds(lab, steps) / alone)
            errors.append(lab.wait(deadly.id).error or "no error")
    cost = statistics.median(ratios) - 1
    after_three = all("its worker 3 times" in each for each in errors)
    fails = "fails after exactly 3, in words" if after_three else errors[0]
    return [
        Row(
            f"a job that kills its own worker, beside {OTHERS} others",
            f"{fails}; costs the others {cost:+.1%}",
            "fails after exactly 3, costs others under 5 %",
            after_three and cost < 0.05,
        )
    ]


def _seconds(lab: TrainingService, steps: int) -> float:
    """How long 20 jobs of as many owners take."""
    models = [lab.create_model("memorize", owner=f"{number}").id for number in range(OTHERS)]
    begin = time.monotonic()
    jobs = [lab.submit(model, steps=steps, engine="autograd").id for model in models]
    ended = [lab.wait(job).status for job in jobs]
    assert ended == [JobStatus.succeeded] * OTHERS, ended
    return time.monotonic() - begin
