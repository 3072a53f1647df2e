"""What dies, and what it costs: workers, executors, models that cannot be read."""

import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Future
from pathlib import Path
from random import choice
from time import sleep
from typing import Any

import pytest

from benchmarks.stress.deadly import Deadly
from service import InlineExecutor, Job, JobStatus, TrainingService
from service.jobs.pool import WorkerPool
from service.jobs.workers import process_pool
from tests.service.executors import HeldExecutor


def children_of(process: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


class TestCrashes:
    def test_jobs_that_end_their_workers_fail_and_no_innocent_one_does(self, tmp_path: Path) -> None:
        with TrainingService(tmp_path, workers=2, make_executor=Deadly) as lab:
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
                assert "it ended its worker 3 times, with exit code 1" in (failed.error or "")
            later = lab.train(lab.create_model("product").id, steps=50)
            assert later.status is JobStatus.succeeded

    def test_killed_workers_cost_no_job_and_not_a_bit(self, tmp_path: Path) -> None:
        """In the way of a machine that is short of memory: whoever it hits, again and again."""
        trainings = [
            {"steps": 300, "engine": "autograd", "order": "shuffled"},
            {"steps": 1_000_000, "engine": "compiled", "learning_rate": 1e-6},
        ]
        pools: list[WorkerPool] = []

        def make() -> WorkerPool:
            pools.append(process_pool(2))
            return pools[-1]

        def train_ten(lab: TrainingService) -> Iterator[tuple[str, str]]:
            for seed in range(10):
                model = lab.create_model("memorize", seed=seed, owner=str(seed))
                yield model.id, lab.submit(model.id, **trainings[seed % 2]).id

        def outcomes(lab: TrainingService, asked: list[tuple[str, str]]) -> list[Any]:
            assert [lab.wait(job).status for _, job in asked] == [JobStatus.succeeded] * 10
            kept = [lab.snapshot(model) for model, _ in asked]
            return [(each.parameters, each.history) for each in kept]

        with TrainingService(tmp_path, workers=2, make_executor=make) as lab:
            asked = list(train_ten(lab))
            server = pools[0].submit(os.getppid).result()
            kills = 0
            while kills < 20:
                if workers := children_of(server):
                    os.kill(choice(workers), signal.SIGKILL)
                    kills += 1
                sleep(0.05)
            killed = outcomes(lab, asked)
        assert len(pools) == 1
        with TrainingService(tmp_path / "other", workers=1, make_executor=InlineExecutor) as lab:
            assert outcomes(lab, list(train_ten(lab))) == killed

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

    @pytest.mark.parametrize("fault", ["refuses", "cancels", "breaks"])
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
                if fault == "breaks":
                    future.set_exception(BrokenExecutor("all is lost"))
                    return future
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
