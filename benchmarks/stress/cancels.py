"""Cancel, beside a hundred other jobs."""

import asyncio
import time

from benchmarks.stress.client import Lab, connected
from benchmarks.stress.rows import Row, begun, percentile, product_training
from benchmarks.stress.server import Server

JOBS = (("compiled", 50_000_000), ("autograd", 100_000))
"""Jobs that outlast the row, by engine and steps."""


async def run(server: Server, scale: float = 1.0) -> list[Row]:
    """Jobs that run, of both engines, and jobs that nobody has begun."""
    beside, cancels = max(5, round(100 * scale)), max(5, round(50 * scale))
    async with connected(server.address) as lab:
        await product_training(lab)
        for number in range(beside):
            await begun(lab, *JOBS[number % 2])
        running_jobs, queued = list[float](), list[float]()
        for number in range(cancels):
            job = await begun(lab, *JOBS[number % 2])
            while (await lab.call("job", job_id=job))["status"] == "queued":
                await asyncio.sleep(0.02)
            running_jobs.append(await _cancel(lab, job))
            queued.append(await _cancel(lab, await begun(lab, *JOBS[0])))
    of_running, of_queued = percentile(running_jobs, 0.95), percentile(queued, 0.95)
    return [
        Row(
            f"cancel of a running job, beside {beside} others",
            f"p50 {1000 * percentile(running_jobs, 0.5):.0f} ms, p95 {1000 * of_running:.0f} ms",
            "p95 under 250 ms",
            of_running < 0.25,
        ),
        Row(
            f"cancel of a queued job, beside {beside} others",
            f"p50 {1000 * percentile(queued, 0.5):.0f} ms, p95 {1000 * of_queued:.0f} ms",
            "p95 under 50 ms",
            of_queued < 0.05,
        ),
    ]


async def _cancel(lab: Lab, job: str) -> float:
    begin = time.monotonic()
    status = (await lab.call("cancel", job_id=job))["status"]
    assert status == "cancelled", status
    return time.monotonic() - begin
