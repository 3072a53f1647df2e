"""The models, jobs and points in the database: transactions, and rules it holds by itself."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from service.errors import ModelBusy, NotFound
from service.jobs.database import Database, now
from service.jobs.store import Store
from service.records import Job, JobStatus, Model, Point, TrainingConfig

CONFIG = TrainingConfig(learning_rate=0.1, steps=10, settings={"momentum": 0.5}, engine="compiled")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(tmp_path / "lab.sqlite")
    yield opened
    opened.close()


@pytest.fixture
def store(database: Database) -> Store:
    """A store with the model "m" in it."""
    opened = Store(database)
    opened.add_model(Model(id="m", task="product", options={"target": 1.5}, seed=3, created=now()), b"first")
    return opened


def job(identifier: str, key: str | None = None) -> Job:
    return Job(id=identifier, model_id="m", config=CONFIG, created=now(), key=key)


def end(store: Store, identifier: str, points: list[Point], checkpoint: bytes = b"later") -> None:
    ended = store.job(identifier).model_copy(
        update={"status": JobStatus.succeeded, "step": points[-1].step, "loss": points[-1].loss}
    )
    store.update_job(ended, points, checkpoint)


def test_what_is_kept_comes_back_as_it_was(store: Store) -> None:
    model, checkpoint = store.model_and_checkpoint("m")
    assert (model.options, model.seed, model.step, checkpoint) == ({"target": 1.5}, 3, 0, b"first")
    kept = store.add_job(job("j", key="k"))
    assert (kept.start_step, kept.target_step, kept.step) == (0, 10, 0)
    assert store.add_job(job("other", key="k")) == kept
    assert store.job("j") == store.job_with_key("m", "k") == store.latest_job("m") == kept
    assert store.active_jobs() == [kept]


@pytest.mark.parametrize("ask", ["model", "job", "history", "snapshot", "rewind", "delete_model"])
def test_what_is_not_there_is_not_found(store: Store, ask: str) -> None:
    with pytest.raises(NotFound, match="'x' is not known here"):
        getattr(store, ask)("x")


def test_one_model_has_one_active_job(store: Store) -> None:
    store.add_job(job("a"))
    with pytest.raises(ModelBusy):
        store.add_job(job("b"))
    end(store, "a", [Point(step=10, loss=1)])
    assert store.add_job(job("b")).start_step == 10
    assert [active.id for active in store.active_jobs()] == ["b"]


@pytest.mark.parametrize("ask", ["rewind", "delete_model"])
def test_a_busy_model_is_left_alone(store: Store, ask: str) -> None:
    store.add_job(job("a"))
    with pytest.raises(ModelBusy):
        getattr(store, ask)("m")
    assert store.job("a").status is JobStatus.queued


def test_points_are_read_by_cursor(store: Store) -> None:
    store.add_job(job("a"))
    points = [Point(step=step, loss=step / 2) for step in range(5)]
    store.update_job(store.job("a"), points[:2], b"x")
    store.update_job(store.job("a"), points[2:], b"y")
    assert store.points("a") == points
    assert store.points("a", after=3) == points[3:]
    assert store.points("a", after=5) == []


def test_history_joins_the_jobs_and_names_no_step_twice(store: Store) -> None:
    store.add_job(job("a"))
    end(store, "a", [Point(step=0, loss=4), Point(step=10, loss=2)])
    store.add_job(job("b"))
    end(store, "b", [Point(step=10, loss=3), Point(step=20, loss=1)])
    history = store.history("m")
    assert (history.step, history.loss) == ([0, 10, 20], [4, 3, 1])


def test_rewinding_forgets_the_jobs_and_gives_the_first_weights_back(store: Store) -> None:
    store.add_job(job("a", key="k"))
    end(store, "a", [Point(step=10, loss=2)])
    store.rewind("m")
    model, checkpoint = store.model_and_checkpoint("m")
    assert (model.step, checkpoint, store.history("m").step) == (0, b"first", [])
    assert store.job_with_key("m", "k") is None


def test_deleting_a_model_deletes_all_that_was_its(store: Store) -> None:
    store.add_job(job("a"))
    end(store, "a", [Point(step=10, loss=2)])
    store.delete_model("m")
    assert store.points("a") == []
    with pytest.raises(NotFound):
        store.job("a")


def test_an_update_is_kept_whole_or_not_at_all(store: Store) -> None:
    store.add_job(job("a"))
    moved = store.job("a").model_copy(update={"step": 5})
    nothing: Any = None
    unkeepable = Point(step=5, loss=nothing)
    with pytest.raises(Exception, match="NOT NULL"):
        store.update_job(moved, [Point(step=4, loss=1), unkeepable], b"half")
    assert store.job("a").step == 0
    assert store.model_and_checkpoint("m")[1] == b"first"
    assert store.points("a") == []


def test_it_survives_being_closed(database: Database, store: Store, tmp_path: Path) -> None:
    store.add_job(job("a"))
    database.close()
    again = Database(tmp_path / "lab.sqlite")
    assert Store(again).job("a").config == CONFIG
    again.close()


def test_history_says_where_examples_were_held_out(store: Store) -> None:
    store.add_job(job("a"))
    end(store, "a", [Point(step=0, loss=4), Point(step=10, loss=2)])
    assert store.history("m").held_out_loss is None
    store.add_job(job("b"))
    end(store, "b", [Point(step=10, loss=3, held_out_loss=5), Point(step=20, loss=1)])
    assert store.points("b")[0].held_out_loss == 5
    assert store.history("m").held_out_loss == [None, 5, None]


def test_a_data_set_is_kept_once_under_its_own_name(store: Store) -> None:
    name = "upload-" + "0" * 32
    assert store.dataset(name) is None
    store.add_dataset(name, b"content")
    store.add_dataset(name, b"content")
    assert store.dataset(name) == b"content"
    assert store.dataset(None) is None


def test_a_data_set_is_called_after_its_newest_file(store: Store) -> None:
    name = "upload-" + "0" * 32
    assert store.dataset_title(name) == name
    assert store.dataset_title("cube") == "cube"
    store.add_dataset(name, b"content", "first.csv")
    store.add_dataset(name, b"content", "newest.csv")
    store.add_dataset(name, b"content")
    assert store.dataset_title(name).startswith("newest.csv (upload-")


def test_a_wish_to_cancel_is_kept_with_the_job_until_it_has_ended(store: Store) -> None:
    store.add_job(job("a"))
    assert not store.job("a").cancel_requested
    store.request_cancel("a")
    assert [active.cancel_requested for active in store.active_jobs()] == [True]
    end(store, "a", [Point(step=10, loss=2)])
    store.add_job(job("b"))
    end(store, "b", [Point(step=20, loss=1)])
    store.request_cancel("b")
    assert not store.job("b").cancel_requested
