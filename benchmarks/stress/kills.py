"""The server is killed under load, and started again on a busy machine."""

import asyncio
import multiprocessing
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

from benchmarks.stress.client import Lab, connected
from benchmarks.stress.rows import Row, begun
from benchmarks.stress.server import Server

LOAD = 20
"""Processes that compute beside each start."""


async def run(scale: float = 1.0) -> list[Row]:
    """50 SIGKILLs of the server with jobs at work."""
    kills, load = max(1, round(50 * scale)), max(2, round(LOAD * min(1.0, scale * 5)))
    orphans, starts, jobs = 0, list[float](), list[str]()
    with TemporaryDirectory() as folder:
        busy = [multiprocessing.Process(target=_compute, daemon=True) for _ in range(load)]
        for each in busy:
            each.start()
        for _ in range(kills):
            server = Server(Path(folder))
            starts.append(server.seconds_to_start)
            async with connected(server.address) as lab:
                for engine in ("compiled", "autograd"):
                    jobs.append(await begun(lab, engine, 20_000))
            children = server.ps.children(recursive=True)
            server.kill()
            await asyncio.sleep(2)
            orphans += sum(_alive(each) for each in children)
        for each in busy:
            each.kill()
        server = Server(Path(folder))
        async with connected(server.address) as lab:
            ended = [await _ended(lab, job) for job in jobs]
        server.stop()
    succeeded = ended.count("succeeded")
    return [
        Row(
            f"{kills} SIGKILLs of the server, each start beside {load} processes that compute",
            f"{succeeded} of {len(jobs)} jobs succeeded; every start ready, in {max(starts):.0f} s at most; "
            f"{orphans} orphans after 2 s",
            "no job lost, every start succeeds, no orphan",
            succeeded == len(jobs) and not orphans,
        )
    ]


async def _ended(lab: Lab, job_id: str) -> str:
    while (status := (await lab.call("job", job_id=job_id))["status"]) in ("queued", "running"):
        await asyncio.sleep(0.2)
    return status


def _alive(process: psutil.Process) -> bool:
    with suppress(psutil.NoSuchProcess):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False


def _compute() -> None:
    while True:
        pass
