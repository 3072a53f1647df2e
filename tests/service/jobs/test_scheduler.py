"""The scheduler: fairness, endings, crashes, and the executors it can run on."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from distributed import LocalCluster

from service import InlineExecutor, InvalidInput, Job, JobStatus, ServiceClosed, TrainingService
from service.jobs.cluster import dask_cluster
from service.jobs.shares import FIRST_SLICE_SECONDS, LONE_SLICE_SECONDS, SLICE_SECONDS
from service.jobs.workers import process_pool
from service.training.advance import advance
from service.training.slices import Timed
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


def test_every_executor_gives_the_same_bits(executor: Callable[[], Executor], tmp_path: Path) -> None:
    with TrainingService(tmp_path, workers=2, make_executor=executor) as lab:
        models = [lab.create_model("challenge", seed=seed) for seed in range(3)]
        jobs = [lab.submit(model.id, steps=700, optimizer="adam", order="shuffled") for model in models]
        assert [lab.wait(job.id).status for job in jobs] == [JobStatus.succeeded] * 3
        found = [lab.snapshot(model.id).parameters for model in models]
    with TrainingService(tmp_path / "other", workers=1, make_executor=InlineExecutor) as lab:
        for seed, parameters in enumerate(found):
            model = lab.create_model("challenge", seed=seed)
            lab.train(model.id, steps=700, optimizer="adam", order="shuffled")
            assert lab.snapshot(model.id).parameters == parameters


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


def test_a_slice_is_longer_while_nobody_else_waits(tmp_path: Path) -> None:
    held = HeldExecutor()

    def seconds_of_the_next_slice() -> float:
        _, _, args = held.wait_for_slice()
        return args[-1]

    def end_slice(steps: int, seconds: float) -> None:
        future, _, (work, *_) = held.calls[-1]
        future.set_result(Timed(advance(work, steps), 10.0, seconds))

    with TrainingService(tmp_path, workers=1, make_executor=lambda: held) as lab, held.let_go_after():
        lone = lab.submit(lab.create_model("product").id, **LONG)
        assert seconds_of_the_next_slice() == LONE_SLICE_SECONDS
        other = lab.submit(lab.create_model("product", owner="other").id, steps=2, engine="autograd")
        end_slice(steps=10, seconds=9.0)
        assert seconds_of_the_next_slice() == FIRST_SLICE_SECONDS
        end_slice(steps=1, seconds=0.01)
        assert seconds_of_the_next_slice() == SLICE_SECONDS
        end_slice(steps=1, seconds=0.05)
        assert lab.wait(other.id).status is JobStatus.succeeded
        assert seconds_of_the_next_slice() == LONE_SLICE_SECONDS
        lab.request_cancel(lone.id)


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
    assert lab.snapshot(model.id).history == lab.snapshot(other.id).history
    assert lab.snapshot(model.id).parameters == lab.snapshot(other.id).parameters


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
        while not lab._scheduler.watchers._by_job:
            pass
        closing = threading.Thread(target=lab._scheduler.close)
        closing.start()
        held.run(*running)
        closing.join()
        with pytest.raises(ServiceClosed, match="go on when it is started again"):
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
        resumed = lab.snapshot(model.id).parameters
        whole = lab.create_model("memorize")
        lab.train(whole.id, **training)
        assert lab.snapshot(whole.id).parameters == resumed
