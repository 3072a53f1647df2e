"""TrainingService from the outside, as a program uses it."""

import math
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from service import InvalidInput, JobStatus, ModelBusy, NotFound, Progress, TrainingService
from tests.conftest import message_of, run_async

NOBODY = "0" * 32
LONG: dict[str, Any] = {"steps": 10_000_000, "engine": "autograd"}


class TestModels:
    def test_the_lab_s_first_model(self, lab: TrainingService) -> None:
        model = lab.create_model("product", start=[3, 4], target=15)
        assert lab.snapshot(model.id).parameters == {"var_1": 3.0, "var_2": 4.0}
        assert lab.train(model.id, steps=100).status is JobStatus.succeeded
        prediction = lab.snapshot(model.id).predict([[]])
        assert prediction.rounded == [[15]]
        assert prediction.correct == [True]

    def test_ids_are_long_and_all_different(self, lab: TrainingService) -> None:
        ids = {lab.create_model("product").id for _ in range(20)}
        assert len(ids) == 20
        assert all(len(bytes.fromhex(identifier)) * 8 >= 128 for identifier in ids)

    def test_the_owner_is_not_told_to_anybody(self, lab: TrainingService) -> None:
        assert "owner" not in lab.create_model("product", owner="me").model_dump()

    def test_the_same_seed_gives_the_same_first_weights(self, lab: TrainingService) -> None:
        first, same, other = (lab.create_model("memorize", seed=seed) for seed in (1, 1, 2))
        assert (
            lab.snapshot(first.id).parameters
            == lab.snapshot(same.id).parameters
            != lab.snapshot(other.id).parameters
        )

    @pytest.mark.parametrize("hidden", [[], [3], [8, 4, 2]])
    def test_any_depth(self, lab: TrainingService, hidden: list[int]) -> None:
        parameters = lab.snapshot(lab.create_model("challenge", hidden=hidden).id).parameters
        layers = [f"m{number}" for number in range(1, len(hidden) + 2)]
        assert list(parameters) == [f"{m}.{part}" for m in layers for part in ("weight", "bias")]
        assert [len(parameters[f"{m}.weight"]) for m in layers] == [*hidden, 5]

    @pytest.mark.parametrize("seed", [-1, 2**32, 1.5, "1", None, True])
    def test_a_bad_seed_is_named(self, lab: TrainingService, seed: Any) -> None:
        assert message_of(lambda: lab.create_model("product", seed=seed), InvalidInput).startswith(
            "seed must be"
        )

    @pytest.mark.parametrize("task", ["", "Product", None, 3, ["product"]])
    def test_an_unknown_task_is_named(self, lab: TrainingService, task: Any) -> None:
        message = message_of(lambda: lab.create_model(task), InvalidInput)
        assert message.startswith("task must be one of product, memorize, challenge; got ")

    def test_a_deleted_model_is_gone(self, lab: TrainingService) -> None:
        model = lab.create_model("product")
        lab.delete_model(model.id)
        with pytest.raises(NotFound):
            lab.model(model.id)


class TestTraining:
    def test_10k_and_10k_more_are_20k_to_the_bit(self, pool_lab: TrainingService) -> None:
        twice, once = pool_lab.create_model("memorize"), pool_lab.create_model("memorize")
        whole = pool_lab.submit(once.id, steps=20_000)
        half = pool_lab.train(twice.id, steps=10_000)
        assert (half.step, half.config.learning_rate) == (10_000, 1e-6)
        assert pool_lab.train(twice.id, steps=10_000).step == 20_000
        assert pool_lab.wait(whole.id).status is JobStatus.succeeded
        assert pool_lab.snapshot(twice.id).parameters == pool_lab.snapshot(once.id).parameters
        history = pool_lab.snapshot(twice.id).history
        assert history.step == sorted(set(history.step))
        assert (history.step[0], history.step[-1]) == (0, 20_000)

    def test_a_model_s_jobs_are_told_in_order(self, lab: TrainingService) -> None:
        model = lab.create_model("product")
        assert lab.jobs(model.id) == []
        first, second = (lab.train(model.id, steps=steps) for steps in (3, 4))
        assert lab.jobs(model.id) == [first, second]
        assert message_of(lambda: lab.jobs(NOBODY), NotFound).startswith(f"model_id '{NOBODY}'")

    def test_either_engine_goes_on_where_the_other_stopped(self, lab: TrainingService) -> None:
        training = {"steps": 50, "optimizer": "sgd", "settings": {"momentum": 0.9}, "learning_rate": 1e-3}
        mixed, whole = lab.create_model("product"), lab.create_model("product")
        for engine in ("compiled", "autograd", "compiled"):
            lab.train(mixed.id, engine=engine, **training)
        lab.train(whole.id, engine="autograd", **{**training, "steps": 150})
        assert lab.snapshot(mixed.id).parameters == lab.snapshot(whole.id).parameters

    def test_a_busy_model_refuses_a_second_job(self, lab: TrainingService) -> None:
        model = lab.create_model("product")
        job = lab.submit(model.id, **LONG, learning_rate=1e-6)
        for ask in (
            lambda: lab.submit(model.id),
            lambda: lab.rewind(model.id),
            lambda: lab.delete_model(model.id),
        ):
            assert message_of(ask, ModelBusy) == (
                f"Model {model.id} is training already, in job {job.id}; wait until that job ends, or cancel it."
            )
        assert lab.cancel(job.id).status is JobStatus.cancelled

    def test_who_has_only_the_model_can_stop_its_job(self, lab: TrainingService) -> None:
        model = lab.create_model("product")
        message = message_of(lambda: lab.cancel(model.id), InvalidInput)
        assert message == (
            f"job_id must be the id of a job, or of a model that has been trained; got '{model.id}'."
        )
        job = lab.submit(model.id, **LONG, learning_rate=1e-6)
        cancelled = lab.cancel(model.id)
        assert (cancelled.id, cancelled.status) == (job.id, JobStatus.cancelled)
        assert lab.cancel(model.id) == cancelled
        again = lab.train(model.id, steps=3)
        assert lab.cancel(model.id) == again
        assert message_of(lambda: lab.cancel(NOBODY), NotFound).startswith(f"job_id '{NOBODY}' is not known")

    @pytest.mark.parametrize(
        "change",
        [
            {"steps": 4},
            {"learning_rate": 0.002},
            {"optimizer": "adam"},
            {"settings": {"momentum": 0.5}},
            {"engine": "autograd"},
            {"low": -9},
            {"held_out": 0.5},
            {"order": "shuffled"},
            {"batch_size": 2},
        ],
    )
    def test_a_key_is_for_one_configuration(self, lab: TrainingService, change: dict[str, Any]) -> None:
        model = lab.create_model("challenge")
        config: dict[str, Any] = {"steps": 3, "learning_rate": 1e-3, "examples": 10}
        job = lab.train(model.id, key="once", **config)
        (name,) = change
        message = message_of(lambda: lab.submit(model.id, key="once", **{**config, **change}), InvalidInput)
        assert message.startswith(
            f"key must be another one for another training: job {job.id} has it, with {name} "
        )
        assert message.endswith("; got 'once'.")
        written_out = {name: value for name, value in job.config.model_dump().items() if value is not None}
        assert lab.submit(model.id, key="once", **written_out) == job
        assert lab.jobs(model.id) == [job]

    def test_the_same_key_gives_the_same_job(self, lab: TrainingService) -> None:
        model, other = lab.create_model("product"), lab.create_model("product")
        job = lab.train(model.id, steps=3, key="a")
        assert lab.train(model.id, steps=3, key="a") == job
        assert lab.submit(model.id, steps=3, key="b").id != job.id
        assert lab.submit(other.id, steps=3, key="a").id != job.id

    def test_many_at_once_with_one_key_get_one_job(self, lab: TrainingService) -> None:
        model = lab.create_model("product")
        with ThreadPoolExecutor(8) as threads:
            jobs = list(threads.map(lambda _: lab.train(model.id, steps=50, key="once"), range(16)))
        assert len({job.id for job in jobs}) == 1
        assert lab.model(model.id).step == 50

    def test_many_at_once_without_a_key_never_train_from_the_same_step(self, lab: TrainingService) -> None:
        model = lab.create_model("product")

        def train(_: int) -> int | None:
            try:
                return lab.train(model.id, steps=5).start_step
            except ModelBusy:
                return None

        with ThreadPoolExecutor(8) as threads:
            starts = [start for start in threads.map(train, range(40)) if start is not None]
        assert starts
        assert sorted(starts) == [5 * number for number in range(len(starts))]

    def test_an_optimizer_that_the_compiled_engine_does_not_know_runs_on_torch(
        self, lab: TrainingService
    ) -> None:
        engines = {
            optimizer: lab.train(lab.create_model("product").id, steps=2, optimizer=optimizer).config.engine
            for optimizer in lab.catalog.optimizers()
        }
        assert engines == {
            "sgd": "compiled",
            "adam": "compiled",
            "adamw": "compiled",
            "nadam": "autograd",
            "rmsprop": "autograd",
            "adagrad": "autograd",
        }

    def test_divergence_is_a_way_to_end(self, lab: TrainingService) -> None:
        model = lab.create_model("product")
        job = lab.train(model.id, learning_rate=0.1)
        assert job.status is JobStatus.diverged
        assert job.error == (
            "Diverged at step 5: a weight or the loss was no longer a finite number. Rewind the model, then "
            "train with learning rate 0.022, and everything else as it was. This was tried: all 100 steps stayed "
            "finite, and the loss went from 9 to 0."
        )
        assert all(math.isfinite(value) for value in lab.snapshot(model.id).parameters.values())
        points = lab.progress(job.id).points
        assert points[-1].step == job.step
        assert math.isfinite(points[-1].loss)

    def test_after_a_divergence_one_can_rewind_and_train_again(self, lab: TrainingService) -> None:
        model = lab.create_model("product")
        lab.train(model.id, learning_rate=0.1)
        assert lab.rewind(model.id).step == 0
        assert lab.snapshot(model.id).history.step == []
        assert lab.train(model.id).status is JobStatus.succeeded

    def test_a_hopeless_start_says_what_to_do(self, lab: TrainingService) -> None:
        job = lab.train(lab.create_model("product", start=[1e30, 1e30]).id)
        assert job.status is JobStatus.diverged
        assert job.error == (
            "The loss is not a finite number at step 0, before any update. var_1 * var_2 starts 1e+60 away "
            "from the target, and float32 cannot hold that number squared. Create a model that starts less "
            "than 1e+19 away from its target."
        )


class TestWatching:
    def test_the_stream_gives_every_point_once_and_ends_with_the_job(self, lab: TrainingService) -> None:
        async def collect() -> list[Progress]:
            model = lab.create_model("product")
            job = lab.submit(model.id, steps=5000, engine="autograd")
            return [progress async for progress in lab.watch(job.id)]

        stream = run_async(collect())
        points = [point for progress in stream for point in progress.points]
        assert stream[-1].status is JobStatus.succeeded
        assert [p.status.ended for p in stream[:-1]] == [False] * (len(stream) - 1)
        assert points == lab.progress(stream[-1].job_id).points
        assert (points[0].step, points[-1].step) == (0, 5000)
        assert [progress.after for progress in stream][-1] == len(points)

    def test_it_goes_on_from_a_cursor(self, lab: TrainingService) -> None:
        job = lab.train(lab.create_model("product").id, steps=20)
        everything = lab.progress(job.id)
        assert lab.progress(job.id, after=everything.after - 2).points == everything.points[-2:]
        assert lab.progress(job.id, after=everything.after).points == []

    @pytest.mark.parametrize("after", [-1, 0.5, "0", None, True, 2**63])
    def test_a_bad_cursor_is_named(self, lab: TrainingService, after: Any) -> None:
        job = lab.train(lab.create_model("product").id, steps=1)
        assert message_of(lambda: lab.progress(job.id, after), InvalidInput).startswith("after must be")


@pytest.mark.parametrize(
    "ask", ["model", "snapshot", "jobs", "rewind", "delete_model", "submit", "latest_job"]
)
@pytest.mark.parametrize("identifier", ["", "x", NOBODY[:-1], NOBODY.replace("0", "G"), None, 7, "../../etc"])
def test_ids_of_another_shape_are_named(lab: TrainingService, ask: str, identifier: Any) -> None:
    message = message_of(lambda: getattr(lab, ask)(identifier), InvalidInput)
    assert message.startswith("model_id must be the id of a model, 32 hexadecimal digits; got ")


@pytest.mark.parametrize("ask", ["job", "cancel", "wait", "progress"])
def test_unknown_jobs_are_not_found(lab: TrainingService, ask: str) -> None:
    assert message_of(lambda: getattr(lab, ask)(NOBODY), NotFound).startswith(
        f"job_id '{NOBODY}' is not known here"
    )
    assert message_of(lambda: getattr(lab, ask)("x"), InvalidInput).startswith(
        "job_id must be the id of a job"
    )


def test_tasks_tell_defaults_and_limits(lab: TrainingService) -> None:
    tasks = {task.name: task for task in lab.catalog.tasks()}
    assert list(tasks) == ["product", "memorize", "challenge"]
    assert tasks["product"].options == {"start": [3.0, 4.0], "target": 15.0}
    assert (tasks["memorize"].training["learning_rate"], tasks["memorize"].training["steps"]) == (
        1e-6,
        50_000,
    )
    assert tasks["challenge"].limits["steps"] == (
        "a whole number from 1 to 100,000,000 with engine compiled, 10,000,000 with engine autograd"
    )


def test_tasks_tell_what_the_lab_keeps(lab: TrainingService) -> None:
    for task in lab.catalog.tasks():
        assert task.limits["jobs"].startswith(
            "at most 5,000 that have not ended, 1,000 of them from one address"
        )
        assert "nobody has used for 30 days goes" in task.limits["models"]
        assert {"datasets", "database"} <= set(task.limits)


def test_a_space_allows_fewer_steps(tmp_path: Any) -> None:
    from service import InlineExecutor

    with TrainingService(tmp_path, make_executor=InlineExecutor, on_space=True) as lab:
        model = lab.create_model("product")
        assert "from 1 to 200,000 with engine autograd" in message_of(
            lambda: lab.submit(model.id, steps=200_001, engine="autograd"), InvalidInput
        )
