"""The executor that slices run on: one that is lost is replaced as soon as another can be made."""

import asyncio
import logging
import threading
from abc import abstractmethod
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, CancelledError, Executor
from typing import ClassVar

logger = logging.getLogger(__name__)

FIRST_PAUSE_SECONDS = 0.1
MAX_PAUSE_SECONDS = 5.0
"""Seconds between two attempts to make an executor: at first, and after failing again and again."""


def executor_lost(error: BaseException) -> bool:
    """Whether a slice ended with this error because its executor was lost, and not by itself.

    A Dask cluster reports KilledWorker of a slice only after it has tried it on several workers.
    """
    if isinstance(error, BrokenExecutor | CancelledError | asyncio.CancelledError):
        return True
    kind = type(error)
    return kind.__module__.partition(".")[0] == "distributed" and kind.__name__ != "KilledWorker"


def pause_after(failures: int) -> float:
    """How many seconds to wait after so many failures one after another; the first costs no time."""
    return 0.0 if failures < 1 else min(FIRST_PAUSE_SECONDS * 2.0 ** min(failures - 1, 10), MAX_PAUSE_SECONDS)


class SizedExecutor(Executor):
    """An executor that knows itself how much it takes, which may change."""

    slice_stretch: ClassVar[float]
    """How many times as long its slices had better be, for the way to it is long."""

    @property
    @abstractmethod
    def calls_at_once(self) -> int:
        """How many calls it makes at a time, at present."""


class RenewedExecutor:
    """One executor at a time. All but `made` happens in the thread of its owner."""

    def __init__(self, make: Callable[[], Executor], made: Callable[[], None]) -> None:
        """Make the first executor, and raise what `make` raises.

        `made` is called, in a thread of its own, whenever a lost executor has been replaced.
        """
        self._make = make
        self._made = made
        self._present: Executor | None = make()
        self._lost = 0
        self._closing = threading.Event()
        self._handing_over = threading.Lock()

    @property
    def present(self) -> Executor | None:
        """The executor to submit to; None while there is none."""
        return self._present

    def worked(self) -> None:
        """Note that it ran a slice, if only to die of it; so the next loss is replaced at once."""
        self._lost = 0

    def lose(self, executor: Executor) -> None:
        """Let go of a lost executor and begin to make another, unless that has begun already."""
        if executor is self._present:
            self._present = None
            self._lost += 1
            renewal = threading.Thread(
                target=self._renew, args=(executor, self._lost - 1), name="renewal", daemon=True
            )
            renewal.start()

    def close(self) -> None:
        """Shut down the executor that there is, if any; what is being made is shut down once made."""
        with self._handing_over:
            self._closing.set()
        if self._present is not None:
            self._present.shutdown()

    def _renew(self, lost: Executor, failures: int) -> None:
        try:
            lost.shutdown(wait=False)
        except Exception as error:
            logger.warning("A lost executor could not be shut down: %r", error)
        told = False
        while not self._closing.wait(pause_after(failures)):
            try:
                executor = self._make()
            except Exception as error:
                failures += 1
                if not told:
                    logger.warning("No executor can be made; jobs wait, and it is tried again: %r", error)
                told = True
                continue
            with self._handing_over:
                if not self._closing.is_set():
                    self._present = executor
            if self._present is not executor:
                executor.shutdown(wait=False)
            elif told:
                logger.warning("An executor was made; the jobs go on")
            self._made()
            return
