"""One client asks for far too much, while another one trains."""

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress

import aiohttp

from benchmarks.stress.client import Lab, Refused, connected
from benchmarks.stress.rows import Row, begun, percentile, product_training, somebody_else
from benchmarks.stress.server import Server

VECTORS = 10_000
BODY_BYTES = 50_000_000


async def run(server: Server, scale: float = 1.0) -> list[Row]:
    """Vectors, results that nobody fetches, bodies, and open watches."""
    floods: dict[str, Callable[[Lab, float], Awaitable[None]]] = {
        f"{_count(20, scale)} x 10,000 vectors, 4 at a time": _vectors,
        f"{_count(60, scale)} x 10,000 vectors, never fetched": _unfetched,
        f"{_count(20, scale)} bodies of 50 MB": _bodies,
        f"{_count(200, scale)} open /watch": _watches,
    }
    rows: list[Row] = []
    async with connected(server.address) as lab:
        for _ in range(5):
            await product_training(lab)
        before = server.megabytes()
        for title, flood in floods.items():
            rows.append(await _row(title, flood, lab, scale))
        rows.append(await _memory(server, before, 90 * scale))
    return rows


def _count(most: int, scale: float) -> int:
    return max(2, round(most * scale))


async def _row(title: str, flood: Callable[[Lab, float], Awaitable[None]], lab: Lab, scale: float) -> Row:
    async with somebody_else(lab) as taken:
        await asyncio.sleep(1)
        await flood(lab, scale)
        await asyncio.sleep(1)
    p95, longest = percentile(taken, 0.95), max(taken)
    return Row(
        f"another's product training beside {title}",
        f"p95 {p95:.2f} s, longest {longest:.2f} s of {len(taken)}",
        "p95 under 1 s, longest 2 s",
        p95 < 1 and longest <= 2,
    )


async def _memory(server: Server, before: float, patience: float) -> Row:
    begin = time.monotonic()
    while server.megabytes() > before + 100 and time.monotonic() - begin < patience:
        await asyncio.sleep(1)
    seconds, more = time.monotonic() - begin, server.megabytes() - before
    return Row(
        "memory after all that",
        f"{more:+.0f} MB after {seconds:.0f} s",
        "back (within 100 MB) in a minute",
        more <= 100 and seconds <= 60,
    )


async def _vectors(lab: Lab, scale: float) -> None:
    model = await lab.call("create_model", task="challenge")
    vectors, left = [[1, 2, 3]] * VECTORS, iter(range(_count(20, scale)))

    async def some() -> None:
        for _ in left:
            await lab.call("predict", model_id=model["id"], vectors=vectors)

    await asyncio.gather(*(some() for _ in range(4)))


async def _unfetched(lab: Lab, scale: float) -> None:
    model = await lab.call("create_model", task="challenge")
    vectors = [[1, 2, 3]] * VECTORS
    for _ in range(_count(60, scale)):
        await lab.join("predict", secrets.token_hex(6), model_id=model["id"], vectors=vectors)


async def _bodies(lab: Lab, scale: float) -> None:
    body = b'{"data": ["' + b"x" * BODY_BYTES + b'"]}'
    for path in ["/gradio_api/call/create_model", "/lab/run"] * (_count(20, scale) // 2):
        # Refused before it has read all, the lab may close the connection under the client.
        with suppress(Refused, aiohttp.ClientError):
            await lab.post(path, body)


async def _watches(lab: Lab, scale: float) -> None:
    job_id = await begun(lab, "autograd", 10_000_000)

    async def watch() -> None:
        async for _ in lab.stream("watch", job_id=job_id):
            pass

    watching = [asyncio.create_task(watch()) for _ in range(_count(200, scale))]
    await asyncio.sleep(10)
    await lab.call("cancel", job_id=job_id)
    await asyncio.gather(*watching)
