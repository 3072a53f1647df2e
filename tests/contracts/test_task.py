"""What holds for every task, also for one that is a file and a line of the registry and nothing else."""

import io
import json
from contextlib import redirect_stdout
from typing import Any

import nbformat
import numpy as np
import onnxruntime
import pytest
import safetensors.torch
import torch

from service import InvalidInput, JobStatus, Model, TrainingService, export, packed_recipe, training_program
from service.engines import ENGINES
from service.tasks import TASKS, Task
from tests.conftest import message_of, run_async
from tests.service.programs import run
from ui.bench_task import BenchTask
from ui.chapters.autograd import BENCH_TASK
from ui.components.comparison import comparison_panel, largest_difference
from ui.components.runs_compared import compared_panel
from ui.components.runs_listing import Listing
from ui.components.runs_table import runs_table
from ui.components.sweep_map import sweep_map
from ui.view import Scene, Setting, draw

WORKSPACE = "0" * 32
FEW = 40
"""Steps: enough to tell one loss from another."""


def trained(lab: TrainingService, task: Task, **training: Any) -> Model:
    """A model that was trained twice, the second time with other settings."""
    model = lab.create_model(task.name, seed=3)
    for steps, momentum in ((FEW, 0.0), (FEW // 2, 0.5)):
        given = {"steps": steps, "settings": {"momentum": momentum}, **training}
        assert lab.train(model.id, **given).status is JobStatus.succeeded
    return lab.model(model.id)


class TestTraining:
    def test_it_learns_goes_on_and_comes_back(self, lab: TrainingService, task: Task) -> None:
        model = lab.create_model(task.name)
        first = lab.snapshot(model.id).parameters
        job = lab.train(model.id)
        assert job.status is JobStatus.succeeded, job.error
        history = lab.snapshot(model.id).history
        assert history.loss[-1] < history.loss[0]
        assert lab.train(model.id, steps=FEW).step == job.step + FEW
        assert lab.rewind(model.id).step == 0
        assert lab.snapshot(model.id).parameters == first

    def test_the_losses_are_the_task_s_own(self, lab: TrainingService, task: Task) -> None:
        model = trained(lab, task)
        now = lab.snapshot(model.id)
        data = now.job.config.data if now.job else None
        assert data is not None
        examples = task.examples(now.options, data)
        with torch.no_grad():
            own = [task.loss(now.module(x), y).item() for x, y in examples.pairs]
        assert now.history.loss[-1] == pytest.approx(np.mean(own), rel=1e-5)

    @pytest.mark.parametrize("optimizer", ["sgd", "adam"])
    def test_the_engines_agree_or_the_job_says_which_it_took(
        self, lab: TrainingService, task: Task, optimizer: str
    ) -> None:
        ends: dict[str, dict[str, Any]] = {}
        for engine in ENGINES:
            model = lab.create_model(task.name)
            job = lab.train(model.id, engine=engine, optimizer=optimizer, steps=FEW, learning_rate=1e-3)
            assert job.config.engine == (engine if task.kernel else "autograd")
            ends[job.config.engine] = lab.snapshot(model.id).parameters
        for end in ends.values():
            assert largest_difference(end, ends["autograd"]).size < 1e-5

    def test_one_that_breaks_says_what_to_do(self, lab: TrainingService, task: Task) -> None:
        model = lab.create_model(task.name)
        job = lab.train(model.id, learning_rate=1000, optimizer="sgd", settings={"weight_decay": 1000})
        assert job.status is JobStatus.diverged
        assert job.error

    def test_what_it_expects_is_what_it_trains_on(self, lab: TrainingService, task: Task) -> None:
        examples = lab.snapshot(lab.create_model(task.name).id).examples
        found = lab.snapshot(lab.create_model(task.name).id).predict(examples.inputs)
        np.testing.assert_allclose(np.array(found.expected, float), examples.targets, rtol=1e-6)

    def test_a_batch_of_more_than_its_examples_is_refused(self, lab: TrainingService, task: Task) -> None:
        model = lab.create_model(task.name)
        count = len(lab.snapshot(model.id).examples.inputs)
        message = message_of(lambda: lab.submit(model.id, batch_size=count + 1), InvalidInput)
        assert message.startswith(f"batch_size must be at most {count}, the number of examples to train on")


class TestTakingHome:
    def test_the_program_ends_at_the_run_s_own_weights(self, lab: TrainingService, task: Task) -> None:
        now = lab.snapshot(trained(lab, task, engine="autograd").id)
        names, printed = run(training_program(now))
        weights = eval(task.source(now.options, now.model.seed).weights, names)
        assert {name: weight.tolist() for name, weight in weights.items()} == now.parameters
        assert printed

    def test_the_notebook_runs_and_finds_no_difference(self, lab: TrainingService, task: Task) -> None:
        model = trained(lab, task, engine="autograd")
        content = export(lab.snapshot(model.id), "notebook").content.decode()
        cells = [
            cell.source for cell in nbformat.reads(content, as_version=4).cells if cell.cell_type == "code"
        ]
        names: dict[str, Any] = {}
        with redirect_stdout(io.StringIO()) as printed:
            for cell in cells:
                # As IPython would where all packages are there; that it is asked for them is tested elsewhere.
                if "%pip" not in cell and "matplotlib" not in cell:
                    exec(cell, names)
        assert "largest difference: 0.0 " in printed.getvalue()

    def test_the_weights_load(self, lab: TrainingService, task: Task) -> None:
        now = lab.snapshot(trained(lab, task).id)
        module = task.build(now.options)
        module.load_state_dict(safetensors.torch.load(export(now, "safetensors").content))
        assert {name: tensor.tolist() for name, tensor in module.state_dict().items()} == now.parameters

    def test_the_graph_computes_what_torch_does_or_is_refused(self, lab: TrainingService, task: Task) -> None:
        now = lab.snapshot(trained(lab, task).id)
        if task.graph(now.module) is None:
            message = message_of(lambda: export(now, "onnx"), InvalidInput)
            assert message == (
                "format must be one of safetensors, python, notebook, csv: the task line has no ONNX graph; "
                "got 'onnx'."
            )
            return
        session = onnxruntime.InferenceSession(export(now, "onnx").content)
        vectors = np.random.default_rng(0).uniform(-100, 100, (100, task.inputs)).astype(np.float32)
        (given,) = session.run(None, {"vectors": vectors} if task.inputs else {})
        with torch.no_grad():
            expected = now.module(torch.from_numpy(vectors))
        torch.testing.assert_close(torch.from_numpy(np.asarray(given)), expected, rtol=1e-5, atol=1e-4)

    def test_the_link_makes_it_again_to_the_bit(self, lab: TrainingService, task: Task) -> None:
        original = lab.snapshot(trained(lab, task).id)
        again, trainings = lab.recreate(packed_recipe(original))
        for training in trainings:
            lab.train(again.id, **training)
        assert lab.snapshot(again.id).fingerprint == original.fingerprint

    def test_the_losses_are_columns(self, lab: TrainingService, task: Task) -> None:
        now = lab.snapshot(trained(lab, task).id)
        lines = export(now, "csv").content.decode().splitlines()
        assert lines[0].startswith("step,loss")
        assert len(lines) == 1 + len(now.history.step)


class TestLooking:
    def test_the_replay_ends_at_the_model_to_the_bit(self, lab: TrainingService, task: Task) -> None:
        now = lab.snapshot(trained(lab, task).id)
        last = run_async(lab.reruns.replay(now.model.id))[-1]
        assert last.step == now.model.step
        assert last.loss == now.history.loss[-1]
        (given,) = now.predict([now.examples.inputs[0]]).outputs
        assert list(last.outputs) == given
        layers = {f"{layer.name}.weight": layer.weight for layer in last.layers}
        assert layers.items() <= now.parameters.items()

    def test_other_seeds_end_somewhere_too(self, lab: TrainingService, task: Task) -> None:
        now = lab.snapshot(trained(lab, task).id)
        losses = run_async(lab.reruns.seed_losses(now.model.id, count=4))
        assert losses[3] == now.history.loss[-1]

    def test_the_runs_table_and_the_comparison_show_it(self, lab: TrainingService, task: Task) -> None:
        for steps in (FEW, 2 * FEW):
            model = lab.create_model(task.name)
            lab.train(model.id, steps=steps)
            lab.runs.keep(WORKSPACE, model.id)
        runs = lab.runs.all(WORKSPACE)
        ids = [run.model.id for run in runs]
        table = runs_table(runs, lab.runs.radii(ids, 60), {}, Listing(), [], {})
        assert task.name in table
        assert table.count("data-action") >= 6
        assert "<svg" in compared_panel(runs, lab.runs.histories(ids), {}, {})

    def test_one_of_a_task_that_is_no_more_leaves_the_table_whole(
        self, lab: TrainingService, task: Task
    ) -> None:
        for name in ("product", task.name):
            model = lab.create_model(name)
            lab.train(model.id, steps=FEW)
            lab.runs.keep(WORKSPACE, model.id)
        every = dict(TASKS)
        del TASKS[task.name]
        try:
            runs = lab.runs.all(WORKSPACE)
            table = runs_table(
                runs, lab.runs.radii([run.model.id for run in runs], 60), {}, Listing(), [], {}
            )
            assert task.name in table
            assert "task must be one of" in message_of(lambda: lab.snapshot(model.id).module, InvalidInput)
        finally:
            TASKS.clear()
            TASKS.update(every)  # in their order

    def test_the_bench_shows_it(self, lab: TrainingService, task: Task) -> None:
        model, twin = (trained(lab, task, engine=engine) for engine in ENGINES)
        bench_task = BenchTask(
            **{**BENCH_TASK.__dict__, "task": task.name, "computed": None, "vectors": None}
        )
        setting = Setting("autograd", bench_task, lab.catalog.engines(), lab.catalog.datasets())
        scene = Scene(lab.snapshot(model.id), lab.snapshot(twin.id))
        drawn = draw(scene, setting)
        assert 'data-status="succeeded"' in drawn.status
        assert drawn.plot["curve"]["step"]
        assert "fingerprint" in drawn.details.lower()
        assert "side by side" in drawn.details

    def test_a_sweep_shows_it(self, lab: TrainingService, task: Task) -> None:
        jobs = lab.sweep(
            task.name,
            {"learning_rates": [1e-3, 1e-4], "seeds": [0, 1]},
            {},
            {"steps": FEW},
            workspace=WORKSPACE,
        )
        for job in jobs:
            lab.wait(job.id)
        runs = lab.runs.all(WORKSPACE)
        assert len(runs) == 4
        assert "4 of 4 trainings have ended" in sweep_map(runs, {}, {})
        message = message_of(
            lambda: lab.sweep(task.name, {"learning_rates": [1], "hidden": [[-1]]}, {}, {}), InvalidInput
        )
        assert "hidden must be" in message


def test_what_cannot_be_proved_is_refused_in_a_sentence(lab: TrainingService, task: Task) -> None:
    now = lab.snapshot(trained(lab, task).id)
    if task.analysis is None:
        message = message_of(now.certify, InvalidInput)
        assert message == f"The model's task must be challenge to be certified; got '{task.name}'."
        assert now.loss_floor is None
        assert now.bottleneck is None
    else:
        assert json.loads(now.certify().model_dump_json())["method"] in ("proved", "checked")


def test_a_comparison_names_every_engine(lab: TrainingService, task: Task) -> None:
    jobs = [lab.train(lab.create_model(task.name).id, steps=FEW, engine=engine) for engine in ENGINES]
    markup = comparison_panel(jobs, None, lab.catalog.engines())
    assert all(lab.catalog.engines()[job.config.engine].title in markup for job in jobs)
