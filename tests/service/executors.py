"""Executors that let a test see, or hold back, what the scheduler submits."""

import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any

from service import InlineExecutor
from service.training.advance import Work
from service.training.slices import Timed, timed_slice


class RecordingExecutor(InlineExecutor):
    """Runs slices at once and remembers whose they were."""

    def __init__(self) -> None:
        self.submitted: list[Work] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.submitted.append(args[0])
        return super().submit(fn, *args, **kwargs)


class HeldExecutor(Executor):
    """Holds every slice back until it is told to run it."""

    def __init__(self) -> None:
        self.calls: list[tuple[Future[Timed], tuple[Any, ...]]] = []
        self.arrived = threading.Semaphore(0)
        self.holding = True

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future = Future[Timed]()
        self.calls.append((future, args))
        self.arrived.release()
        if not self.holding:
            self.run(future, *args)
        return future

    def wait_for_slice(self) -> tuple[Future[Timed], Work, float | None]:
        assert self.arrived.acquire(timeout=10)
        future, (work, rate) = self.calls[-1]
        return future, work, rate

    def run(self, future: Future[Timed], work: Work, rate: float | None) -> None:
        future.set_result(timed_slice(work, rate))

    def let_go(self) -> None:
        """Run the last slice, and from now on every one at once."""
        self.holding = False
        future, args = self.calls[-1]
        self.run(future, *args)
