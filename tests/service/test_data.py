"""Data sets that people add, from the first request to the last program; and what a model trains on."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import datasets
from datasets import integers
from service import InlineExecutor, InvalidInput, JobStatus, NotFound, TrainingService, training_program
from tests.conftest import message_of, run_async

HEADER = "a,b,c,y1,y2,y3,y4,y5"
UNKNOWN = "upload-" + "0" * 32


def csv_of(count: int, seed: int = 0) -> str:
    """Examples of the rule, a half added to every number so that none is an integer."""
    inputs, targets = integers.generate(count, -3, 3, seed)
    rows = (np.hstack([inputs, targets]) + 0.5).tolist()
    return "\n".join([HEADER, *(",".join(map(str, row)) for row in rows)])


def csv_of_set(name: str) -> str:
    """A named set as it stands in its file."""
    return (datasets.FOLDER / f"{name}.csv").read_text(encoding="utf-8")


class TestAddedSets:
    @pytest.mark.parametrize("engine", ["compiled", "autograd"])
    def test_a_copy_of_a_named_set_trains_to_the_same_bits(self, lab: TrainingService, engine: str) -> None:
        added = lab.add_dataset(csv_of_set("cube"))
        assert added.examples == 27
        weights = []
        for dataset in ("cube", added.name):
            model = lab.create_model("challenge")
            job = lab.train(model.id, dataset=dataset, steps=100, held_out=0.2, engine=engine)
            assert (job.status, job.config.dataset) == (JobStatus.succeeded, dataset)
            weights.append((lab.snapshot(model.id).parameters, lab.snapshot(model.id).history))
        assert weights[0] == weights[1]

    def test_it_travels_into_another_process(self, pool_lab: TrainingService) -> None:
        added = pool_lab.add_dataset(csv_of(30))
        job = pool_lab.train(pool_lab.create_model("challenge").id, dataset=added.name, steps=50)
        assert job.status is JobStatus.succeeded

    def test_adding_it_twice_keeps_it_once(self, lab: TrainingService) -> None:
        first, again = lab.add_dataset(csv_of(5)), lab.add_dataset(csv_of(5).encode())
        assert first == again
        assert lab.add_dataset(csv_of(5, seed=1)) != first

    def test_it_is_called_by_its_newest_file_wherever_people_see_it(self, lab: TrainingService) -> None:
        added = lab.add_dataset(csv_of(5), "C:\\data\\mine.csv")
        title = f"mine.csv ({added.name[:15]}…)"
        assert (added.file_name, lab.dataset_title(added.name)) == ("mine.csv", title)
        model, workspace = lab.create_model("challenge"), "0" * 32
        lab.runs.keep(workspace, model.id)
        job = lab.train(model.id, dataset=added.name, steps=3)
        assert job.config.dataset == added.name
        assert lab.snapshot(model.id).examples.source == title
        (run,) = lab.runs.all(workspace)
        assert run.datasets == {added.name: title}
        assert f"# The examples of {title}:" in training_program(lab.snapshot(model.id))
        lab.add_dataset(csv_of(5))
        assert lab.dataset_title(added.name) == title
        lab.add_dataset(csv_of(5), "yours.csv")
        assert lab.dataset_title(added.name).startswith("yours.csv (")

    def test_without_a_file_it_is_called_by_its_name(self, lab: TrainingService) -> None:
        name = lab.add_dataset(csv_of(5)).name
        for each in (name, "cube", "nonsense"):
            assert lab.dataset_title(each) == each

    def test_it_is_told_how_its_file_was_read(self, lab: TrainingService) -> None:
        added = lab.add_dataset(csv_of(5).replace(",", ";").replace(".", ","))
        assert added.notes == ["Cells are separated by semicolons.", "Commas are decimal marks."]
        assert added.name == lab.add_dataset(csv_of(5)).name

    def test_nobody_is_told_of_it(self, lab: TrainingService) -> None:
        before = (lab.catalog.tasks(), lab.catalog.datasets())
        lab.add_dataset(csv_of(5))
        assert (lab.catalog.tasks(), lab.catalog.datasets()) == before

    def test_it_survives_a_restart(self, tmp_path: Path) -> None:
        with TrainingService(tmp_path, workers=1, make_executor=InlineExecutor) as lab:
            name = lab.add_dataset(csv_of(5)).name
        with TrainingService(tmp_path, workers=1, make_executor=InlineExecutor) as lab:
            assert lab.train(lab.create_model("challenge").id, dataset=name, steps=3).step == 3

    def test_one_that_is_not_here_is_refused(self, lab: TrainingService) -> None:
        model = lab.create_model("challenge")
        message = message_of(lambda: lab.train(model.id, dataset=UNKNOWN), InvalidInput)
        assert message == (
            "dataset must be one of cube, plane, positive, or a set added here; this one may have been "
            f"deleted, or be on another server; got '{UNKNOWN}'."
        )
        assert lab.latest_job(model.id) is None

    def test_the_other_tasks_refuse_it(self, lab: TrainingService) -> None:
        name = lab.add_dataset(csv_of(5)).name
        message = message_of(lambda: lab.train(lab.create_model("memorize").id, dataset=name), InvalidInput)
        assert message.startswith("dataset must be left out, for the task memorize has its own example")

    def test_its_size_limits_the_batch(self, lab: TrainingService) -> None:
        model, name = lab.create_model("challenge"), lab.add_dataset(csv_of(5)).name
        given: dict[str, Any] = {"dataset": name, "steps": 3}
        assert message_of(lambda: lab.train(model.id, batch_size=6, **given), InvalidInput).startswith(
            "batch_size must be at most 5, the number of examples to train on; got 6."
        )
        assert message_of(
            lambda: lab.train(model.id, batch_size=5, held_out=0.2, **given), InvalidInput
        ).startswith("batch_size must be at most 4")
        assert lab.train(model.id, batch_size=4, held_out=0.2, **given).step == 3

    @pytest.mark.parametrize("held_out", [0.1, 0.95 / 6, 5 / 6 + 0.001, 0.9])
    def test_a_share_of_too_few_rows_is_refused_on_every_way(
        self, lab: TrainingService, held_out: float
    ) -> None:
        model, name = lab.create_model("challenge"), lab.add_dataset(csv_of(3)).name
        config: dict[str, Any] = {"dataset": name, "steps": 3, "held_out": held_out}
        ways = [
            lambda: lab.train(model.id, **config),
            lambda: lab.sweep("challenge", {"learning_rates": [0.001]}, {}, config),
            lambda: lab.matches_last_training(lab.train(model.id, steps=1).model_id, {}, config),
        ]
        for way in ways:
            assert message_of(way, InvalidInput) == (
                "held_out must be 0, or from 0.17 to 0.83 to hold out at least 1 of the 3 examples and train on "
                f"at least 1; got {held_out}."
            )

    def test_a_training_on_it_is_run_once_more_to_the_bit(self, lab: TrainingService) -> None:
        model, name = lab.create_model("challenge", seed=1), lab.add_dataset(csv_of(20)).name
        for dataset in (name, "cube"):
            job = lab.train(model.id, dataset=dataset, steps=40, held_out=0.3)
        parameters = lab.snapshot(model.id).parameters
        for layer in run_async(lab.reruns.replay(model.id))[-1].layers:
            assert layer.weight == parameters[f"{layer.name}.weight"]
        assert run_async(lab.reruns.seed_losses(model.id, count=2))[1] == job.loss
        assert lab.matches_last_training(model.id, {"seed": 1}, job.config.model_dump())

    def test_a_divergence_on_it_gets_a_rate_that_holds(self, lab: TrainingService) -> None:
        name = lab.add_dataset(csv_of(20)).name
        given: dict[str, Any] = {"dataset": name, "steps": 300, "held_out": 0.3}
        job = lab.train(lab.create_model("challenge").id, learning_rate=1, **given)
        assert (job.status, job.stable_learning_rate is None) == (JobStatus.diverged, False)
        again = lab.train(lab.create_model("challenge").id, learning_rate=job.stable_learning_rate, **given)
        assert again.status is JobStatus.succeeded


class TestExamples:
    @pytest.mark.parametrize(
        ("task", "source", "count"),
        [
            ("product", "the task's own example", 1),
            ("memorize", "the task's own example", 1),
            ("challenge", "1,000 integer vectors with numbers from -10 to 10, drawn with seed 0", 1000),
        ],
    )
    def test_before_a_training_they_are_the_task_s(
        self, lab: TrainingService, task: str, source: str, count: int
    ) -> None:
        examples = lab.snapshot(lab.create_model(task).id).examples
        assert (examples.source, len(examples.inputs), sum(examples.held_out)) == (source, count, 0)
        assert len(examples.targets) == len(examples.held_out) == count

    def test_afterwards_they_are_those_of_the_last_job(self, lab: TrainingService) -> None:
        model = lab.create_model("challenge")
        lab.train(model.id, steps=3)
        lab.train(model.id, steps=3, dataset="positive", held_out=0.25)
        examples = lab.snapshot(model.id).examples
        inputs, targets = datasets.load("positive")
        assert examples.source == "positive"
        assert (examples.inputs, examples.targets) == (inputs.tolist(), targets.tolist())
        assert sum(examples.held_out) == 50
        trained = inputs[~np.array(examples.held_out)]
        assert (examples.lows, examples.highs) == (trained.min(0).tolist(), trained.max(0).tolist())

    def test_those_held_out_are_not_trained_on(self, lab: TrainingService) -> None:
        model = lab.create_model("challenge", hidden=[])
        lab.train(model.id, steps=10, dataset="cube", batch_size=5, held_out=0.8, engine="autograd")
        examples = lab.snapshot(model.id).examples
        torch.manual_seed(0)
        network = torch.nn.Linear(3, 5)
        optimizer = torch.optim.SGD(network.parameters(), lr=1e-3)
        kept = ~torch.tensor(examples.held_out)
        inputs, targets = torch.tensor(examples.inputs)[kept], torch.tensor(examples.targets)[kept]
        assert len(inputs) == 5
        for _ in range(10):
            (torch.sum((network(inputs) - targets) ** 2) / 5).backward()
            optimizer.step()
            optimizer.zero_grad()
        assert lab.snapshot(model.id).parameters["m1.weight"] == network.weight.tolist()
        rest = torch.tensor(examples.inputs)[~kept], torch.tensor(examples.targets)[~kept]
        expected = ((network(rest[0]) - rest[1]).double() ** 2).sum(1).mean().item()
        history = lab.snapshot(model.id).history
        assert history.held_out_loss is not None
        assert history.held_out_loss[-1] == pytest.approx(expected, rel=1e-6)

    def test_of_no_model_there_are_none(self, lab: TrainingService) -> None:
        with pytest.raises(NotFound):
            _ = lab.snapshot("0" * 32).examples


class TestDistances:
    def test_they_begin_where_the_training_examples_end(self, lab: TrainingService) -> None:
        model = lab.create_model("challenge", hidden=[])
        lab.train(model.id, steps=3000, low=-4, high=4)
        rows = lab.snapshot(model.id).distances()
        assert [(row.times, row.nearest, row.furthest) for row in rows[:4]] == [
            (0, 0, 4), (1, 5, 8), (2, 9, 40), (10, 41, 400),
        ]  # fmt: skip
        assert rows[0].right == rows[0].tried

    @pytest.mark.parametrize("task", ["product", "memorize"])
    def test_only_the_challenge_has_them(self, lab: TrainingService, task: str) -> None:
        message = message_of(lambda: lab.snapshot(lab.create_model(task).id).distances(), InvalidInput)
        assert message == f"The model's task must be challenge to be tested so; got '{task}'."
