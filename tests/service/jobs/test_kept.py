"""A database that an earlier version of the lab has kept opens, and holds what it held: see kept/.

It has a model of each task, two engines, a data set that was added, a training that diverged, and runs that
were pinned, named and deleted. `lab.json` is what that version said of them.
"""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from service import InlineExecutor, TrainingService, packed_recipe
from service.tasks import TASKS
from service.training.requests import step_limits, training_config

KEPT = Path(__file__).with_name("kept")
FACTS: dict[str, dict[str, Any]] = json.loads((KEPT / "lab.json").read_text(encoding="utf-8"))
WORKSPACE = "ab" * 16

every_model = pytest.mark.parametrize("model_id", FACTS, ids=[each["task"] for each in FACTS.values()])


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[TrainingService]:
    with sqlite3.connect(tmp_path / "lab.sqlite") as db:
        db.executescript((KEPT / "lab.sql").read_text(encoding="utf-8"))
    db.close()
    with TrainingService(tmp_path, workers=1, make_executor=InlineExecutor) as service:
        yield service


@every_model
def test_the_weights_the_jobs_and_the_losses_are_there(kept: TrainingService, model_id: str) -> None:
    now, then = kept.snapshot(model_id), FACTS[model_id]
    assert now.fingerprint == then["fingerprint"]
    assert now.history.columns() == then["history"]
    assert [job.model_dump(mode="json") for job in now.jobs] == then["jobs"]


@every_model
def test_a_link_of_then_makes_the_same_weights_now(kept: TrainingService, model_id: str) -> None:
    model, trainings = kept.recreate(FACTS[model_id]["recipe"])
    for training in trainings:
        kept.train(model.id, **training)
    assert kept.snapshot(model.id).fingerprint == FACTS[model_id]["fingerprint"]
    assert kept.recreate(packed_recipe(kept.snapshot(model_id)))[1] == trainings


@every_model
def test_it_can_be_rewound_and_trained(kept: TrainingService, model_id: str) -> None:
    assert kept.rewind(model_id).step == 0
    assert kept.train(model_id, steps=3, learning_rate=1e-4).step == 3


def test_the_runs_are_as_they_were_left(kept: TrainingService) -> None:
    runs = {run.model.id: run for run in kept.runs.all(WORKSPACE)}
    product, memorize, challenge, removed = FACTS
    assert list(runs) == [challenge, memorize, product]
    assert runs[product].pinned
    assert runs[memorize].name == "my best"
    assert [title.split()[0] for title in runs[challenge].datasets.values()] == ["mine.csv"]
    assert kept.runs.last_removed(WORKSPACE) == [removed]


@every_model
def test_its_settings_are_still_allowed(model_id: str) -> None:
    then = FACTS[model_id]
    for job in then["jobs"]:
        if job["config"]["dataset"] is None:
            config = training_config(TASKS[then["task"]], job["config"], step_limits())
            assert config.model_dump(mode="json") == job["config"]
