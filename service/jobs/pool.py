"""A pool of processes that outlives each of them: a call whose process dies is made again, in another.

A call must therefore be a function of its arguments alone. Every call has its process to itself; so a death
costs that one call, and the others go on. One process more than can be used rests, to take the place of the
next that dies.

Some calls kill their process, and would kill every other. So a call that so many have died of is not made
again. But a process may also be killed from outside, by SIGKILL, and then it was nobody's doing. If that
happens, it happens to others, too: to processes that did nothing, and in calls that were done when they
were made again. While it does, nobody is blamed for a SIGKILL.
"""

import logging
import pickle
import signal
import threading
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future
from queue import SimpleQueue
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar

from service.jobs.processes import FROM_OUTSIDE, Killed, Worker, settle
from service.jobs.renewal import pause_after

if TYPE_CHECKING:
    from multiprocessing.context import ForkServerContext, SpawnContext  # Windows has only the one

logger = logging.getLogger(__name__)

Result = TypeVar("Result")

MAX_DEATHS = 3
"""Processes that may die of a call in a row, before it is no longer made."""
BLAMELESS_SECONDS = 3.0
"""How long nobody is blamed for a SIGKILL, after one that nobody can be blamed for."""
VERDICT_SECONDS = 0.5
"""How long it is looked out for such a one before a call is blamed."""
LOOK_SECONDS = 0.25
"""How often the processes are looked after that do nothing."""
MAX_FAILED_STARTS = 10
"""Processes in a row that could not be started, before the pool is given up."""


class WorkerDied(Exception):
    """A call has killed its process so many times that it is not made again."""


class WorkerPool(Executor):
    """`workers` processes, each of which makes one call at a time."""

    def __init__(
        self, context: "ForkServerContext | SpawnContext", workers: int, begin: Callable[[], None]
    ) -> None:
        """Start them, in the background; each runs `begin` first."""
        self._context = context
        self._begin = begin
        self._calls: SimpleQueue[_Call | None] = SimpleQueue()
        self._changed = threading.Condition()
        """Guards all below."""
        self._resting: list[Worker] = []
        """The processes that do nothing; the one that was used last comes next, for it is warm."""
        self._size = self._missing = workers + 1
        """How many processes there should be, and how many more than there are."""
        self._failed_starts = 0
        self._blameless = float("-inf")
        """When a process died last that nobody can be blamed for."""
        self._deaths: dict[_Call, int] = {}
        """How many processes have died of each call that is being made, if any have."""
        self._accepting = True
        self._closed = False
        self._serving = workers
        self._threads = [
            threading.Thread(target=self._serve, name=f"worker {number}", daemon=True)
            for number in range(workers)
        ]
        for thread in [threading.Thread(target=self._keep, name="workers", daemon=True), *self._threads]:
            thread.start()

    def submit(self, fn: Callable[..., Result], /, *args: Any, **kwargs: Any) -> Future[Result]:
        """Call `fn` in a process, and again in another if that dies.

        The future raises WorkerDied if it kills them. Raises RuntimeError after `shutdown`, and
        BrokenExecutor, as the future does, once no process can be started.
        """
        call = _Call(fn, args, kwargs)
        with self._changed:
            if not self._accepting:
                raise RuntimeError("cannot schedule new futures after shutdown")
            if self._closed:
                raise _no_worker()
            self._calls.put(call)
        return call.future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more calls; end the processes once those are done that there are, and wait if asked to."""
        with self._changed:
            if self._accepting:
                self._accepting = False
                for _ in self._threads:
                    self._calls.put(None)
        if wait:
            for thread in self._threads:
                thread.join()

    def _serve(self) -> None:
        while (call := self._calls.get()) is not None:
            if call.future.set_running_or_notify_cancel():
                self._make(call)
        with self._changed:
            self._serving -= 1
            last = not self._serving
        if last:
            self._close()

    def _make(self, call: "_Call") -> None:
        """Make the call to its end."""
        try:
            message = pickle.dumps((call.fn, call.args, call.kwargs))
        except Exception as error:
            call.future.set_exception(error)
            return
        while (worker := self._take()) is not None:
            if answer := worker.ask(message):
                self._give_back(worker, call)
                settle(call.future, answer)
                return
            code = worker.stop()
            deaths = self._note_death(call)
            if deaths >= MAX_DEATHS and (code not in FROM_OUTSIDE or not self._others_die()):
                with self._changed:
                    del self._deaths[call]
                call.future.set_exception(WorkerDied(f"it ended its worker {deaths} times{_cause(code)}"))
                return
        call.future.set_exception(_no_worker())

    def _take(self) -> Worker | None:
        """A process that rests; None once there can be none."""
        with self._changed:
            while not self._closed:
                self._bury()
                if self._resting:
                    return self._resting.pop()
                self._changed.wait()
        return None

    def _give_back(self, worker: Worker, call: "_Call") -> None:
        with self._changed:
            self._resting.append(worker)
            if self._deaths.pop(call, 0):
                self._blameless = monotonic()
            self._changed.notify_all()

    def _note_death(self, call: "_Call") -> int:
        """Note that a process has died of the call, and return how many have."""
        with self._changed:
            self._deaths[call] = self._deaths.get(call, 0) + 1
            self._missing += 1
            self._changed.notify_all()
            return self._deaths[call]

    def _bury(self) -> None:
        """Let go of those that died while they rested."""
        if dead := [worker for worker in self._resting if worker.dead]:
            self._resting = [worker for worker in self._resting if worker not in dead]
            self._blameless = monotonic()
            self._missing += len(dead)
            self._changed.notify_all()
            for worker in dead:
                worker.stop()

    def _others_die(self) -> bool:
        """Whether processes die that nobody can be blamed for: lately, or very soon.

        If there are no others, as where they die faster than they start, one is waited for.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._missing < self._size or self._closed)
            return self._changed.wait_for(self._died_lately, VERDICT_SECONDS)

    def _died_lately(self) -> bool:
        # A call that some have died of, but not enough to blame it, may yet be done.
        undecided = any(deaths < MAX_DEATHS for deaths in self._deaths.values())
        return undecided or monotonic() - self._blameless < BLAMELESS_SECONDS

    def _keep(self) -> None:
        """Start processes where some are missing, and look after those that rest."""
        told = False
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._missing or self._closed, LOOK_SECONDS)
                self._bury()
                if not self._missing and not self._closed:
                    continue
                self._changed.wait_for(lambda: self._closed, pause_after(self._failed_starts - 1))
                if self._closed:
                    return
            try:
                worker = Worker(self._context, self._begin)
            except Killed:
                self._blameless = monotonic()
                continue
            except Exception:
                self._failed_starts += 1
                if not told and not self._closed:
                    logger.exception("A worker could not be started; it is tried again")
                told = True
                if self._failed_starts >= MAX_FAILED_STARTS:
                    self._close()
                continue
            with self._changed:
                self._failed_starts = 0
                self._missing -= 1
                self._resting.insert(0, worker)
                self._changed.notify_all()
                closed = self._closed
            if closed:
                self._close()

    def _close(self) -> None:
        """Have no more processes than those in calls."""
        with self._changed:
            self._closed = True
            resting, self._resting = self._resting, []
            self._changed.notify_all()
        for worker in resting:
            worker.stop()


class _Call:
    """What is to be called, and where its result goes."""

    def __init__(self, fn: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        self.fn, self.args, self.kwargs = fn, args, kwargs
        self.future = Future[Any]()


def _cause(code: int | None) -> str:
    if code is None:
        return ""
    return f", the last time by {signal.Signals(-code).name}" if code < 0 else f", with exit code {code}"


def _no_worker() -> BrokenExecutor:
    return BrokenExecutor("no worker can be started")
