"""What the log says: one line an event, with short ids, and of what lasts a line a minute."""

import logging
import threading
from time import monotonic

ALARM_SECONDS = 60.0
"""Seconds between two lines about the same trouble."""


def short_id(identifier: object) -> str:
    """The first 8 characters of an id: enough to find it again, and too few to use it."""
    return str(identifier)[:8]


class Alarm:
    """Tells the log of a trouble that lasts: once a minute, and when it is over. Any thread may use it."""

    def __init__(self, logger: logging.Logger) -> None:
        self._logger = logger
        self._lock = threading.Lock()
        self._told_at = float("-inf")
        self._told = False

    def warn(self, sentence: str) -> None:
        """Say what the trouble is, unless that was said less than a minute ago."""
        with self._lock:
            if monotonic() - self._told_at < ALARM_SECONDS:
                return
            self._told_at, self._told = monotonic(), True
        self._logger.warning("%s", sentence)

    def over(self, sentence: str) -> None:
        """Say that it is over, if anybody was told of it."""
        with self._lock:
            told, self._told = self._told, False
        if told:
            self._logger.warning("%s", sentence)
