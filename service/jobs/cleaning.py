"""The thread that deletes what nobody has used for long, a portion at a time."""

import logging
import threading

from service.errors import StorageFailed
from service.jobs.database import Database
from service.jobs.keeping import Keeping

logger = logging.getLogger(__name__)

PAUSE_SECONDS = 60.0
PORTION_PAUSE_SECONDS = 0.05
"""Seconds between two times that it looks, and between two portions, for the others to use the database."""


class Cleaner:
    """Cleans from construction to `close()`."""

    def __init__(self, database: Database, keeping: Keeping) -> None:
        self._database = database
        self._keeping = keeping
        self._pause_seconds = min(PAUSE_SECONDS, keeping.lifetime_seconds / 10)
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="cleaner", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop after the present portion."""
        self._closing.set()
        self._thread.join()

    def _run(self) -> None:
        pause = self._pause_seconds
        while not self._closing.wait(pause):
            pause = self._pause_seconds
            try:
                if self._database.failing is not None:
                    self._database.probe()
                if self._keeping.clean():
                    pause = PORTION_PAUSE_SECONDS
            except StorageFailed:  # of which the database tells
                continue
            except Exception:
                logger.exception("What is old could not be deleted; this is tried again")
