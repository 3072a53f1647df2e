"""A run that is logged reads back, by each tool's own API, as it was."""

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from service import InvalidInput, Snapshot, TrainingService
from service.errors import NotInstalled
from service.takeaway import loggers
from service.takeaway.loggers import LOGGERS, check_logging, log_run


def needs(name: str) -> None:
    """Skip a test whose tool is not installed; where everything has to be tested, fail it."""
    if find_spec(LOGGERS[name].needs) is None:
        message = f"no {name} found: pip install -r requirements-loggers.txt to run this test"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)


@pytest.fixture
def run(lab: TrainingService) -> Snapshot:
    """Two trainings of one model, the first with examples held out."""
    model = lab.create_model("challenge", hidden=[3])
    lab.train(model.id, steps=300, held_out=0.2)
    lab.train(model.id, steps=200, learning_rate=1e-4)
    return lab.snapshot(model.id)


@pytest.fixture
def diverged(lab: TrainingService) -> Snapshot:
    model = lab.create_model("product")
    assert lab.train(model.id, learning_rate=50).status == "diverged"
    return lab.snapshot(model.id)


def losses(snapshot: Snapshot) -> tuple[list[tuple[int, float]], list[tuple[int, float]]]:
    """The recorded losses by step, and those on what was held out."""
    history = snapshot.history
    held_out = zip(history.step, history.held_out_loss or [], strict=False)
    return list(zip(history.step, history.loss, strict=True)), [
        (step, loss) for step, loss in held_out if loss is not None
    ]


def test_tensorboard_has_the_run_in_float32(run: Snapshot, diverged: Snapshot, tmp_path: Path) -> None:
    needs("tensorboard")
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    def read(snapshot: Snapshot) -> EventAccumulator:
        name = log_run(snapshot, "tensorboard", tmp_path)
        return EventAccumulator(str(tmp_path / name), size_guidance={"scalars": 0}).Reload()

    events, (loss, held_out) = read(run), losses(run)
    for name, expected in (("loss", loss), ("held_out_loss", held_out)):
        found = [(each.step, each.value) for each in events.Scalars(name)]
        assert found == [(step, float(np.float32(value))) for step, value in expected]
    assert [each.value for each in events.Scalars("results/certified_radius")] == [run.certify().radius]
    settings = json.loads(events.Tensors("settings/text_summary")[0].tensor_proto.string_val[0])
    assert settings["learning_rate"] == [1e-3, 1e-4]
    ended = read(diverged).Tensors("status/text_summary")[0].tensor_proto.string_val[0]
    assert ended == b"diverged"


def test_mlflow_has_the_run_to_the_bit(run: Snapshot, diverged: Snapshot, tmp_path: Path) -> None:
    needs("mlflow")
    name, other = log_run(run, "mlflow", tmp_path), log_run(diverged, "mlflow", tmp_path)
    from mlflow import MlflowClient

    client = MlflowClient(f"sqlite:///{tmp_path / 'mlflow.db'}")
    experiment = client.get_experiment_by_name("backprop-lab")
    assert experiment is not None
    found = {each.info.run_name: each for each in client.search_runs([experiment.experiment_id])}
    assert {each: found[each].info.status for each in found} == {name: "FINISHED", other: "FAILED"}
    assert found[other].data.tags["status"] == "diverged"
    assert found[other].data.tags["remark"].startswith("Diverged at step ")
    kept, (loss, held_out) = found[name], losses(run)
    for metric, expected in (("loss", loss), ("held_out_loss", held_out)):
        history = client.get_metric_history(kept.info.run_id, metric)
        assert sorted((each.step, each.value) for each in history) == expected
    assert kept.data.params["learning_rate"] == "[0.001, 0.0001]"
    assert kept.data.metrics["certified_radius"] == run.certify().radius


READ = """
import json, trackio
from trackio.sqlite_storage import SQLiteStorage
runs = trackio.Api().runs("backprop-lab")
logs = {run.name: SQLiteStorage.get_logs("backprop-lab", run.name, run_id=run.id) for run in runs}
print(json.dumps([{run.name: run.config for run in runs}, logs]))
"""
"""In a process of its own, for Trackio reads once where it keeps things."""


def test_trackio_has_the_run_to_the_bit(run: Snapshot, diverged: Snapshot, tmp_path: Path) -> None:
    needs("trackio")
    name, other = log_run(run, "trackio", tmp_path), log_run(diverged, "trackio", tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", READ],
        env={**os.environ, "TRACKIO_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    configs, logs = json.loads(done.stdout.splitlines()[-1])
    assert configs[name]["learning_rate"] == [1e-3, 1e-4]
    assert configs[other]["status"] == "diverged"
    loss, held_out = losses(run)
    for metric, expected in (("loss", loss), ("held_out_loss", held_out)):
        assert [(each["step"], each[metric]) for each in logs[name] if metric in each] == expected
    assert [each["certified_radius"] for each in logs[name] if "certified_radius" in each] == [
        run.certify().radius
    ]


@pytest.mark.parametrize("name", LOGGERS)
def test_what_is_not_installed_is_named_with_what_installs_it(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loggers, "find_spec", lambda _: None)
    with pytest.raises(NotInstalled, match=f"pip install {LOGGERS[name].packages}$"):
        check_logging(name, tmp_path)


def test_another_name_and_a_file_for_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="log must be one of tensorboard, trackio, mlflow"):
        check_logging("wandb", tmp_path)
    (tmp_path / "file").touch()
    if find_spec("tensorboard"):
        with pytest.raises(InvalidInput, match="log must be a folder that can be written to"):
            check_logging("tensorboard", tmp_path / "file")


def test_what_is_pinned_for_the_tests_is_what_is_asked_for() -> None:
    pinned = (Path(__file__).parents[4] / "requirements-loggers.txt").read_text(encoding="utf-8")
    assert all(f"\n{each}==" in pinned for kind in LOGGERS.values() for each in kind.packages.split())
