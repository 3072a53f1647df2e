"""What the bench shows while what it shows changes."""

from pathlib import Path
from typing import Any

import gradio as gr
import pytest

from service import InvalidInput, TrainingService
from tests.conftest import run_async
from tests.service.executors import HeldExecutor
from ui.chapters.autograd import BENCH_TASK
from ui.layout import Layout, Memory
from ui.trainer import BenchState, Trainer
from ui.view import Scene, Updates, View

AT_WORK = ('data-status="queued"', 'data-status="running"')


class EndsWhileRead:
    """The service, whose held training ends just before it is asked for the `last`th time."""

    def __init__(self, lab: TrainingService, held: HeldExecutor, job_id: str, last: int) -> None:
        self._lab, self._held, self._job_id = lab, held, job_id
        self.left = last

    def __getattr__(self, name: str) -> Any:
        self.left -= 1
        if self.left == 0:
            self._held.let_go()
            self._lab.wait(self._job_id)
        return getattr(self._lab, name)


def updates_while_it_ends(folder: Path, last: int) -> tuple[Updates, Layout, bool]:
    """The bench's updates, where they are, and whether the training has ended meanwhile."""
    held = HeldExecutor()
    with TrainingService(folder, workers=1, make_executor=lambda: held) as lab, gr.Blocks():
        model = lab.create_model(BENCH_TASK.task)
        job = lab.submit(model.id, steps=20)
        held.wait_for_slice()
        service: Any = EndsWhileRead(lab, held, job.id, last)
        layout = Layout(lab, BENCH_TASK, Memory(BENCH_TASK.task))
        view = View(service, Trainer(service, BENCH_TASK.task), "autograd", BENCH_TASK, layout)
        updates = view.updates({layout.shown: BenchState(model=model.id)})
        ended = service.left <= 0
        if not ended:
            held.let_go()
        return updates, layout, ended


def test_what_is_shown_as_at_work_is_looked_at_again_whenever_it_ends(tmp_path: Path) -> None:
    shown_at_work = []
    ended, last = True, 0
    while ended:
        last += 1
        updates, layout, ended = updates_while_it_ends(tmp_path / str(last), last)
        at_work = any(sign in updates[layout.status] for sign in AT_WORK)
        looked, clock = layout.looking.outputs
        assert updates[clock]["active"] or not at_work, f"it ended before read {last}"
        assert (looked in updates) == updates[clock]["active"]
        shown_at_work.append(at_work)
    assert last > 1
    assert {True, False} == set(shown_at_work)


@pytest.fixture
def trainer(lab: TrainingService) -> Trainer:
    return Trainer(lab, "product")


def test_a_twin_is_looked_at_until_it_has_had_all_the_model_s_trainings(
    lab: TrainingService, trainer: Trainer
) -> None:
    shown = BenchState(model=lab.create_model("product").id)
    for steps in (10, 20, 30):
        lab.train(str(shown.model), steps=steps)
    run_async(trainer.check(shown, "me"))
    looks = 0
    while Scene(*trainer.read(shown), bool(shown.pending)).busy:
        run_async(trainer.train_twin_on(shown))
        looks += 1
    assert [job.step for job in lab.jobs(str(shown.twin))] == [10, 30, 60]
    assert looks >= 2


def test_a_training_that_the_other_engine_cannot_do_ends_the_check(
    lab: TrainingService, trainer: Trainer
) -> None:
    shown = BenchState(model=lab.create_model("product").id)
    lab.train(str(shown.model), steps=10, engine="autograd")
    lab.train(str(shown.model), steps=10, engine="autograd", optimizer="rmsprop")
    run_async(trainer.check(shown, "me"))
    lab.wait(lab.jobs(str(shown.twin))[0].id)
    with pytest.raises(InvalidInput, match="adamw to be checked"):
        run_async(trainer.train_twin_on(shown))
    assert not Scene(*trainer.read(shown), bool(shown.pending)).busy
    assert shown.twin is None
