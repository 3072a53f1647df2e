"""What a session costs, and calls without one."""

import asyncio

from benchmarks.stress.client import Lab, connected
from benchmarks.stress.rows import Row
from benchmarks.stress.server import Server, running


async def run(scale: float = 1.0) -> list[Row]:
    """Sessions that are new beside one that is known, and calls without any."""
    fresh, without = round(1000 * scale), round(10_000 * scale)
    with running() as server:
        async with connected(server.address) as lab:
            await _calls(lab, 200, "known")
            known, _ = await _cost(server, lab, fresh, "known")
            new, kept = await _cost(server, lab, fresh, None)
            before = server.megabytes()
            await _sessionless(lab, without)
            grown = server.megabytes() - before
    milliseconds, kilobytes = 1000 * (new - known), max(kept, 0) * 1000
    return [
        Row(
            "a fresh session, beyond what a known one takes",
            f"{milliseconds:.2f} ms, {kilobytes:.0f} kB",
            "under 2 ms and 60 kB",
            milliseconds < 2 and kilobytes < 60,
        ),
        Row(
            f"{without:,} calls without session_hash",
            f"{grown:.0f} MB more resident",
            "under 100 MB",
            grown < 100,
        ),
    ]


async def _cost(server: Server, lab: Lab, calls: int, session: str | None) -> tuple[float, float]:
    """Seconds of the server's processor for a call, and the megabytes that each left."""
    seconds, megabytes = server.processor_seconds(), server.megabytes()
    await _calls(lab, calls, session)
    taken = server.processor_seconds() - seconds
    return taken / calls, (server.megabytes() - megabytes) / calls


async def _calls(lab: Lab, calls: int, session: str | None) -> None:
    for _ in range(calls):
        await lab.call("tasks", session)


async def _sessionless(lab: Lab, calls: int) -> None:
    """Ask without a session, and never for the answer, twenty at a time."""
    left = iter(range(calls))

    async def some() -> None:
        for _ in left:
            await lab.join("tasks", None)

    await asyncio.gather(*(some() for _ in range(20)))
