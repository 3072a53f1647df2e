"""Three hundred sessions of one client with jobs that never end."""

import asyncio

from benchmarks.stress.client import connected
from benchmarks.stress.rows import Row, begun, percentile, product_training
from benchmarks.stress.server import Server

STEPS = 100_000_000


async def run(server: Server, scale: float = 1.0) -> list[Row]:
    """A newcomer of the same address: from another, the wait would be no longer."""
    owners = max(3, round(300 * scale))
    async with connected(server.address) as lab:
        await product_training(lab)
        for _ in range(owners):
            await begun(lab, "compiled", STEPS)
        waited: list[float] = []
        for _ in range(max(3, round(30 * scale))):
            waited.append(await product_training(lab))
            await asyncio.sleep(0.2)
    p50, p95 = percentile(waited, 0.5), percentile(waited, 0.95)
    return [
        Row(
            f"a newcomer's product training beside {owners} sessions with {STEPS // 1_000_000}M steps each",
            f"p50 {p50:.2f} s, p95 {p95:.2f} s",
            "under 1 s",
            p95 < 1,
        )
    ]
