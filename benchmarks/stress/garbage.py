"""Requests that nobody should send."""

import asyncio
import random
import re
import sys

from benchmarks.stress.rows import Row
from benchmarks.stress.server import Server
from tests.api.fuzzing import fuzz
from tests.api.guessing import KINDS, amiss, guess


async def run(server: Server, scale: float = 1.0) -> list[Row]:
    """20,000 generated requests over every address that is served, and 10,000 guessed ids."""
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
        ),
        await asyncio.to_thread(_guessed, server.address, max(5, round(10_000 / len(KINDS) * scale))),
    ]


def _guessed(address: str, number: int) -> Row:
    wrong = sum(len(amiss([guess(address, kind) for _ in range(number)])) for kind in KINDS)
    return Row(
        f"{number * len(KINDS):,} guessed ids of {', '.join(f'{kind}s' for kind in KINDS)}",
        f"{wrong} answers that are no refusal in words, or differ from others",
        "nothing of another's",
        not wrong,
    )
