"""The runs of a workspace: kept, named, pinned, thrown away and brought back; and nobody else's."""

from pathlib import Path

import pytest

from service import InvalidInput, NotFound, TrainingService
from service.jobs.runs import MAX_PINNED, MAX_RUNS, REMOVED_RUN_LIFETIME
from tests.conftest import message_of

MINE, THEIRS = "a" * 32, "b" * 32


def run_of(lab: TrainingService, workspace: str = MINE, steps: int = 0) -> str:
    model = lab.create_model("product")
    lab.runs.keep(workspace, model.id)
    if steps:
        lab.train(model.id, steps=steps)
    return model.id


def ids(lab: TrainingService, workspace: str = MINE) -> list[str]:
    return [run.model.id for run in lab.runs.all(workspace)]


def test_runs_are_listed_newest_first_with_all_their_trainings(lab: TrainingService) -> None:
    first, second = run_of(lab, steps=10), run_of(lab)
    lab.train(first, steps=20)
    newest, oldest = lab.runs.all(MINE)
    assert (newest.model.id, newest.jobs, newest.job, newest.seconds) == (second, [], None, 0)
    assert [job.step for job in oldest.jobs] == [10, 30]
    assert oldest.model == lab.model(first)
    assert oldest.job == lab.latest_job(first)
    assert oldest.seconds > 0
    assert (oldest.name, newest.name) == ("Run 1", "Run 2")
    assert not oldest.at_work


def test_keeping_a_run_again_changes_nothing(lab: TrainingService) -> None:
    run = run_of(lab)
    lab.runs.rename(MINE, run, "mine")
    lab.runs.keep(MINE, run)
    assert [each.name for each in lab.runs.all(MINE)] == ["mine"]


def test_a_workspace_shows_its_own_runs_only(lab: TrainingService) -> None:
    mine, theirs = run_of(lab), run_of(lab, THEIRS)
    assert (ids(lab), ids(lab, THEIRS)) == ([mine], [theirs])
    for change in (
        lambda: lab.runs.rename(MINE, theirs, "x"),
        lambda: lab.runs.pin(MINE, theirs, True),
        lambda: lab.runs.remove(MINE, [theirs]),
        lambda: lab.runs.restore(MINE, [theirs]),
    ):
        with pytest.raises(NotFound):
            change()
    assert lab.runs.all(THEIRS)[0].name == "Run 1"


@pytest.mark.parametrize("workspace", ["", "x", "A" * 32, None, 3])
def test_what_is_no_workspace_is_refused(lab: TrainingService, workspace: str) -> None:
    assert message_of(lambda: lab.runs.all(workspace), InvalidInput).startswith("workspace_id must be the id")
    assert message_of(lambda: run_of(lab, workspace), InvalidInput).startswith("workspace_id must be the id")


@pytest.mark.parametrize("name", ["x" * 61, "two\nlines", None])
def test_a_name_that_cannot_be_is_refused(lab: TrainingService, name: str) -> None:
    run = run_of(lab)
    assert message_of(lambda: lab.runs.rename(MINE, run, name), InvalidInput).startswith("name must be")
    lab.runs.rename(MINE, run, " =best <b> ")
    assert lab.runs.all(MINE)[0].name == "=best <b>"
    lab.runs.rename(MINE, run, "")
    assert lab.runs.all(MINE)[0].name == "Run 1"


def test_a_removed_run_comes_back_as_it_was(lab: TrainingService) -> None:
    first, second = run_of(lab), run_of(lab)
    lab.runs.rename(MINE, first, "mine")
    lab.runs.pin(MINE, first, True)
    assert lab.runs.last_removed(MINE) == []
    lab.runs.remove(MINE, [second])
    lab.runs.remove(MINE, [first])
    assert ids(lab) == []
    assert lab.runs.last_removed(MINE) == [first]
    lab.runs.restore(MINE, [first])
    assert [(run.name, run.pinned, run.number) for run in lab.runs.all(MINE)] == [("mine", True, 1)]
    assert lab.runs.last_removed(MINE) == [second]
    assert lab.model(second)


def test_runs_that_are_removed_together_come_back_together(lab: TrainingService) -> None:
    runs = [run_of(lab) for _ in range(4)]
    lab.runs.remove(MINE, runs[:1])
    lab.runs.remove(MINE, runs[1:3])
    assert ids(lab) == runs[3:]
    assert lab.runs.last_removed(MINE) == [runs[2], runs[1]]
    lab.runs.restore(MINE, lab.runs.last_removed(MINE))
    assert ids(lab) == runs[:0:-1]
    assert lab.runs.last_removed(MINE) == runs[:1]


def test_all_of_them_are_removed_or_none(lab: TrainingService) -> None:
    mine, theirs = run_of(lab), run_of(lab, THEIRS)
    with pytest.raises(NotFound):
        lab.runs.remove(MINE, [mine, theirs])
    assert ids(lab) == [mine]


def test_what_was_removed_long_ago_is_deleted(lab: TrainingService, monkeypatch: pytest.MonkeyPatch) -> None:
    old = run_of(lab)
    lab.runs.remove(MINE, [old])
    run_of(lab)
    assert lab.model(old)
    monkeypatch.setattr("service.jobs.runs.REMOVED_RUN_LIFETIME", -REMOVED_RUN_LIFETIME)  # a day ahead of now
    run_of(lab)
    with pytest.raises(NotFound):
        lab.model(old)


def test_the_oldest_make_room_but_never_a_pinned_one(
    lab: TrainingService, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert MAX_RUNS >= 200
    monkeypatch.setattr("service.jobs.runs.MAX_RUNS", 3)
    runs = [run_of(lab) for _ in range(3)]
    lab.runs.pin(MINE, runs[0], True)
    runs += [run_of(lab) for _ in range(3)]
    assert ids(lab) == [*reversed(runs[3:]), runs[0]]
    with pytest.raises(NotFound):
        lab.model(runs[1])


def test_only_so_many_are_pinned(lab: TrainingService) -> None:
    runs = [run_of(lab) for _ in range(MAX_PINNED + 1)]
    for run in runs[:-1]:
        lab.runs.pin(MINE, run, True)
    lab.runs.pin(MINE, runs[0], True)
    message = message_of(lambda: lab.runs.pin(MINE, runs[-1], True), InvalidInput)
    assert message.startswith(f"The number of pinned runs must be at most {MAX_PINNED}")
    lab.runs.pin(MINE, runs[0], False)
    lab.runs.pin(MINE, runs[-1], True)


def test_a_deleted_model_is_no_run_any_more(lab: TrainingService) -> None:
    run = run_of(lab)
    lab.delete_model(run)
    assert ids(lab) == []


def test_runs_survive_a_restart(tmp_path: Path) -> None:
    with TrainingService(tmp_path, workers=1) as lab:
        run = run_of(lab)
    with TrainingService(tmp_path, workers=1) as lab:
        assert ids(lab) == [run]


def test_a_run_of_two_workspaces_goes_from_each_by_itself(
    lab: TrainingService, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = run_of(lab)
    lab.runs.pin(MINE, run, True)
    lab.runs.keep(THEIRS, run)
    assert lab.runs.shared(THEIRS, run)
    lab.runs.remove(THEIRS, [run])
    monkeypatch.setattr("service.jobs.runs.REMOVED_RUN_LIFETIME", -REMOVED_RUN_LIFETIME)
    other = run_of(lab, THEIRS)
    assert ids(lab) == [run]
    assert not lab.runs.shared(MINE, run)
    assert ids(lab, THEIRS) == [other]


def test_keeping_a_removed_run_brings_it_back(lab: TrainingService) -> None:
    run = run_of(lab)
    lab.runs.rename(MINE, run, "mine")
    lab.runs.remove(MINE, [run])
    lab.runs.keep(MINE, run)
    assert [each.name for each in lab.runs.all(MINE)] == ["mine"]


def test_a_model_that_is_deleted_meanwhile_is_left_out(lab: TrainingService) -> None:
    model, gone = lab.create_model("challenge"), lab.create_model("challenge")
    lab.delete_model(gone.id)
    assert list(lab.runs.radii([gone.id, model.id], seconds=10)) == [model.id]
    assert list(lab.runs.histories([gone.id, model.id])) == [model.id]
