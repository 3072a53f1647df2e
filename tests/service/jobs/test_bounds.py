"""How much may be added: refused in a sentence when it is enough, after room was made where that may be."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from service import InlineExecutor, JobStatus, LimitReached, Limits, TrainingService
from tests.conftest import message_of

LIMITS = Limits(
    jobs=5,
    jobs_per_address=4,
    jobs_per_owner=3,
    models=12,
    models_per_address=8,
    datasets=3,
    datasets_megabytes=1,
    database_megabytes=3,
)
MINE = "a" * 32


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[TrainingService]:
    with TrainingService(tmp_path, workers=1, make_executor=InlineExecutor, limits=LIMITS) as service:
        yield service


@pytest.fixture
def waiting(lab: TrainingService, monkeypatch: pytest.MonkeyPatch) -> TrainingService:
    """A lab in which no job begins."""
    monkeypatch.setattr(lab._scheduler, "enqueue", lambda job: None)
    return lab


def hours_pass(lab: TrainingService, hours: float) -> None:
    lab._database.clock._started -= hours * 3600


def submit(lab: TrainingService, owner: str) -> str:
    return lab.submit(lab.create_model("product", owner=owner).id, steps=5).id


def refused(lab: TrainingService, owner: str) -> str:
    model = lab.create_model("product", owner=owner).id
    message = message_of(lambda: lab.submit(model, steps=5), LimitReached)
    lab.delete_model(model)
    return message


def end(lab: TrainingService, job_id: str) -> None:
    lab._store.update_job(lab.job(job_id).model_copy(update={"status": JobStatus.cancelled}))


def test_jobs_are_bounded_by_caller_by_address_and_in_all(waiting: TrainingService) -> None:
    first = [submit(waiting, "10.0.0.1/a") for _ in range(3)]
    assert refused(waiting, "10.0.0.1/a") == (
        "3 jobs of yours have not ended, as many as may be at a time; try again in 30 s."
    )
    submit(waiting, "10.0.0.1/b")
    assert refused(waiting, "10.0.0.1/b").startswith("4 jobs from your address have not ended, as many as")
    assert waiting.health().problems == []
    submit(waiting, "10.0.0.11/a")
    assert refused(waiting, "10.0.0.11/a").startswith("5 jobs of this lab have not ended, as many as may be")
    assert waiting.health().problems == ["The queue is full, so that new jobs are refused."]
    end(waiting, first[0])
    submit(waiting, "10.0.0.1/a")


def test_a_sweep_for_which_there_is_no_room_makes_nothing(waiting: TrainingService) -> None:
    submit(waiting, "x")
    sentence = message_of(
        lambda: waiting.sweep("product", {"learning_rates": [0.1, 0.2, 0.3]}, {}, {"steps": 5}, owner="x"),
        LimitReached,
    )
    assert sentence.startswith(
        "3 jobs of yours have not ended, as many as may be at a time, so that there is no"
    )
    assert waiting._database.rows("SELECT COUNT(*) FROM models")[0][0] == 1
    assert len(waiting.sweep("product", {"learning_rates": [0.1, 0.2]}, {}, {"steps": 5}, owner="x")) == 2


def test_a_job_that_is_known_by_its_key_is_returned_however_full_it_is(waiting: TrainingService) -> None:
    model = waiting.create_model("product", owner="x").id
    job = waiting.submit(model, steps=5, key="k")
    for _ in range(2):
        submit(waiting, "x")
    assert waiting.submit(model, steps=5, key="k") == job


@pytest.mark.parametrize(("owners", "most"), [(["a"], 8), (["a/1", "a/2"], 8), (["a", "b", "c"], 12)])
def test_models_are_bounded_and_the_longest_unused_makes_room(
    lab: TrainingService, owners: list[str], most: int
) -> None:
    models = [lab.create_model("product", owner=owners[each % len(owners)]).id for each in range(most)]

    def add() -> str:
        return lab.create_model("product", owner=owners[0]).id

    assert "models" in message_of(add, LimitReached)
    assert message_of(add, LimitReached).endswith("in use, pinned or named; try again in 600 s.")
    hours_pass(lab, 1.5)
    for model in models[2:]:
        lab.model(model)
    new = add()
    kept = {row["id"] for row in lab._database.rows("SELECT id FROM models")}
    assert kept == {*models[2:], new}


def test_pinned_and_named_runs_make_no_room(lab: TrainingService) -> None:
    models = [lab.create_model("product").id for _ in range(8)]
    for model in models:
        lab.runs.keep(MINE, model)
    for model in models[:4]:
        lab.runs.pin(MINE, model, True)
    for model in models[4:]:
        lab.runs.rename(MINE, model, "mine")
    hours_pass(lab, 1000)
    message_of(lambda: lab.create_model("product"), LimitReached)
    lab.runs.rename(MINE, models[5], "")
    hours_pass(lab, 2)
    lab.create_model("product")
    assert {run.model.id for run in lab.runs.all(MINE)} == {*models} - {models[5]}


def test_data_sets_are_bounded_in_number_and_size(lab: TrainingService) -> None:
    def add(number: int, rows: int = 1) -> str:
        row = ",".join([str(number)] * 8)
        return lab.add_dataset("\n".join(["a,b,c,y1,y2,y3,y4,y5", *[row] * rows])).name

    names = [add(number) for number in range(3)]
    assert message_of(lambda: add(3), LimitReached).startswith("This lab keeps 3 data sets or 1 MB of them")
    add(0)  # is here already
    lab.train(lab.create_model("challenge").id, dataset=names[1], steps=1)
    hours_pass(lab, 2)
    add(3)
    kept = {row["id"] for row in lab._database.rows("SELECT id FROM datasets")}
    assert names[1] in kept
    assert len(kept) == 3
    hours_pass(lab, 2)
    for number in range(4, 8):
        hours_pass(lab, 2)
        add(number, rows=10_000)
    taken = lab._database.rows("SELECT SUM(LENGTH(content)) FROM datasets")[0][0]
    assert taken <= 1_000_000
    assert lab._store.dataset(names[1])


def test_the_database_is_bounded_and_the_longest_unused_makes_room(tmp_path: Path) -> None:
    limits = Limits(database_megabytes=2)
    with TrainingService(tmp_path, workers=1, make_executor=InlineExecutor, limits=limits) as lab:

        def add() -> str:
            return lab.create_model("challenge", hidden=[64]).id

        def fill() -> None:
            for _ in range(10_000):
                add()

        sentence = message_of(fill, LimitReached)
        assert sentence == "This lab holds 2 MB, and nothing may go yet; try again in 600 s."
        for _ in range(3):
            hours_pass(lab, 2)
            for _ in range(100):
                add()
        assert (tmp_path / "lab.sqlite").stat().st_size <= 2_000_000


def test_what_is_refused_is_said_once_a_minute(
    waiting: TrainingService, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(3):
        submit(waiting, "x")
    for _ in range(20):
        refused(waiting, "x")
    assert caplog.messages == ["Refused: 3 jobs of yours have not ended, as many as may be at a time"]
