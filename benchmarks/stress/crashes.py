"""Workers are killed while jobs run, and a job that kills its own."""

import asyncio
import random
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

from benchmarks.stress.rows import Row
from service import Job, JobStatus, TrainingService

PAUSE_SECONDS = 0.1
ENGINES = {"compiled": 10_000_000, "autograd": 5_000}
"""With the steps of a job."""


async def run(scale: float = 1.0) -> list[Row]:
    """200 kills in 100 jobs of both engines."""
    return await asyncio.to_thread(_kills, max(5, round(200 * scale)), max(4, round(100 * scale)))


def _kills(kills: int, jobs: int) -> list[Row]:
    undisturbed = _trained(jobs=2, kills=0)[0]
    weights, ended, made = _trained(jobs, kills)
    failed = [job.error or job.status.value for job in ended if job.status is not JobStatus.succeeded]
    equal = all(weights[engine] <= undisturbed[engine] for engine in ENGINES)
    return [
        Row(
            f"{made} SIGKILLs of workers in {jobs} jobs of both engines",
            f"{jobs - len(failed)} succeeded, weights {'equal to the bit' if equal else 'differ'}"
            + "".join(f"; {each}" for each in sorted(set(failed))),
            "all end, equal to the bit",
            not failed and equal,
        )
    ]


def _trained(jobs: int, kills: int) -> tuple[dict[str, set[str]], list[Job], int]:
    """The fingerprints that each engine's jobs end with, how all ended, and how many workers were killed."""
    with TemporaryDirectory() as folder, TrainingService(Path(folder), workers=2) as lab:
        submitted = []
        for number in range(jobs):
            engine = [*ENGINES][number % 2]
            model = lab.create_model("memorize", owner=f"{number}")
            submitted.append(lab.submit(model.id, engine=engine, steps=ENGINES[engine], learning_rate=1e-3))
        with ThreadPoolExecutor(1) as waiter:
            waiting = waiter.submit(lambda: [lab.wait(each.id) for each in submitted])
            made = 0
            while made < kills and not waiting.done():
                made += _kill_one()
                time.sleep(PAUSE_SECONDS)
            ended = waiting.result()
        weights: dict[str, set[str]] = {engine: set() for engine in ENGINES}
        for job in ended:
            weights[job.config.engine].add(lab.snapshot(job.model_id).fingerprint)
    return weights, ended, made


def _kill_one() -> int:
    """Kill a worker, whatever it is doing; 0 if there is none."""
    # One may have gone by the time it is looked at.
    with suppress(psutil.NoSuchProcess, IndexError):
        workers = [
            each
            for each in psutil.Process().children(recursive=True)
            if (parent := each.parent()) is not None and "forkserver" in " ".join(parent.cmdline())
        ]
        random.choice(workers).kill()
        return 1
    return 0
