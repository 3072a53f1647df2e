"""What nobody uses goes in time; what is pinned, named or at work stays."""

from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter

import pytest

from service import InlineExecutor, JobStatus, Limits, NotFound, TrainingService
from service.jobs.cleaning import Cleaner
from service.jobs.keeping import SECONDS_OF_A_DAY
from tests.service.executors import HeldExecutor

MINE = "a" * 32
Pass = Callable[[float], None]


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[TrainingService]:
    held = HeldExecutor()
    held.holding = False
    with TrainingService(tmp_path, workers=1, make_executor=lambda: held) as service:
        service._cleaner.close()
        yield service
        held.holding = False


@pytest.fixture
def days_pass(lab: TrainingService) -> Pass:
    def passing(days: float) -> None:
        lab._database.clock._started -= days * SECONDS_OF_A_DAY

    return passing


def clean(lab: TrainingService) -> None:
    while lab._store.keeping.clean():
        pass


def here(lab: TrainingService, model: str) -> bool:
    return bool(lab._database.rows("SELECT 1 FROM models WHERE id = ?", model))


def run_of(lab: TrainingService) -> str:
    model = lab.create_model("product").id
    lab.runs.keep(MINE, model)
    return model


USES: dict[str, Callable[[TrainingService, str], object]] = {
    "model": lambda lab, model: lab.model(model),
    "snapshot": lambda lab, model: lab.snapshot(model),
    "train": lambda lab, model: lab.train(model, steps=5),
    "rewind": lambda lab, model: lab.rewind(model),
}


@pytest.mark.parametrize("use", USES)
def test_a_model_goes_30_days_after_its_last_use(lab: TrainingService, days_pass: Pass, use: str) -> None:
    used, unused = run_of(lab), lab.create_model("product").id
    lab.train(unused, steps=5)
    days_pass(20)
    USES[use](lab, used)
    days_pass(9)
    clean(lab)
    assert here(lab, used)
    assert here(lab, unused)
    days_pass(2)
    clean(lab)
    assert here(lab, used)
    assert not here(lab, unused)
    assert lab._database.rows("SELECT 1 FROM jobs WHERE model_id = ?", unused) == []
    with pytest.raises(NotFound, match="may have been deleted"):
        lab.model(unused)
    days_pass(31)
    clean(lab)
    assert lab.runs.all(MINE) == []


def test_a_run_that_is_pinned_or_named_stays_until_it_is_no_more(
    lab: TrainingService, days_pass: Pass
) -> None:
    pinned, named, removed, nameless = (run_of(lab) for _ in range(4))
    lab.runs.pin(MINE, pinned, True)
    for each in (named, removed):
        lab.runs.rename(MINE, each, "mine")
    lab.runs.remove(MINE, [removed])
    for _ in range(3):
        days_pass(31)
        clean(lab)
        assert [here(lab, each) for each in (pinned, named, removed, nameless)] == [True, True, False, False]
    lab.runs.pin(MINE, pinned, False)
    days_pass(31)
    clean(lab)
    assert [run.model.id for run in lab.runs.all(MINE)] == [named]


def test_a_model_with_a_job_that_has_not_ended_stays(
    lab: TrainingService, days_pass: Pass, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lab._scheduler, "enqueue", lambda job: None)
    model = lab.create_model("product").id
    job = lab.submit(model, steps=5)
    days_pass(31)
    clean(lab)
    assert lab.job(job.id).status == "queued"
    days_pass(31)
    lab._store.update_job(job.model_copy(update={"status": JobStatus.cancelled}))
    clean(lab)
    assert here(lab, model)  # it was used when its job ended
    days_pass(31)
    clean(lab)
    assert not here(lab, model)


def test_reading_again_and_again_writes_once(lab: TrainingService) -> None:
    model = lab.create_model("product").id
    written = lab._database._db.total_changes
    for _ in range(100):
        lab.snapshot(model)
    assert lab._database._db.total_changes == written


def test_what_is_about_to_go_is_not_found_and_goes_in_portions(lab: TrainingService, days_pass: Pass) -> None:
    models = [lab.create_model("product").id for _ in range(300)]
    for _ in range(45):
        lab.train(models[0], steps=1)
    days_pass(31)
    portions = []
    more = True
    while more:
        began = perf_counter()
        more = lab._store.keeping.clean()
        portions.append(perf_counter() - began)
        with pytest.raises(NotFound):
            lab.model(models[1])
    assert len(portions) > 3
    assert not any(here(lab, model) for model in models)


def test_pages_of_what_went_are_used_again(lab: TrainingService, days_pass: Pass) -> None:
    def fill() -> int:
        for _ in range(100):
            lab.create_model("challenge", hidden=[64])
        return lab._database.rows("PRAGMA page_count")[0][0]

    full = fill()
    for _ in range(5):
        days_pass(31)
        clean(lab)
        assert fill() <= full + 20


def test_a_thread_does_it(tmp_path: Path) -> None:
    limits = Limits(model_days=1 / SECONDS_OF_A_DAY)
    with TrainingService(tmp_path, workers=1, make_executor=InlineExecutor, limits=limits) as lab:
        model = lab.create_model("product").id
        while here(lab, model):
            lab._cleaner._closing.wait(0.05)


def test_the_thread_goes_on_after_a_fault_and_finds_out_when_it_is_over(
    lab: TrainingService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.jobs.cleaning.PAUSE_SECONDS", 0.01)
    lab._database.rows("PRAGMA query_only = 1")
    cleaner = Cleaner(lab._database, lab._store.keeping)
    while lab.health().problems == []:
        cleaner._closing.wait(0.01)
    lab._database.rows("PRAGMA query_only = 0")
    while lab.health().problems:
        cleaner._closing.wait(0.01)
    cleaner.close()
