"""The scheduler: fairness, endings, crashes, and the executors it can run on."""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from distributed import LocalCluster, default_client

from service import InlineExecutor, InvalidInput, Job, JobStatus, ServiceClosed, TrainingService
from service.workers import dask_cluster, process_pool
from tests.conftest import free_port, under_way, until
from tests.service.executors import HeldExecutor, RecordingExecutor

LONG: dict[str, Any] = {"steps": 10_000_000, "engine": "autograd"}


@pytest.fixture(params=["inline", "processes", "dask"])
def executor(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], Executor]]:
    """Every kind of executor that slices may run on."""
    if request.param == "inline":
        yield InlineExecutor
    elif request.param == "processes":
        yield lambda: process_pool(2)
    else:
        cluster: Any = LocalCluster(
            n_workers=2, threads_per_worker=1, processes=False, dashboard_address=":0"
        )
        with cluster:
            yield lambda: dask_cluster(cluster.scheduler_address)
            default_client().close()


def test_every_executor_gives_the_same_bits(executor: Callable[[], Executor], tmp_path: Path) -> None:
    with TrainingService(tmp_path, workers=2, make_executor=executor) as lab:
        models = [lab.create_model("challenge", seed=seed) for seed in range(3)]
        jobs = [lab.submit(model.id, steps=700, optimizer="adam", order="shuffled") for model in models]
        assert [lab.wait(job.id).status for job in jobs] == [JobStatus.succeeded] * 3
        found = [lab.parameters(model.id) for model in models]
    with TrainingService(tmp_path / "other", workers=1, make_executor=InlineExecutor) as lab:
        for seed, parameters in enumerate(found):
            model = lab.create_model("challenge", seed=seed)
            lab.train(model.id, steps=700, optimizer="adam", order="shuffled")
            assert lab.parameters(model.id) == parameters


def test_owners_share_alike_however_many_jobs_each_has(tmp_path: Path) -> None:
    executor = RecordingExecutor()
    with TrainingService(tmp_path, workers=1, make_executor=lambda: executor) as lab:
        greedy = [lab.create_model("product", owner="greedy") for _ in range(4)]
        modest = lab.create_model("product", owner="modest", start=[2, 2])
        jobs = [lab.submit(model.id, **LONG) for model in greedy]
        last = lab.submit(modest.id, **LONG)
        until(lab, last.id, under_way)
        start = len(executor.submitted)
        until(lab, last.id, lambda _: len(executor.submitted) >= start + 24)
        starts = [work.options.model_dump()["start"] for work in executor.submitted[start : start + 24]]
        for job in [*jobs, last]:
            lab.cancel(job.id)
    assert 8 <= starts.count((2.0, 2.0)) <= 16


class TestCancelling:
    def test_it_acts_between_slices_and_keeps_what_was_learned(self, lab: TrainingService) -> None:
        model = lab.create_model("product")
        job = lab.submit(model.id, **LONG, learning_rate=1e-6)
        until(lab, job.id, under_way)
        cancelled = lab.cancel(job.id)
        assert cancelled.status is JobStatus.cancelled
        assert 0 < cancelled.step < LONG["steps"]
        assert lab.model(model.id).step == cancelled.step
        points = lab.progress(job.id).points
        assert (points[0].step, points[-1].step) == (0, cancelled.step)
        assert points[-1].loss == cancelled.loss

    def test_a_job_that_has_not_begun_ends_at_once(self, tmp_path: Path) -> None:
        held = HeldExecutor()
        with TrainingService(tmp_path, workers=1, make_executor=lambda: held) as lab:
            running, waiting = (lab.submit(lab.create_model("product").id, steps=50) for _ in range(2))
            held.wait_for_slice()
            assert lab.cancel(waiting.id).status is JobStatus.cancelled
            held.let_go()
            assert lab.wait(running.id).status is JobStatus.succeeded

    def test_a_job_that_has_ended_stays_as_it_is(self, lab: TrainingService) -> None:
        job = lab.train(lab.create_model("product").id, steps=5)
        assert lab.cancel(job.id) == job


class TestCrashes:
    def test_a_killed_worker_costs_one_slice(self, tmp_path: Path) -> None:
        pools: list[ProcessPoolExecutor] = []

        def make() -> ProcessPoolExecutor:
            pools.append(process_pool(1))
            return pools[-1]

        with TrainingService(tmp_path, workers=1, make_executor=make) as lab:
            model = lab.create_model("product")
            job = lab.submit(model.id, steps=20_000, engine="autograd")
            until(lab, job.id, under_way)
            worker = pools[0].submit(os.getpid).result()
            os.kill(worker, signal.SIGKILL)
            assert lab.wait(job.id).status is JobStatus.succeeded
            crashed = lab.parameters(model.id)
            assert len(pools) == 2
        with TrainingService(tmp_path / "other", workers=1, make_executor=InlineExecutor) as lab:
            model = lab.create_model("product")
            lab.train(model.id, steps=20_000, engine="autograd")
            assert lab.parameters(model.id) == crashed

    def test_a_job_that_breaks_every_worker_fails_and_the_others_go_on(self, tmp_path: Path) -> None:
        class Deadly(InlineExecutor):
            def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
                if args[0].options.model_dump()["start"] != (6.0, 6.0):
                    return super().submit(fn, *args, **kwargs)
                future = Future[Any]()
                future.set_exception(BrokenExecutor("a worker died"))
                return future

        with TrainingService(tmp_path, workers=1, make_executor=Deadly) as lab:
            poison = lab.submit(lab.create_model("product", start=[6, 6]).id, steps=50)
            healthy = lab.submit(lab.create_model("product").id, steps=50)
            assert lab.wait(healthy.id).status is JobStatus.succeeded
            failed = lab.wait(poison.id)
        assert failed.status is JobStatus.failed
        assert "a worker died" in (failed.error or "")

    def test_an_unforeseen_error_ends_the_job_and_says_so(self, tmp_path: Path) -> None:
        held = HeldExecutor()
        with TrainingService(tmp_path, workers=1, make_executor=lambda: held) as lab:
            job = lab.submit(lab.create_model("product").id, steps=50)
            future, _, _ = held.wait_for_slice()
            future.set_exception(MemoryError("no room"))
            failed: Job = lab.wait(job.id)
            assert failed.status is JobStatus.failed
            assert (
                failed.error
                == "The run failed at step 0 (MemoryError('no room')); the weights before it are kept."
            )

    def test_a_poison_job_takes_no_innocent_one_along(self, tmp_path: Path) -> None:
        class Fragile(Executor):
            """Like a process pool: a poisonous slice breaks it, with all that is in flight."""

            def __init__(self) -> None:
                self.lock = threading.Lock()
                self.in_flight: list[Future[Any]] = []
                self.threads = ThreadPoolExecutor(2)

            def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
                future = Future[Any]()
                self.in_flight.append(future)
                poisonous = args[0].options.model_dump()["start"] == (6.0, 6.0)
                self.threads.submit(self.break_down if poisonous else lambda: self.run(future, fn, args))
                return future

            def run(self, future: Future[Any], fn: Callable[..., Any], args: tuple[Any, ...]) -> None:
                result = fn(*args)
                with self.lock:
                    if not future.done():
                        future.set_result(result)

            def break_down(self) -> None:
                with self.lock:
                    for future in self.in_flight:
                        if not future.done():
                            future.set_exception(BrokenExecutor("a worker died"))

        executor = Fragile()
        with TrainingService(tmp_path, workers=2, make_executor=lambda: executor) as lab:
            innocent = lab.submit(lab.create_model("product", owner="a").id, steps=20_000, engine="autograd")
            poison = lab.submit(lab.create_model("product", owner="b", start=[6, 6]).id, steps=50)
            assert lab.wait(poison.id).status is JobStatus.failed
            assert lab.wait(innocent.id).status is JobStatus.succeeded

    @pytest.mark.parametrize("fault", ["refuses", "cancels"])
    def test_an_executor_at_fault_ends_the_job_and_not_the_scheduler(
        self, tmp_path: Path, fault: str
    ) -> None:
        class Faulty(InlineExecutor):
            def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
                if args[0].options.model_dump()["start"] == (3.0, 4.0):
                    return super().submit(fn, *args, **kwargs)
                if fault == "refuses":
                    raise RuntimeError("cannot schedule new futures")
                future = Future[Any]()
                future.cancel()
                future.set_running_or_notify_cancel()
                return future

        with TrainingService(tmp_path, workers=1, make_executor=Faulty) as lab:
            unlucky = lab.train(lab.create_model("product", start=[6, 6]).id, steps=5)
            assert unlucky.status is JobStatus.failed
            assert lab.train(lab.create_model("product").id, steps=5).status is JobStatus.succeeded

    def test_a_model_that_cannot_be_read_fails_its_job_and_can_be_deleted(self, lab: TrainingService) -> None:
        model = lab.create_model("product")
        lab._store._db.execute("UPDATE models SET options = '{\"start\": 7}'")  # a damaged file
        job = lab.train(model.id, steps=5)
        assert job.status is JobStatus.failed
        assert (job.error or "").startswith("The run could not begin")
        lab.delete_model(model.id)


def test_what_could_not_be_saved_is_saved_with_what_comes_next(
    lab: TrainingService, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused: list[str] = []
    save = lab._store.update_job

    def full_at_first(job: Job, *given: Any) -> None:
        if len(refused) < 3:
            refused.append(job.id)
            raise OSError("no space left on device")
        save(job, *given)

    monkeypatch.setattr(lab._store, "update_job", full_at_first)
    model, other = lab.create_model("product"), lab.create_model("product")
    job = lab.train(model.id, steps=5000, engine="autograd")
    assert len(refused) == 3
    assert job.status is JobStatus.succeeded
    lab.train(other.id, steps=5000, engine="autograd")
    assert lab.history(model.id) == lab.history(other.id)
    assert lab.parameters(model.id) == lab.parameters(other.id)


def test_the_jobs_of_one_owner_take_turns(lab: TrainingService) -> None:
    first, second = (lab.submit(lab.create_model("product").id, **LONG, learning_rate=1e-6) for _ in range(2))
    until(lab, second.id, under_way)
    seen = lab.job(first.id).step
    until(lab, first.id, lambda progress: progress.step > seen)
    for job in (first, second):
        lab.cancel(job.id)


def test_a_cancel_that_overtakes_its_job_is_not_lost(
    lab: TrainingService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lab._scheduler, "enqueue", lambda job: None)
    job = lab.submit(lab.create_model("product").id, **LONG)
    monkeypatch.undo()
    lab.request_cancel(job.id)
    lab._scheduler.enqueue(job)
    assert lab.wait(job.id).status is JobStatus.cancelled


def test_whoever_waits_when_the_service_closes_is_told(tmp_path: Path) -> None:
    held = HeldExecutor()
    with (
        TrainingService(tmp_path, workers=1, make_executor=lambda: held) as lab,
        ThreadPoolExecutor(1) as threads,
    ):
        job = lab.submit(lab.create_model("product").id, **LONG)
        running = held.wait_for_slice()
        waiting = threads.submit(lab.wait, job.id)
        while not lab._scheduler._watchers:
            pass
        closing = threading.Thread(target=lab._scheduler.close)
        closing.start()
        held.run(*running)
        closing.join()
        with pytest.raises(ServiceClosed, match="goes on when it is started again"):
            waiting.result(timeout=10)


def test_a_dask_scheduler_that_does_not_answer_is_named(tmp_path: Path) -> None:
    address = f"tcp://127.0.0.1:{free_port()}"
    with pytest.raises(
        InvalidInput, match=f"LAB_DASK must be the address of a Dask scheduler that answers; got '{address}'"
    ):
        TrainingService(tmp_path, make_executor=lambda: dask_cluster(address, timeout=0.5))


def test_a_stopped_service_goes_on_where_it_was(tmp_path: Path) -> None:
    training: dict[str, Any] = {
        "steps": 2000,
        "optimizer": "adam",
        "learning_rate": 1e-2,
        "engine": "autograd",
    }
    held = HeldExecutor()
    with TrainingService(tmp_path, workers=1, make_executor=lambda: held) as lab:
        model = lab.create_model("memorize")
        job = lab.submit(model.id, **training)
        first = held.wait_for_slice()
        held.run(*first)
        second = held.wait_for_slice()
        closing = threading.Thread(target=lab.close)
        closing.start()
        held.run(*second)
        closing.join()
    with TrainingService(tmp_path, workers=1, make_executor=InlineExecutor) as lab:
        assert lab.wait(job.id).status is JobStatus.succeeded
        resumed = lab.parameters(model.id)
        whole = lab.create_model("memorize")
        lab.train(whole.id, **training)
        assert lab.parameters(whole.id) == resumed
