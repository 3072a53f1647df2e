"""What a row of the table is, and figures of many measurements."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from benchmarks.stress.client import Lab


@dataclass(frozen=True)
class Row:
    """A promise, what was measured, and whether it holds."""

    promise: str
    measured: str
    goal: str
    holds: bool

    def line(self) -> str:
        """The row of a Markdown table."""
        return f"| {self.promise} | {self.measured} | {self.goal} | {'yes' if self.holds else '**no**'} |"


HEAD = ["| promise | measured | goal | kept |", "|---|---|---|---|"]


def percentile(seconds: Sequence[float], share: float) -> float:
    """The value that this share of them does not exceed."""
    return sorted(seconds)[min(int(share * len(seconds)), len(seconds) - 1)]


async def product_training(lab: Lab, session: str | None = None) -> float:
    """Seconds from asking for a product's training (50,000 steps) to its end, for a new model."""
    begin = time.monotonic()
    model = await lab.call("create_model", session, task="product")
    job = await lab.call("train", session, model_id=model["id"])
    assert job["status"] == "succeeded", job
    return time.monotonic() - begin


async def begun(lab: Lab, engine: str, steps: int) -> str:
    """The id of a job that has been submitted for a new model."""
    model = await lab.call("create_model", task="memorize")
    return (await lab.call("submit", model_id=model["id"], engine=engine, steps=steps))["id"]


@asynccontextmanager
async def somebody_else(lab: Lab, pause: float = 0.2) -> AsyncIterator[list[float]]:
    """Another learner, who trains a product again and again; the seconds that each took."""
    taken: list[float] = []

    async def learn() -> None:
        while True:
            taken.append(await product_training(lab))
            await asyncio.sleep(pause)

    learner = asyncio.create_task(learn())
    try:
        yield taken
        if learner.done():
            await learner
    finally:
        learner.cancel()
        with suppress(asyncio.CancelledError):
            await learner
