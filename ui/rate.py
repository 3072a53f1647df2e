"""How many calls an address may make in a minute."""

import math
import time

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from service import LimitReached


class Rate:
    """Counts the calls of each address over the last minute."""

    def __init__(self, calls_per_minute: int) -> None:
        self._allowed = RateLimitItemPerMinute(calls_per_minute)
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())

    def count(self, address: str) -> None:
        """Count one call. Raises LimitReached where there were enough."""
        if self._limiter.hit(self._allowed, address):
            return
        again = self._limiter.get_window_stats(self._allowed, address).reset_time - time.time()
        raise LimitReached(
            f"{self._allowed.amount:,} calls came from your address within a minute, as many as may be",
            max(1, math.ceil(again)),
        )
