"""One damaged row: all else is read, the log names it, and who asks for it is told in a sentence."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from service import InlineExecutor, LabError, TrainingService, Unreadable
from tests.conftest import run_async

MINE = "a" * 32
DEEP = "[" * 100_000

DAMAGED_JOBS = {
    "config": [
        "",
        "{",
        "[]",
        "7",
        DEEP,
        b"\xff\x00",
        '{"steps": "many"}',
        '{"learning_rate": 0.1, "steps": 5, "low": 9, "high": 1}',
    ],
    "status": ["asleep", b"\xff", 7],
    "step": ["soon", b"\xff", 1.5],
    "loss": ["low", b"\xff"],
    "cancel_requested": ["perhaps"],
}
DAMAGED_MODELS = {
    "options": ["", "{", "[]", "7", DEEP, b"\xff"],
    "seed": ["some", 1.5],
    "step": ["soon"],
    "checkpoint": ["text", 7],
}


def each_of(table: dict[str, list[Any]]) -> Any:
    damage = [(column, value) for column, values in table.items() for value in values]
    return pytest.mark.parametrize(("column", "value"), damage, ids=[f"{c} {str(v)[:20]}" for c, v in damage])


Lab = tuple[TrainingService, str, str]


@pytest.fixture
def runs(lab: TrainingService) -> Lab:
    """A lab with two runs, each trained twice: one to be damaged, and a sound one."""
    models = [lab.create_model("challenge", seed=seed).id for seed in range(2)]
    for model in models:
        lab.runs.keep(MINE, model)
        for _ in range(2):
            lab.train(model, steps=5)
    return lab, models[0], models[1]


def damage(lab: TrainingService, table: str, column: str, value: object, identifier: str) -> None:
    lab._database.rows(f"UPDATE {table} SET {column} = ? WHERE id = ?", value, identifier)


def sentence(action: Callable[[], object]) -> str:
    with pytest.raises(LabError) as refused:
        action()
    return str(refused.value)


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    assert not any(record.exc_info for record in caplog.records)
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]


@each_of(DAMAGED_JOBS)
def test_a_damaged_job_is_set_aside(
    runs: Lab, caplog: pytest.LogCaptureFixture, column: str, value: object
) -> None:
    lab, model, sound = runs
    first, last = lab.jobs(model)
    damage(lab, "jobs", column, value, last.id)
    for _ in range(2):
        assert lab.jobs(model) == [first]
        assert lab.latest_job(model) == first
        assert lab.snapshot(model).jobs == [first]
        assert [len(run.jobs) for run in lab.runs.all(MINE)] == [2, 1]
    for ask in (lab.job, lab.wait, lab.progress, lab.cancel):
        assert sentence(lambda ask=ask: ask(last.id)).startswith(
            f"What is kept of the job '{last.id}' is damaged"
        )
    assert [named[:30] for named in warnings(caplog)] == [f"Job {last.id[:8]} is damaged, and s"[:30]]
    assert len(lab.jobs(sound)) == 2
    assert lab.train(model, steps=5).status == "succeeded"
    lab.rewind(model)


@each_of(DAMAGED_MODELS)
def test_a_damaged_model_is_set_aside(
    runs: Lab, caplog: pytest.LogCaptureFixture, column: str, value: object
) -> None:
    lab, model, sound = runs
    damage(lab, "models", column, value, model)
    for ask in (lab.model, lab.snapshot, lambda each: lab.submit(each, steps=5)):
        assert sentence(lambda ask=ask: ask(model)).startswith(
            f"What is kept of the model '{model}' is damaged"
        )
    assert lab.snapshot(sound).certify()
    for _ in range(2):
        assert sound in [run.model.id for run in lab.runs.all(MINE)]
        assert list(lab.runs.radii([model, sound], seconds=10)) == [sound]
    assert len(warnings(caplog)) <= 1
    lab.delete_model(model)
    assert [run.model.id for run in lab.runs.all(MINE)] == [sound]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("checkpoint", b"garbage"),
        ("checkpoint", b""),
        ("checkpoint", b"\x02" + bytes(7) + b"{}"),
        ("options", '{"hidden": "wide"}'),
        ("options", '{"hidden": [7, 7]}'),
        ("options", '{"start": 7}'),
    ],
)
def test_weights_or_options_that_are_damaged_are_told_where_they_are_needed(
    runs: Lab, column: str, value: object
) -> None:
    lab, model, sound = runs
    damage(lab, "models", column, value, model)
    assert [run.model.id for run in lab.runs.all(MINE)] == [sound, model]
    assert all(run.shape for run in lab.runs.all(MINE))
    assert list(lab.runs.radii([model, sound], seconds=10)) == [sound]
    for ask in (
        lambda: lab.snapshot(model).parameters,
        lambda: lab.snapshot(model).predict([[1, 2, 3]]),
        lambda: lab.snapshot(model).certify(),
    ):
        assert sentence(ask).startswith(f"What is kept of the model '{model}' is damaged")
    assert lab.train(model, steps=5).status == "failed"
    assert lab.train(sound, steps=5).status == "succeeded"


def test_a_model_of_a_task_that_is_not_here_is_told_where_it_is_needed(runs: Lab) -> None:
    lab, model, sound = runs
    damage(lab, "models", "task", "of a lab that has more", model)
    assert [run.model.id for run in lab.runs.all(MINE)] == [sound, model]
    assert list(lab.runs.radii([model, sound], seconds=10)) == [sound]
    assert sentence(lambda: lab.submit(model, steps=5)).startswith("task must be one of")
    assert sentence(lambda: lab.snapshot(model).parameters).startswith("task must be one of")


@pytest.mark.parametrize(("column", "value"), [("loss", "low"), ("step", "soon"), ("held_out_loss", b"\xff")])
def test_a_damaged_point_is_left_out(
    runs: Lab, caplog: pytest.LogCaptureFixture, column: str, value: object
) -> None:
    lab, model, _ = runs
    before = lab.snapshot(model).history
    job = lab.jobs(model)[0]
    lab._database.rows(f"UPDATE points SET {column} = ? WHERE job_id = ? AND number = 2", value, job.id)
    for _ in range(2):
        assert set(before.step) - set(lab.snapshot(model).history.step) == {before.step[1]}
        assert lab.runs.histories([model])[model] == lab.snapshot(model).history
        progress = lab.progress(job.id)
        assert (len(progress.points), progress.after) == (5, 6)
        assert lab.progress(job.id, progress.after).points == []
    assert len(warnings(caplog)) == 1


@pytest.mark.parametrize(
    ("column", "value"), [("content", b"garbage"), ("content", "text"), ("content", b"")]
)
def test_a_damaged_data_set_is_told_where_it_is_needed_and_mended_by_adding_it_again(
    lab: TrainingService, column: str, value: object
) -> None:
    csv = "a,b,c,y1,y2,y3,y4,y5\n1,2,3,1,2,3,4,5\n"
    name = lab.add_dataset(csv).name
    model = lab.create_model("challenge").id
    lab.train(model, dataset=name, steps=5)
    damage(lab, "datasets", column, value, name)
    told = f"What is kept of the data set '{name}' is damaged; add it again."
    assert sentence(lambda: lab.train(model, dataset=name, steps=5)) == told
    with pytest.raises(Unreadable):
        assert lab.snapshot(model).examples
    lab.add_dataset(csv)
    assert lab.train(model, dataset=name, steps=5).status == "succeeded"


@pytest.fixture
def unfinished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, list[str]]:
    """A closed lab with 3 jobs that have not begun."""
    with TrainingService(tmp_path, workers=1, make_executor=InlineExecutor) as lab:
        monkeypatch.setattr(lab._scheduler, "enqueue", lambda job: None)
        jobs = [lab.submit(lab.create_model("product").id, steps=50).id for _ in range(3)]
    return tmp_path, jobs


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [("jobs", column, values[0]) for column, values in DAMAGED_JOBS.items()]
    + [("models", column, values[0]) for column, values in DAMAGED_MODELS.items()]
    + [("models", "task", "none"), ("models", "checkpoint", b"garbage")],
)
def test_the_lab_starts_and_goes_on_with_the_others(
    unfinished: tuple[Path, list[str]], table: str, column: str, value: object
) -> None:
    folder, (one, bad, other) = unfinished
    with TrainingService(folder, workers=1, make_executor=InlineExecutor) as lab:
        lab.wait(bad)
        which = bad if table == "jobs" else lab.job(bad).model_id
        lab._database.rows("UPDATE jobs SET status = 'queued', step = 0, loss = NULL")
        lab._database.rows("UPDATE models SET step = 0, checkpoint = first_checkpoint")
        lab._database.rows("DELETE FROM points")
        damage(lab, table, column, value, which)
    with TrainingService(folder, workers=1, make_executor=InlineExecutor) as lab:
        assert [lab.wait(each).status for each in (one, other)] == ["succeeded", "succeeded"]

        async def asked() -> None:
            for ask in (lab.ended(bad), anext(aiter(lab.watch(bad)))):
                try:
                    await ask
                except LabError as refused:
                    assert "\n" not in str(refused)

        run_async(asked())
