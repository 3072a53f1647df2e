"""A class presses Train at once."""

import asyncio
import secrets
import time

from benchmarks.stress.client import Lab, connected
from benchmarks.stress.rows import Row, percentile
from benchmarks.stress.server import running


async def run(scale: float = 1.0) -> list[Row]:
    """300 learners, each with a session of its own."""
    learners = max(3, round(300 * scale))
    with running() as server:
        async with connected(server.address) as lab:
            await _learner(lab)  # the first training of all waits for its kernel
            asked: list[float] = []
            asking = asyncio.create_task(_ask(lab, asked))
            results = await asyncio.gather(*(_learner(lab) for _ in range(learners)), return_exceptions=True)
            asking.cancel()
    taken = [each for each in results if isinstance(each, float)]
    errors = [each for each in results if not isinstance(each, float)]
    p95, tasks = percentile(taken or [0], 0.95), percentile(asked or [0], 0.95)
    return [
        Row(
            f"{learners} learners at once: a model, 100,000 compiled steps, a prediction",
            f"p50 {percentile(taken or [0], 0.5):.1f} s, p95 {p95:.1f} s, {len(errors)} errors",
            "p95 under 5 s, no errors",
            p95 < 5 and not errors,
        ),
        Row("/tasks meanwhile", f"p95 {tasks:.2f} s", "p95 under 1 s", tasks < 1),
    ]


async def _learner(lab: Lab) -> float:
    session, begin = secrets.token_hex(6), time.monotonic()
    model = await lab.call("create_model", session, task="memorize")
    job = await lab.call(
        "train", session, model_id=model["id"], steps=100_000, learning_rate=1e-3, engine="compiled"
    )
    assert job["status"] == "succeeded", job
    await lab.call("predict", session, model_id=model["id"], vectors=[[1, 2, 3]])
    return time.monotonic() - begin


async def _ask(lab: Lab, asked: list[float]) -> None:
    while True:
        begin = time.monotonic()
        await lab.call("tasks")
        asked.append(time.monotonic() - begin)
        await asyncio.sleep(0.1)
