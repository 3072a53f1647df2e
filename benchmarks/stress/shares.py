"""Fairness between one owner with many jobs and many owners with one."""

import asyncio
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.stress.rows import Row
from service import TrainingService


async def run(scale: float = 1.0) -> list[Row]:
    """100 jobs of one owner, 50 owners with one job each; steps of equal cost in any 10 s."""
    return await asyncio.to_thread(_shares, max(4, round(100 * scale)), max(3, round(50 * scale)), 10.0)


def _shares(jobs: int, others: int, seconds: float) -> list[Row]:
    with TemporaryDirectory() as folder, TrainingService(Path(folder), workers=2) as lab:
        owners: dict[str, list[str]] = {"one": [], **{f"other {number}": [] for number in range(others)}}
        for owner, own in owners.items():
            for _ in range(jobs if owner == "one" else 1):
                model = lab.create_model("memorize", owner=owner)
                own.append(lab.submit(model.id, steps=100_000_000, learning_rate=1e-4).id)
        windows: list[float] = []
        time.sleep(3)
        for _ in range(3):
            before = _steps(lab, owners)
            time.sleep(seconds)
            gained = {owner: now - before[owner] for owner, now in _steps(lab, owners).items()}
            equal = sum(gained.values()) / len(gained)
            windows.append(min(gained.values()) / equal)
        for own in owners.values():
            for job in own:
                lab.request_cancel(job)
    return [
        Row(
            f"{jobs} jobs of one owner beside {others} owners with one",
            f"the least that anybody got of an equal share, over 10 s: {min(windows):.2f}",
            "0.8",
            min(windows) >= 0.8,
        )
    ]


def _steps(lab: TrainingService, owners: dict[str, list[str]]) -> dict[str, int]:
    return {owner: sum(lab.job(job).step for job in own) for owner, own in owners.items()}
