"""The lab's own time, by which things grow old: it passes as the process runs, not as the clock is set."""

from datetime import UTC, datetime, timedelta
from time import monotonic

MAX_AWAY_HOURS = 12
"""What may pass between two starts at most: a clock that is a year ahead makes nothing older than this."""


class LabClock:
    """Goes on from what it showed when it was last noted; it never goes back."""

    def __init__(self, moment: datetime, wall: datetime) -> None:
        """`moment` is what it showed, and `wall` what the computer's clock did."""
        away = wall_time() - wall
        self._begin = moment + min(max(away, timedelta(0)), timedelta(hours=MAX_AWAY_HOURS))
        self._started = monotonic()

    def now(self, ago_seconds: float = 0.0) -> str:
        """The present moment, or one so many seconds ago, in ISO 8601; later moments compare as greater."""
        passed = monotonic() - self._started - ago_seconds
        return iso(self._begin + timedelta(seconds=passed))


def wall_time() -> datetime:
    """What the computer's clock shows, UTC."""
    return datetime.now(UTC)


def iso(moment: datetime) -> str:
    """The moment in ISO 8601, always with all its digits, so that texts compare as moments do."""
    return moment.isoformat(timespec="microseconds")
