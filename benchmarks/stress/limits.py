"""Whatever can become many is bounded."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.stress.client import Refused, connected
from benchmarks.stress.rows import Row
from benchmarks.stress.server import running
from service import LimitReached, Limits, TrainingService

MOST = 1000


async def run(_scale: float = 1.0) -> list[Row]:
    """Small bounds are reached, each of them refused in a sentence; and calls, through the API."""
    said = await asyncio.to_thread(_bounds)
    said["calls"] = await _calls()
    wrong = [name for name, sentence in said.items() if "try again in" not in sentence]
    return [
        Row(
            f"bounds on {', '.join(said)}",
            f"without a sentence: {', '.join(wrong)}" if wrong else f"each refused, such as: {said['jobs']}",
            "each bounded, with 'try again in N s'",
            not wrong,
        )
    ]


def _bounds() -> dict[str, str]:
    limits = Limits(jobs=3, models=8, datasets=2, database_megabytes=100)
    header = "a,b,c,t1,t2,t3,t4,t5\n"
    with TemporaryDirectory() as folder, TrainingService(Path(folder), workers=1, limits=limits) as lab:

        def job() -> None:
            lab.submit(lab.create_model("memorize").id, steps=100_000_000)

        rows = iter(range(MOST))
        said = {
            "jobs": _refusal(job),
            "models": _refusal(lambda: lab.create_model("product")),
            "datasets": _refusal(lambda: lab.add_dataset(f"{header}{next(rows)},1,1,1,1,1,1,1\n")),
        }
    with (
        TemporaryDirectory() as folder,
        TrainingService(Path(folder), workers=1, limits=Limits(database_megabytes=1)) as lab,
    ):
        said["database"] = _refusal(lambda: lab.create_model("challenge", hidden=[64, 64, 64]))
    return said


def _refusal(add: Callable[[], object]) -> str:
    """What is said once there are too many."""
    for _ in range(MOST):
        try:
            add()
        except LimitReached as error:
            return str(error)
    return "no bound was reached"


async def _calls() -> str:
    with running(LAB_MAX_CALLS_PER_MINUTE="20") as server:
        async with connected(server.address) as lab:
            try:
                for _ in range(MOST):
                    await lab.call("tasks")
            except Refused as error:
                return str(error)
    return "no bound was reached"
