"""What dies, and what it costs: workers, executors, models that cannot be read."""

import os
import queue
import signal
import threading
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from service import InlineExecutor, Job, JobStatus, TrainingService
from service.jobs.entries import MAX_CRASHES
from service.jobs.workers import process_pool
from service.training.advance import Work
from service.training.slices import timed_slice
from tests.conftest import under_way, until
from tests.service.executors import HeldExecutor


class _Deadly(Executor):
    """A real process pool in which the slices of some jobs end their worker."""

    def __init__(self) -> None:
        self.pool = process_pool(2)

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        if args[0].options.model_dump()["start"][0] >= 6:
            return self.pool.submit(os._exit, 1)
        return self.pool.submit(fn, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self.pool.shutdown(wait=wait, cancel_futures=cancel_futures)


class TestCrashes:
    def test_jobs_that_end_their_workers_fail_and_no_innocent_one_does(self, tmp_path: Path) -> None:
        with TrainingService(tmp_path, workers=2, make_executor=_Deadly) as lab:
            model = lab.create_model("product", owner="a")
            innocent = lab.submit(model.id, steps=500, engine="autograd")
            deadly = [
                lab.submit(lab.create_model("product", owner=owner, start=[6, 6]).id, steps=50)
                for owner in "bc"
            ]
            assert lab.wait(innocent.id).status is JobStatus.succeeded
            for job in deadly:
                failed = lab.wait(job.id)
                assert failed.status is JobStatus.failed
                assert "terminated abruptly" in (failed.error or "")
            later = lab.train(lab.create_model("product").id, steps=50)
            assert later.status is JobStatus.succeeded

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
            crashed = lab.snapshot(model.id).parameters
            assert len(pools) == 2
        with TrainingService(tmp_path / "other", workers=1, make_executor=InlineExecutor) as lab:
            model = lab.create_model("product")
            lab.train(model.id, steps=20_000, engine="autograd")
            assert lab.snapshot(model.id).parameters == crashed

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
                == "The run failed after step 0: MemoryError: no room. The model keeps the weights of that step; "
                "train again to go on from there."
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
        lab._database.rows("UPDATE models SET options = '{\"start\": 7}'")  # a damaged file
        job = lab.train(model.id, steps=5)
        assert job.status is JobStatus.failed
        assert (job.error or "").startswith("The run could not start")
        lab.delete_model(model.id)

    def test_a_crash_is_counted_for_the_job_that_ran_alone(self, tmp_path: Path) -> None:
        """Slices run when this test lets them, so what was in flight beside a death is known."""
        pools: list[HeldExecutor] = []
        given: queue.Queue[tuple[Future[Any], Work]] = queue.Queue()

        class Pool(HeldExecutor):
            def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
                future = super().submit(fn, *args, **kwargs)
                given.put((future, args[0]))
                return future

        def make() -> HeldExecutor:
            pools.append(Pool())
            return pools[-1]

        def die_in(slices: list[tuple[Future[Any], Work]]) -> list[tuple[float, float]]:
            for future, _ in slices:
                future.set_exception(BrokenExecutor("a worker died"))
            return [work.options.model_dump()["start"] for _, work in slices]

        starts = [(6.0 + number, 6.0) for number in range(4)]
        with TrainingService(tmp_path, workers=2, make_executor=make) as lab:
            deadly = [lab.submit(lab.create_model("product", start=start).id, steps=50) for start in starts]
            sound = [lab.submit(lab.create_model("product").id, steps=50) for _ in range(3)]
            for pair in (starts[:2], starts[2:]):
                together = die_in([given.get(timeout=10), given.get(timeout=10)])
                assert sorted(together) == pair
                # Which of the two it was, nobody can know; from now on each has a pool of its own.
                alone = [die_in([given.get(timeout=10)]) for _ in range(2 * MAX_CRASHES)]
                assert sorted(alone) == [[start] for start in pair for _ in range(MAX_CRASHES)]
            assert [lab.wait(job.id).status for job in deadly] == [JobStatus.failed] * 4
            for _ in sound:
                future, work = given.get(timeout=10)
                future.set_result(timed_slice(work, None, 1))
            assert [lab.wait(job.id).status for job in sound] == [JobStatus.succeeded] * 3
        assert len(pools) == 1 + 2 + 4 * MAX_CRASHES
