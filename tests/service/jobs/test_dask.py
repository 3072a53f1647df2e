"""Training on a real Dask cluster, and what it is refused for."""

import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from distributed import Client

from service import ClusterUnusable, InlineExecutor, Job, JobStatus, TrainingService
from service.jobs import admission
from service.jobs.cluster import DaskExecutor, dask_cluster
from service.jobs.code import Code
from tests.service.cluster import ENV, Cluster, dask_processes

JOBS = 50
STEPS = {"compiled": 5_000_000, "autograd": 300}


@pytest.fixture
def dask() -> Iterator[Cluster]:
    """A scheduler that answers, without workers."""
    with dask_processes() as started:
        wait_for_workers(started, 0)
        yield started


def wait_for_workers(dask: Cluster, count: int) -> None:
    """Until the scheduler answers and has so many."""
    with Client(dask.address, timeout=120, set_as_default=False) as client:
        if count:
            client.wait_for_workers(count, timeout=120)


def executor_of(lab: TrainingService) -> DaskExecutor:
    present = lab._scheduler._executor.present
    assert isinstance(present, DaskExecutor)
    return present


def until_ready(
    executor: DaskExecutor, workers: Callable[[set[str]], bool], seconds: float = 300
) -> set[str]:
    """Wait until those that are ready fulfil the condition."""
    with executor._changed:
        assert executor._changed.wait_for(lambda: workers(set(executor._ready)), seconds)
        return set(executor._ready)


def weights(folder: Path, engine: str) -> Any:
    """What a training gives on this machine."""
    with TrainingService(folder, workers=1, make_executor=InlineExecutor) as lab:
        model = lab.create_model("memorize")
        lab.train(model.id, engine=engine, steps=STEPS[engine], learning_rate=1e-3)
        return lab.snapshot(model.id).fingerprint


def test_workers_that_are_killed_cost_no_job_and_no_bit(dask: Cluster, tmp_path: Path) -> None:
    """By SIGKILL, while slices run there; whoever joins meanwhile gets the code, too, and slices."""
    first, second = dask.add_worker(), dask.add_worker()
    expected = {engine: weights(tmp_path / engine, engine) for engine in STEPS}
    with TrainingService(tmp_path / "lab", make_executor=lambda: dask_cluster(dask.address, 60)) as lab:

        def submit() -> list[Job]:
            return [
                lab.submit(
                    lab.create_model("memorize", owner=f"{number}").id,
                    engine=(engine := [*STEPS][number % 2]),
                    steps=STEPS[engine],
                    learning_rate=1e-3,
                )
                for number in range(JOBS // 2)
            ]

        jobs = submit()
        before = until_ready(executor_of(lab), lambda ready: len(ready) == 2)
        lab.wait(jobs[0].id)
        first.kill()
        third = dask.add_worker()
        until_ready(executor_of(lab), lambda ready: bool(ready - before))
        later = submit()
        lab.wait(later[0].id)
        second.kill()
        lab.wait(later[-3].id)
        dask.add_worker()
        third.kill()
        ended = [lab.wait(job.id) for job in jobs + later]
        assert [job.status for job in ended] == [JobStatus.succeeded] * JOBS
        assert all(lab.snapshot(job.model_id).fingerprint == expected[job.config.engine] for job in ended)


def test_jobs_wait_while_all_workers_are_gone(dask: Cluster, tmp_path: Path) -> None:
    worker = dask.add_worker()
    with TrainingService(tmp_path, make_executor=lambda: dask_cluster(dask.address, 60)) as lab:
        worker.kill()
        until_ready(executor_of(lab), lambda ready: not ready)
        job = lab.submit(lab.create_model("product").id, steps=50)
        dask.add_worker()
        assert lab.wait(job.id).status is JobStatus.succeeded


def test_what_a_cluster_is_refused_for_is_one_sentence(
    dask: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(
        ClusterUnusable, match=rf"^The Dask scheduler at {dask.address} has no workers; [^;]+\.$"
    ):
        dask_cluster(dask.address, timeout=2)
    dask.add_worker()
    with monkeypatch.context() as patch:
        trial = {**admission.trial(), "memorize (compiled)": admission.trial()["challenge (compiled)"]}
        patch.setattr(admission, "trial", lambda: trial)
        with pytest.raises(
            ClusterUnusable, match=r"trains memorize \(compiled\) to other bits than this machine"
        ):
            dask_cluster(dask.address, 60)
    with monkeypatch.context() as patch:
        patch.setattr(admission, "own_code", lambda: Code("code-of-another-version", b""))
        with pytest.raises(ClusterUnusable, match=r"has imported other code of this lab; start it again\.$"):
            dask_cluster(dask.address, 60)


def test_a_worker_without_what_the_code_needs_is_named(dask: Cluster, tmp_path: Path) -> None:
    """The lab ends with that sentence, and says nothing else."""
    (tmp_path / "safetensors.py").write_text("raise ImportError('no safetensors here')")
    dask.add_worker(PYTHONPATH=str(tmp_path))
    wait_for_workers(dask, 1)
    env = {**ENV, "LAB_DASK": dask.address, "LAB_DATA": str(tmp_path / "data")}
    done = subprocess.run([sys.executable, "app.py"], env=env, capture_output=True, text=True, check=False)
    *log, sentence = done.stderr.splitlines()
    assert done.returncode == 1
    assert re.match(
        r"The Dask worker tcp://\S+ cannot run this lab's code \(ImportError: no safetensors here\); install",
        sentence,
    )
    assert not [line for line in log if " INFO " not in line]


def test_a_worker_that_joins_late_with_other_versions_gets_nothing(
    dask: Cluster, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    old = tmp_path / "old" / "torch-2.12.0.dist-info"
    old.mkdir(parents=True)
    (old / "METADATA").write_text("Metadata-Version: 2.1\nName: torch\nVersion: 2.12.0\n")
    dask.add_worker()
    told = threading.Event()

    with TrainingService(tmp_path, make_executor=lambda: dask_cluster(dask.address, 60)) as lab:
        first = until_ready(executor_of(lab), lambda ready: len(ready) == 1)
        dask.add_worker(PYTHONPATH=str(old.parent))
        end = monotonic() + 60
        while "has torch 2.12.0, and this lab torch 2.13.0" not in caplog.text and monotonic() < end:
            told.wait(0.1)
        assert re.search(
            r"The Dask worker tcp://\S+ has torch 2.12.0, and this lab torch 2.13.0", caplog.text
        )
        assert lab.train(lab.create_model("product").id, steps=50).status is JobStatus.succeeded
        assert until_ready(executor_of(lab), bool) == first


def test_a_worker_with_a_nanny_changes_to_the_code_of_a_new_version(
    dask: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dask.add_worker(nanny=True)
    with Client(dask.address, timeout=60, set_as_default=False) as client:
        client.wait_for_workers(1, timeout=60)
        (address,) = client.scheduler_info()["workers"]
        (tmp_path / "service" / "jobs").mkdir(parents=True)
        client.run(exec, f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import service.jobs", {})
    with TrainingService(tmp_path, make_executor=lambda: dask_cluster(dask.address, 60)) as lab:
        assert address not in until_ready(executor_of(lab), bool)
        assert lab.train(lab.create_model("product").id, steps=50).status is JobStatus.succeeded
