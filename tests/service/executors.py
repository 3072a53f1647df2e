"""Executors that let a test see, or hold back, what the scheduler submits."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, InvalidStateError
from contextlib import contextmanager, suppress
from typing import Any

from service import InlineExecutor
from service.training.advance import Work


class RecordingExecutor(InlineExecutor):
    """Runs slices at once and remembers whose they were."""

    def __init__(self) -> None:
        self.submitted: list[Work] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.submitted.append(args[0])
        return super().submit(fn, *args, **kwargs)


Call = tuple[Future[Any], Callable[..., Any], tuple[Any, ...]]
"""What was submitted, and where its result goes."""


class HeldExecutor(Executor):
    """Holds every slice back until it is told to run it."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.hold()

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future = Future[Any]()
        self.calls.append((future, fn, args))
        self.arrived.release()
        if not self.holding:
            self.run(future, fn, args)
        return future

    def wait_for_slice(self) -> Call:
        """The slice that comes next."""
        assert self.arrived.acquire(timeout=10)
        return self.calls[-1]

    def run(self, future: Future[Any], fn: Callable[..., Any], args: tuple[Any, ...]) -> None:
        """Run a slice."""
        future.set_result(fn(*args))

    def hold(self) -> None:
        """Hold back what comes from now on."""
        self.arrived = threading.Semaphore(0)
        self.holding = True

    def let_go(self) -> None:
        """Run the last slice, and from now on every one at once."""
        self.holding = False
        with suppress(InvalidStateError):  # it may have been run
            self.run(*self.calls[-1])

    @contextmanager
    def let_go_after(self) -> Iterator[None]:
        """`let_go` at the end, also of a test that fails: a lab closes only after the slices in flight."""
        try:
            yield
        finally:
            self.let_go()
