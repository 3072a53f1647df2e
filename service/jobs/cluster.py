"""A Dask cluster as an executor. Each worker is made ready before it gets slices, whenever it joins."""

import asyncio
import logging
import pickle
import threading
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, wait
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, TypeVar

from service.errors import ClusterUnusable, InvalidInput
from service.jobs.admission import INSTALL, PACKAGES, OtherCode, check_versions, make_ready
from service.jobs.processes import settle
from service.jobs.remote import ByValue, make_call
from service.jobs.renewal import SizedExecutor
from service.logs import Alarm

logger = logging.getLogger(__name__)

Result = TypeVar("Result")

LOOK_SECONDS = 0.5
"""How often it is asked which workers there are."""
PATIENCE_SECONDS = 10.0
"""How long a cluster may have no workers, before it is given up or, at the start, not taken."""
READY_SECONDS = 300.0
"""How long the first worker may take to be made ready: on a new machine it compiles all kernels."""
CALLS_PER_THREAD = 2
"""Slices in flight: while one runs, the next is there already."""
SLICE_STRETCH = 4.0
"""How much longer slices are, for each costs some milliseconds of the lab's and the Dask scheduler's."""


def dask_cluster(address: str, timeout: float = PATIENCE_SECONDS) -> "DaskExecutor":
    """The workers of the Dask scheduler at `address`, such as tcp://host:8786; one of them is ready.

    Raises InvalidInput if none answers there within `timeout` seconds, and ClusterUnusable if there are no
    workers by then, or none that can train as this lab does.
    """
    from distributed import (
        Client,
    )  # here, for it takes half a second to import and is rarely wanted

    client: Any = None
    try:
        client = Client(address, timeout=timeout, set_as_default=False)
        return DaskExecutor(client, address, timeout)
    except Exception as error:
        if client is not None:
            client.close()
        if isinstance(error, OSError | ValueError):
            allowed = "the address of a Dask scheduler that answers"
            raise InvalidInput("LAB_DASK", address, allowed) from None
        raise


@dataclass(eq=False)
class _Worker:
    address: str
    threads: int
    monitored: bool
    """Whether a nanny starts it again."""
    ready: bool = False
    fault: ClusterUnusable | None = None
    told: bool = False


@dataclass(eq=False)
class _Call:
    message: bytes
    future: Future[Any] = field(default_factory=Future[Any])
    sent: Future[bytes] | None = None
    workers: frozenset[str] = frozenset()
    """Where it may run, since it was sent."""


class DaskExecutor(SizedExecutor):
    """The workers of a Dask client, which is closed with it. A call must be a function of its arguments.

    A worker that cannot train as this lab does gets no calls, and the log says why.
    """

    def __init__(self, client: Any, address: str, timeout: float) -> None:
        """Wait for a worker that is ready. Raises ClusterUnusable if that will not be."""
        self._client = client
        self._address = address
        self._make_call = ByValue(make_call)
        self._changed = threading.Condition()
        """Guards all below."""
        self._workers: dict[str, _Worker] = {}
        self._calls: set[_Call] = set()
        self._ready = frozenset[str]()
        self._executor: Executor | None = None
        """Dask's own, for those that are ready; None while none is."""
        self._last_there = monotonic()
        """When a worker was there, or was made ready."""
        self._closed = threading.Event()
        versions = client.get_versions(packages=PACKAGES)
        only_python = {**versions["scheduler"], "packages": {}}
        check_versions(f"The Dask scheduler at {address}", only_python, versions["client"])
        self._wait(timeout)
        threading.Thread(target=self._keep, name="dask workers", daemon=True).start()

    @property
    def calls_at_once(self) -> int:
        """As many as keep all threads of the workers busy."""
        with self._changed:
            threads = sum(self._workers[each].threads for each in self._ready if each in self._workers)
            return max(1, CALLS_PER_THREAD * threads)

    slice_stretch = SLICE_STRETCH

    def submit(self, fn: Callable[..., Result], /, *args: Any, **kwargs: Any) -> Future[Result]:
        """Call `fn` on a worker that is ready, and on another if that is lost.

        Raises RuntimeError after `shutdown`. The future raises BrokenExecutor where no worker is left.
        """
        if self._closed.is_set():
            raise RuntimeError("cannot schedule new futures after shutdown")
        call = _Call(pickle.dumps((fn, args, kwargs)))
        with self._changed:
            self._calls.add(call)
            self._send(call)
        return call.future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Wait for the calls there are if `wait`, and close the client."""
        if wait:
            self._wait_for_calls()
        self._closed.set()
        self._client.close()

    def _wait_for_calls(self) -> None:
        with self._changed:
            futures = [call.future for call in self._calls]
        wait(futures)

    def _send(self, call: _Call) -> None:
        call.workers = self._ready
        call.sent = self._executor.submit(self._make_call, call.message) if self._executor else None
        if call.sent is not None:
            call.sent.add_done_callback(lambda sent: self._end(call, sent))

    def _end(self, call: _Call, sent: Future[bytes]) -> None:
        with self._changed:
            if call.sent is not sent or call not in self._calls:
                return
            self._calls.remove(call)
        error = CancelledError("the Dask scheduler dropped it") if sent.cancelled() else sent.exception()
        if error is None:
            settle(call.future, sent.result())
        else:
            call.future.set_exception(error)

    def _wait(self, timeout: float) -> None:
        """Until a worker is ready; raises ClusterUnusable if none will be."""
        begin = monotonic()
        while not self._ready:
            self._look()
            with self._changed:
                self._changed.wait_for(lambda: self._ready, LOOK_SECONDS)
                workers = [*self._workers.values()]
            faults = [worker.fault for worker in workers if worker.fault]
            taken = monotonic() - begin
            who = f"The Dask scheduler at {self._address}"
            if workers and len(faults) == len(workers):
                raise faults[0]
            if not workers and taken > timeout:
                advice = f"start one, such as by dask worker {self._address} --nthreads 1"
                raise ClusterUnusable(who, "has no workers", advice)
            if taken > READY_SECONDS:
                raise ClusterUnusable(who, f"has no worker ready after {READY_SECONDS:.0f} s", INSTALL)

    def _keep(self) -> None:
        """Look after the workers until it is closed, or none has been left for long."""
        alarm = Alarm(logger)
        while not self._closed.wait(LOOK_SECONDS):
            try:
                self._look()
            except Exception as error:  # a scheduler that has gone; what is in flight is told so by Dask
                alarm.warn(
                    f"The Dask scheduler at {self._address} does not say what workers it has: {error!r}"
                )
            with self._changed:
                faults = [each for each in self._workers.values() if each.fault and not each.told]
                for each in faults:
                    each.told = True
                    logger.warning("%s It gets no slices.", each.fault)
                if any(each.fault is None for each in self._workers.values()):
                    self._last_there = monotonic()
                lost = set(self._calls) if monotonic() - self._last_there > PATIENCE_SECONDS else set[_Call]()
                self._calls -= lost
            for call in lost:
                call.future.set_exception(BrokenExecutor("the Dask cluster has no workers left"))

    def _look(self) -> None:
        """Find out which workers there are, and make ready who is new."""
        present: dict[str, Any] = self._client.scheduler_info()["workers"]
        with self._changed:
            for address in self._workers.keys() - present.keys():
                del self._workers[address]
            new = [
                _Worker(address, said["nthreads"], bool(said["nanny"]))
                for address, said in present.items()
                if address not in self._workers and said["status"] == "running"
            ]
            self._workers.update({worker.address: worker for worker in new})
        self._update()
        if new:
            versions = self._client.get_versions(packages=PACKAGES)
            for worker in new:
                said = (worker, versions["workers"].get(worker.address), versions["client"])
                threading.Thread(target=self._make_ready, args=said, daemon=True).start()

    def _make_ready(self, worker: _Worker, theirs: Any, ours: Any) -> None:
        who = f"The Dask worker {worker.address}"
        logger.info("%s is made ready", who)
        try:
            if theirs is None:
                raise OSError(f"{who} does not tell its versions")
            check_versions(who, theirs, ours)
            make_ready(self._client, worker.address)
            worker.ready = True
            logger.info("%s is ready", who)
        except OtherCode:
            worker.fault = self._restart(worker, who)
        except ClusterUnusable as error:
            worker.fault = error
        except (OSError, asyncio.CancelledError) as error:
            logger.info("%s was lost before it was ready: %r", who, error)
            with self._changed:
                self._workers.pop(worker.address, None)  # if it is there at the next look, it is tried again
        self._update()

    def _restart(self, worker: _Worker, who: str) -> ClusterUnusable | None:
        """Have its nanny start it again, under another address; the fault if that cannot be."""
        if worker.monitored:
            logger.info("%s has other code imported, and is started again", who)
            try:
                self._client.restart_workers([worker.address])
            except Exception as error:
                logger.warning("%s cannot be started again: %r", who, error)
            else:
                return None
        return ClusterUnusable(who, "has imported other code of this lab", "start it again")

    def _update(self) -> None:
        """Take up who is ready now, and call again what was lost with all the others."""
        before: list[Future[bytes]] = []
        with self._changed:
            ready = frozenset(worker.address for worker in self._workers.values() if worker.ready)
            if ready != self._ready:
                self._ready = ready
                # pure=False: the same slice submitted again is to run again, not to be looked up.
                chosen = {"pure": False, "workers": sorted(ready)}
                self._executor = self._client.get_executor(**chosen) if ready else None
            for call in [*self._calls]:
                if ready and call.workers.isdisjoint(ready):
                    before += [call.sent] if call.sent else []
                    self._send(call)
            self._changed.notify_all()
        # Not above: Dask's thread answers, and may wait there.
        for sent in before:
            sent.cancel()
