"""The executor is made anew when it can be, and what was lost with it is run again."""

import threading
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future
from pathlib import Path
from typing import Any

import pytest
from distributed import LocalCluster
from distributed.client import FutureCancelledError
from distributed.comm.core import CommClosedError

from service import InlineExecutor, JobStatus, TrainingService
from service.jobs.cluster import dask_cluster
from service.jobs.renewal import MAX_PAUSE_SECONDS, RenewedExecutor, executor_lost, pause_after
from tests.conftest import free_port, under_way, until
from tests.service.executors import HeldExecutor


class Dead(InlineExecutor):
    """Refuses everything, as an executor does that was shut down."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        raise RuntimeError("cannot schedule new futures after shutdown")


def failing(error: BaseException) -> type[InlineExecutor]:
    """A kind of executor that loses every slice with this error."""

    class Failing(InlineExecutor):
        def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
            future = Future[Any]()
            future.set_exception(error)
            return future

    return Failing


@pytest.mark.parametrize(
    "error",
    [
        BrokenExecutor("a worker died"),
        CancelledError("dropped"),
        FutureCancelledError("key", "scheduler-connection-lost"),
        CommClosedError("in <TCP>: stream is closed"),
    ],
)
def test_a_lost_executor_is_told_from_a_slice_that_failed(error: BaseException) -> None:
    assert executor_lost(error)
    assert not executor_lost(OSError("no space left on device"))
    assert not executor_lost(RuntimeError("mat1 and mat2 must have the same dtype"))


def test_the_pauses_grow_to_a_bound() -> None:
    pauses = [pause_after(failures) for failures in range(2000)]
    assert pauses[:3] == [0.0, 0.1, 0.2]
    assert pauses == sorted(pauses)
    assert pauses[-1] == MAX_PAUSE_SECONDS


@pytest.mark.parametrize(
    "first", [Dead, failing(BrokenExecutor("a worker died")), failing(CommClosedError("stream is closed"))]
)
def test_jobs_wait_until_an_executor_can_be_made(
    tmp_path: Path, first: type[InlineExecutor], caplog: pytest.LogCaptureFixture
) -> None:
    made: list[Executor | None] = []

    def make() -> Executor:
        made.append(None)
        if len(made) in (2, 3, 4):
            raise OSError("nobody answers there")
        made[-1] = first() if len(made) == 1 else InlineExecutor()
        return made[-1]

    with TrainingService(tmp_path, workers=2, make_executor=make) as lab:
        jobs = [lab.submit(lab.create_model("product", owner=owner).id, steps=50) for owner in "abc"]
        assert [lab.wait(job.id).status for job in jobs] == [JobStatus.succeeded] * 3
    assert len(made) == 5
    assert caplog.text.count("No executor can be made") == 1


def test_a_job_can_be_cancelled_while_there_is_no_executor(tmp_path: Path) -> None:
    broken = threading.Event()

    def make() -> Executor:
        if broken.is_set():
            raise OSError("nobody answers there")
        broken.set()
        return Dead()

    with TrainingService(tmp_path, workers=1, make_executor=make) as lab:
        job = lab.submit(lab.create_model("product").id, steps=50)
        assert lab.cancel(job.id).status is JobStatus.cancelled


def test_an_executor_that_is_made_too_late_is_shut_down(tmp_path: Path) -> None:
    begun, go_on, shut = threading.Event(), threading.Event(), threading.Event()

    class Late(InlineExecutor):
        def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
            shut.set()

    first = InlineExecutor()

    def make() -> Executor:
        if renewed is None:
            return first
        begun.set()
        assert go_on.wait(10)
        return Late()

    renewed: RenewedExecutor | None = None
    renewed = RenewedExecutor(make, lambda: None)
    renewed.lose(first)
    assert begun.wait(10)
    renewed.close()
    go_on.set()
    assert shut.wait(10)
    assert renewed.present is None


def test_a_slice_in_flight_is_run_again_from_where_it_began(tmp_path: Path) -> None:
    held = [HeldExecutor(), HeldExecutor()]
    upcoming = iter(held)

    def make() -> Executor:
        return next(upcoming)

    with TrainingService(tmp_path, workers=1, make_executor=make) as lab:
        model = lab.create_model("memorize")
        job = lab.submit(model.id, steps=300, engine="autograd")
        future, _, _ = held[0].wait_for_slice()
        future.set_exception(CommClosedError("stream is closed"))
        held[1].wait_for_slice()
        held[1].let_go()
        assert lab.wait(job.id).status is JobStatus.succeeded
        assert lab.snapshot(model.id).history.step == list(range(301))


def test_a_dask_scheduler_may_restart(tmp_path: Path) -> None:
    port = free_port()

    def cluster() -> Any:
        return LocalCluster(
            n_workers=1, threads_per_worker=1, processes=False, dashboard_address=":0", scheduler_port=port
        )

    first = cluster()
    with TrainingService(
        tmp_path, workers=1, make_executor=lambda: dask_cluster(f"tcp://127.0.0.1:{port}", timeout=2)
    ) as lab:
        model = lab.create_model("product")
        job = lab.submit(model.id, steps=10_000_000, engine="autograd", learning_rate=1e-6)
        until(lab, job.id, under_way)
        first.close()
        with cluster():
            seen = lab.job(job.id).step
            until(lab, job.id, lambda progress: progress.step > seen + 1)
            assert lab.cancel(job.id).status is JobStatus.cancelled
            assert lab.train(lab.create_model("product").id, steps=50).status is JobStatus.succeeded
