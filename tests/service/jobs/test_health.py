"""What whoever runs a lab is told that is wrong with it."""

import pytest

from service import TrainingService


def test_a_lab_is_well(lab: TrainingService) -> None:
    lab.train(lab.create_model("product").id, steps=5)
    written = lab._database._db.total_changes
    assert lab.health().problems == []
    assert lab._database._db.total_changes == written


def test_what_cannot_be_written_is_told(lab: TrainingService) -> None:
    lab._database.rows("PRAGMA query_only = 1")
    with pytest.raises(Exception, match="cannot write to its data folder") as failed:
        lab.create_model("product")
    assert lab.health().problems == [str(failed.value)]


def test_a_lost_executor_is_told_until_there_is_another(tmp_path: object, lab: TrainingService) -> None:
    renewed = lab._scheduler._executor
    lost, renewed._present = renewed._present, None
    assert lab.health().problems == ["Jobs wait, for what runs them was lost and cannot be made anew so far."]
    renewed._present = lost
    assert lab.health().problems == []


def test_a_lab_that_was_closed_says_so(lab: TrainingService) -> None:
    lab.close()
    assert [sentence[:18] for sentence in lab.health().problems] == [
        "No jobs are run, f",
        "The service has be",
    ]
