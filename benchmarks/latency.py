"""From submit to done: a 50,000-step job through a warm service, and where its time goes."""

import tempfile
from pathlib import Path
from statistics import median

from benchmarks.report import number, table
from benchmarks.rows import MEMORIZE
from benchmarks.timing import rounds
from service import JobStatus, TrainingService, process_pool
from service.engines import compiled
from service.jobs.shares import LONE_SLICE_SECONDS as SECONDS
from service.training.advance import advance, restore
from service.training.slices import timed_slice

TITLE = "From submit to done: 50,000 steps of memorize through TrainingService.train()"
STEPS = 50_000
ROUNDS = 50
WARM_UP = 5
GOAL = 15


def run() -> list[str]:
    """The medians of alternating calls, each of which contains the one before."""
    work = MEMORIZE.work("compiled", STEPS)
    lives = iter([restore(work) for _ in range(WARM_UP + ROUNDS)])
    with (
        tempfile.TemporaryDirectory() as folder,
        TrainingService(Path(folder), workers=2) as lab,
        process_pool(2) as pool,
    ):
        models = iter([lab.create_model("memorize").id for _ in range(WARM_UP + ROUNDS)])

        def served() -> None:
            job = lab.train(next(models), steps=STEPS, engine="compiled")
            assert job.status is JobStatus.succeeded

        actions = {
            "the kernel: compiled.train() on a live run": lambda: compiled.train(next(lives), STEPS),
            "the rest of advance(): restore, first and last loss, save": lambda: advance(work, STEPS),
            "the rest of a slice: finding out how many steps fit": lambda: timed_slice(work, None, SECONDS),
            "the pool: to a worker and back": lambda: pool.submit(timed_slice, work, None, SECONDS).result(),
            "the rest of train(): store and scheduler": served,
        }
        rounds(WARM_UP, actions)
        times = rounds(ROUNDS, actions)
    before = [0.0] * ROUNDS
    parts: list[list[str]] = []
    for name, whole in times.items():
        part = median(longer - shorter for longer, shorter in zip(whole, before, strict=True))
        parts.append([name, number(part * 1e3)])
        before = whole
    return [
        *table(
            ["", "ms"], [[f"**submit to done** (goal <= {GOAL} ms)", number(median(before) * 1e3)], *parts]
        ),
        "",
        f"Medians of {ROUNDS} rounds after {WARM_UP} more; process pool, 2 workers, a fresh model a round. "
        "Each part is a call of its own, less the call of the line before, in the same round; the first "
        "three run in the benchmark's process.",
    ]
