"""Which trainings of a page become runs, and how a link's trainings follow one another."""

from typing import Any

import pytest

from service import InvalidInput, TrainingService, packed_recipe
from tests.conftest import run_async
from ui.trainer import BenchState, Trainer

WORKSPACE = "d" * 32
TRAINING: dict[str, Any] = {"steps": 20}


@pytest.fixture
def shown() -> BenchState:
    return BenchState(workspace=WORKSPACE)


@pytest.fixture
def trainer(lab: TrainingService) -> Trainer:
    return Trainer(lab, "product")


def train(trainer: Trainer, shown: BenchState, *, moved: bool = False, **training: Any) -> str:
    assert run_async(trainer.train(shown, {}, {**TRAINING, **training}, "me", moved=moved))
    assert shown.model is not None
    return shown.model


def kept(lab: TrainingService) -> list[str]:
    return [run.model.id for run in reversed(lab.runs.all(WORKSPACE))]


def test_every_press_leaves_a_run(lab: TrainingService, trainer: Trainer, shown: BenchState) -> None:
    pressed = [train(trainer, shown, learning_rate=rate) for rate in (0.001, 0.002, 0.003)]
    assert kept(lab) == pressed


def test_a_slider_leaves_only_the_last_of_its_trainings(
    lab: TrainingService, trainer: Trainer, shown: BenchState
) -> None:
    pressed = train(trainer, shown)
    moved = [train(trainer, shown, moved=True, learning_rate=rate) for rate in (0.001, 0.002, 0.004)]
    assert kept(lab) == [pressed, moved[-1]]
    again = train(trainer, shown)
    assert kept(lab) == [pressed, moved[-1], again]


@pytest.mark.parametrize("hold", ["pin", "rename"])
def test_a_slider_leaves_what_somebody_holds_on_to(
    lab: TrainingService, trainer: Trainer, shown: BenchState, hold: str
) -> None:
    held = train(trainer, shown, moved=True)
    getattr(lab.runs, hold)(WORKSPACE, held, {"pin": True, "rename": "my best"}[hold])
    later = train(trainer, shown, moved=True, learning_rate=0.001)
    assert kept(lab) == [held, later]


def test_a_model_of_another_task_is_not_known(lab: TrainingService, trainer: Trainer) -> None:
    assert trainer.known(lab.create_model("memorize").id) is None


def test_a_slider_that_rested_has_left_a_run(
    lab: TrainingService, trainer: Trainer, shown: BenchState, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.trainer.GESTURE_SECONDS", 0)
    moved = [train(trainer, shown, moved=True, learning_rate=rate) for rate in (0.001, 0.002)]
    assert kept(lab) == moved


def test_the_other_engine_s_model_stays_a_run_when_it_is_no_twin_any_more(
    lab: TrainingService, trainer: Trainer, shown: BenchState
) -> None:
    compiled = train(trainer, shown)
    autograd = train(trainer, shown, engine="autograd")
    assert shown.twin == compiled
    later = train(trainer, shown, learning_rate=0.001)
    assert shown.twin is None
    assert kept(lab) == [compiled, autograd, later]


def test_a_twin_made_to_check_is_no_run(lab: TrainingService, trainer: Trainer, shown: BenchState) -> None:
    model = train(trainer, shown)
    run_async(trainer.check(shown, "me"))
    twin = shown.twin
    assert kept(lab) == [model]
    run_async(trainer.drop_twin(shown))
    assert trainer.known(twin) is None


def test_without_a_workspace_only_the_last_is_there(lab: TrainingService, trainer: Trainer) -> None:
    shown = BenchState()
    first = train(trainer, shown)
    train(trainer, shown)
    assert trainer.known(first) is None


def test_a_link_s_trainings_follow_one_another(
    lab: TrainingService, trainer: Trainer, shown: BenchState
) -> None:
    original = lab.create_model("product")
    for steps, rate in ((30, 0.001), (20, 0.002), (10, 0.001)):
        lab.train(original.id, steps=steps, learning_rate=rate)
    run_async(
        trainer.recreate(
            shown, packed_recipe(lab.snapshot(original.id)), lab.snapshot(original.id).fingerprint, "me"
        )
    )
    assert shown.model is not None
    while shown.pending:
        lab.wait(lab.jobs(shown.model)[-1].id)
        run_async(trainer.go_on(shown))
    lab.wait(lab.jobs(shown.model)[-1].id)
    assert lab.snapshot(shown.model).fingerprint == shown.promised
    assert kept(lab) == [shown.model]


def test_a_bad_link_changes_nothing(lab: TrainingService, trainer: Trainer, shown: BenchState) -> None:
    model = train(trainer, shown)
    with pytest.raises(InvalidInput):
        run_async(trainer.recreate(shown, "nonsense", None, "me"))
    assert (shown.model, shown.pending, kept(lab)) == (model, [], [model])
