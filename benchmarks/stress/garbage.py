"""Requests that nobody should send."""

import asyncio
import random
import re
import sys

from benchmarks.stress.rows import Row
from benchmarks.stress.server import Server
from tests.api.fuzzing import fuzz


async def run(server: Server, scale: float = 1.0) -> list[Row]:
    """20,000 generated requests over every address that is served."""
    requests, seed = max(50, round(20_000 * scale)), random.randrange(2**32)
    outcome = await asyncio.to_thread(fuzz, server.address, requests, seed)
    tracebacks = server.text().count("Traceback")
    if outcome.faults or tracebacks:
        print(
            outcome, *re.findall(r"Traceback.*?\n(?=\S)", server.text(), re.DOTALL), sep="\n", file=sys.stderr
        )
    counts = ", ".join(f"{number} {kind}" for kind, number in outcome.faults.items()) or "none amiss"
    return [
        Row(
            f"{requests:,} generated requests (seed {seed})",
            f"{sum(outcome.statuses.values()):,} answers, {counts}, {tracebacks} tracebacks",
            "no 5xx, none wordless, no traceback",
            not outcome.faults and not tracebacks,
        )
    ]
