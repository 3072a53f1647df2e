"""Two Dask workers against one, each a process with a core of its own."""

import os
import subprocess
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

import psutil

from benchmarks.report import number, table
from service import JobStatus, TrainingService, dask_cluster
from service.jobs.cluster import CALLS_PER_THREAD, DaskExecutor
from tests.service.cluster import dask_processes

TITLE = "Two Dask workers against one, each on a core of its own"
GOAL_RATIO = 1.8
ROUNDS = 3
JOBS = 8
STEPS = {"compiled": 100_000_000, "autograd": 12_000}
"""Of each job, by engine: some two seconds."""
WARM_UP = 0.05
"""The part of the steps that is trained before anything is measured, for what only the first jobs take."""


def pin(process: subprocess.Popen[bytes], core: int) -> None:
    """Have the process compute on this core alone."""
    psutil.Process(process.pid).cpu_affinity([core])


def seconds(lab: TrainingService, engine: str) -> float:
    """How long the jobs of one engine take, each of another owner, once such jobs have been trained."""
    train(lab, engine, int(WARM_UP * STEPS[engine]))
    return train(lab, engine, STEPS[engine])


def train(lab: TrainingService, engine: str, steps: int) -> float:
    """How long it takes from the first job's submission to the last one's end."""
    models = [lab.create_model("memorize", owner=f"{number}") for number in range(JOBS)]
    begin = perf_counter()
    jobs = [lab.submit(each.id, engine=engine, steps=steps, learning_rate=1e-6) for each in models]
    ended = [lab.wait(job.id) for job in jobs]
    taken = perf_counter() - begin
    assert all(job.status is JobStatus.succeeded for job in ended), ended
    return taken


def measure() -> dict[str, tuple[float, float]]:
    """The seconds with one worker and with two, by engine."""
    cores = sorted(psutil.Process().cpu_affinity())[:2]
    made: list[DaskExecutor] = []
    with TemporaryDirectory() as data, dask_processes() as workers:
        pin(workers.add_worker(), cores[0])

        def executor() -> DaskExecutor:
            made.append(dask_cluster(workers.address, 60))
            return made[-1]

        with TrainingService(Path(data), make_executor=executor) as lab:
            one = {engine: seconds(lab, engine) for engine in STEPS}
            pin(workers.add_worker(), cores[-1])
            while made[-1].calls_at_once < 2 * CALLS_PER_THREAD:
                time.sleep(0.1)
            return {engine: (one[engine], seconds(lab, engine)) for engine in STEPS}


def run() -> list[str]:
    """Medians of some rounds, each with a cluster of its own."""
    if (os.cpu_count() or 1) < 2:
        return ["Not measured: there is but one core here."]
    measured = [measure() for _ in range(ROUNDS)]
    rows: list[list[str]] = []
    for engine in STEPS:
        one, two = (median(each[engine][which] for each in measured) for which in (0, 1))
        ratio = median(each[engine][0] / each[engine][1] for each in measured)
        name = f"{JOBS} jobs of {STEPS[engine]:,} steps, {engine} engine"
        rows.append([name, number(one), number(two), number(ratio)])
    return [
        *table(["memorize", "one worker, s", "two workers, s", f"ratio (goal >= {GOAL_RATIO})"], rows),
        "",
        f"Medians of {ROUNDS} rounds, each after a warm-up. The lab and the Dask scheduler have no core "
        "of their own: with two workers on a machine of two cores, they take their share from both.",
    ]


if __name__ == "__main__":
    print("\n".join(run()))
