"""How many calls an address may make in a minute, and have under way at a time."""

import math
import time
from collections import Counter
from typing import Any

from gradio import queueing
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from service import LimitReached, Limits
from ui.visitors import address_of

AGAIN_SECONDS = 10
"""After which somebody with too many calls under way may try again."""


class Events(queueing.Queue):
    """Gradio's queue, which knows how many events of each address are under way."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.under_way = Counter[str]()

    async def process_events(self, events: list[Any], *args: Any, **kwargs: Any) -> None:
        """Run events to their end, that of their streams included."""
        address = address_of(events[0].request.client)
        self.under_way[address] += 1
        try:
            await super().process_events(events, *args, **kwargs)
        finally:
            self.under_way[address] -= 1
            if not self.under_way[address]:
                del self.under_way[address]


def use_this_queue() -> None:
    """Have Gradio queue with this class, where it looks it up."""
    queueing.Queue = Events


class Rate:
    """Says when an address has enough: over the last minute, and at a time."""

    def __init__(self, limits: Limits) -> None:
        self._at_once = limits.calls_at_once_per_address
        self._allowed = RateLimitItemPerMinute(limits.calls_per_minute)
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())

    def count(self, address: str, under_way: int) -> None:
        """Count one call of an address, with that many of its calls `under_way`, itself included.

        Raises LimitReached where there were enough, or are.
        """
        if under_way > self._at_once:
            raise LimitReached(
                f"{self._at_once:,} calls from your address are under way, as many as may be at a time",
                AGAIN_SECONDS,
            )
        if self._limiter.hit(self._allowed, address):
            return
        again = self._limiter.get_window_stats(self._allowed, address).reset_time - time.time()
        raise LimitReached(
            f"{self._allowed.amount:,} calls came from your address within a minute, as many as may be",
            max(1, math.ceil(again)),
        )
