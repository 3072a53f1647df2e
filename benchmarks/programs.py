"""Programs that learners write: the first result, the speed of their loops, and bombs beside a training."""

import asyncio
import contextlib
import io
import tempfile
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter, process_time

from benchmarks.report import number, table
from service import EXERCISES, ProgramEnd, ProgramProgress, TrainingService
from tests.service.sandbox.bombs import BOMBS
from tests.service.sandbox.conftest import ENDLESS, PRODUCT

TITLE = "Programs that learners write"
STEPS = 50_000
LIMIT = 2
"""Seconds of the processor for a bomb, and for an endless loop."""
NETWORK = EXERCISES["memory"].solution.replace("range(300)", "range({rounds})")
LOOPS = {"product to 15": PRODUCT, "3 → 2 → 5": NETWORK}


def run() -> list[str]:
    """What one who presses Run waits for, and what others do meanwhile."""
    with tempfile.TemporaryDirectory() as folder, TrainingService(Path(folder), workers=2) as lab:
        lab.programs.start()
        model = lab.create_model("product")
        lab.train(model.id)  # the workers are warm
        waits = asyncio.run(_first_results(lab))
        stops = asyncio.run(_stops(lab))
        speeds = [_speed(lab, name, program) for name, program in LOOPS.items()]
    with tempfile.TemporaryDirectory() as folder:
        late, others = asyncio.run(_with_short_limits(Path(folder)))
    return [
        *table(
            ["what", "median s", "95th percentile s", "longest s", "goal s"],
            [
                _row("Run to the end of the product's program, 100 rounds", waits, "0.3"),
                _row("Stop to the process gone", stops, "0.5"),
                _row(f"an endless loop beyond its {LIMIT} seconds, to the sentence", late, "0.5"),
                _row(f"another's product training beside {len(BOMBS)} bombs, submit to done", others, "1"),
            ],
        ),
        "",
        *table([f"{STEPS:,} steps of", "plain Python s", "here s", "of its speed (goal >= 0.8)"], speeds),
        "",
        "On a warm server, by the service. Plain Python runs the same text in a process with one thread. The "
        f"bombs have {LIMIT} seconds each, 4 owners set them off one after another, on 2 workers.",
    ]


def _row(what: str, times: list[float], goal: str) -> list[str]:
    return [what, number(median(times)), number(quantiles(times, n=20)[-1]), number(max(times)), goal]


async def _end(lab: TrainingService, program: str, owner: str = "") -> ProgramEnd:
    last: ProgramProgress | ProgramEnd | None = None
    async for each in lab.programs.run(program, owner=owner):
        last = each
    assert isinstance(last, ProgramEnd)
    return last


async def _first_results(lab: TrainingService) -> list[float]:
    times: list[float] = []
    for _ in range(20):
        begin = perf_counter()
        assert (await _end(lab, PRODUCT.format(rounds=100))).report.error is None
        times.append(perf_counter() - begin)
    return times


async def _stops(lab: TrainingService) -> list[float]:
    times: list[float] = []
    for _ in range(20):
        running = lab.programs.run(ENDLESS, owner="stopped")
        async for each in running:
            if isinstance(each, ProgramProgress) and each.shown:
                break
        begin = perf_counter()
        await running.aclose()  # pyright: ignore[reportAttributeAccessIssue]
        # The owner's next program begins once the process is gone.
        following = lab.programs.run("1", owner="stopped")
        async for _ in following:
            pass
        times.append(perf_counter() - begin)
    return times


def _speed(lab: TrainingService, name: str, program: str) -> list[str]:
    source = program.format(rounds=STEPS)
    plain, ours = [], []
    for _ in range(2):
        begin = process_time()
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(source, "plain.py", "exec"), {"__name__": "__main__"})
        plain.append(process_time() - begin)
        ours.append(asyncio.run(_end(lab, source)).report.seconds)
    return [name, number(min(plain)), number(min(ours)), number(min(plain) / min(ours))]


async def _with_short_limits(folder: Path) -> tuple[list[float], list[float]]:
    """By how much endless loops go beyond their limit, and how long another's trainings take beside bombs."""
    with TrainingService(folder, workers=2, program_seconds=LIMIT) as lab:
        lab.programs.start()
        late: list[float] = []
        for _ in range(5):
            begin = perf_counter()
            assert (await _end(lab, ENDLESS)).report.error is not None
            late.append(perf_counter() - begin - LIMIT)
        left = list(BOMBS.values())

        async def bomber(owner: str) -> None:
            while left:
                await _end(lab, left.pop(), owner)

        bombers = [asyncio.ensure_future(bomber(owner)) for owner in "abcd"]
        times: list[float] = []
        while not all(each.done() for each in bombers):
            begin = perf_counter()
            model = lab.create_model("product", owner="learner")
            await lab.ended(lab.submit(model.id).id)
            times.append(perf_counter() - begin)
        await asyncio.gather(*bombers)
        return late, times
