"""TrainingService: the one door to everything below, for the page, the API and programs alike."""

import asyncio
import os
import secrets
import threading
from collections.abc import AsyncIterator, Callable, Mapping
from concurrent.futures import Executor
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import torch

import datasets
from service import replay
from service import workers as executors
from service.data import DataService
from service.errors import InvalidInput, ServiceClosed, one_of
from service.networks import MyNetwork
from service.optimizers import OPTIMIZERS
from service.prediction import answer
from service.programs import training_program
from service.proof import Certificate, certify
from service.records import (
    History,
    Job,
    Model,
    OptimizerInfo,
    Predictions,
    Progress,
    Record,
    TaskInfo,
)
from service.replay import Frame
from service.requests import STEP_LIMITS, checked_seed, identifier, task_info, training_config
from service.scheduler import Scheduler
from service.store import Store, now
from service.tasks import TASKS
from service.training import first_checkpoint, load_module

MOST_REPLAYED = 5.0
"""Seconds that running a training once more may take."""


class TrainingService(DataService):
    """Creates models, trains them in the background, and answers for them.

    Whoever knows a model's id may use the model; there is no way to list them. Everything is kept in
    `data_folder` and goes on after a restart. Close the service when done, or use it in a `with`.
    """

    def __init__(
        self,
        data_folder: Path,
        *,
        workers: int | None = None,
        make_executor: Callable[[], Executor] | None = None,
        step_limits: Mapping[str, int] = STEP_LIMITS,
    ) -> None:
        """Open (or make) the data folder and go on with the jobs that were not finished.

        `workers` slices run at a time, one a core by default, on a process pool or on the executors
        that `make_executor` makes. Raises DataFolderBusy.
        """
        workers = workers or os.cpu_count() or 1
        super().__init__(Store(data_folder / "lab.sqlite"))
        self._step_limits = step_limits
        self._scheduler = Scheduler(
            self._store, make_executor or partial(executors.process_pool, workers), workers
        )

    def close(self) -> None:
        """Finish the slices in flight, stop the workers and close the database."""
        self._scheduler.close()
        self._store.close()

    def __enter__(self) -> "TrainingService":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # Models

    def tasks(self) -> list[TaskInfo]:
        """Every task with its defaults and limits."""
        return [task_info(task, self._step_limits) for task in TASKS.values()]

    def optimizers(self) -> dict[str, OptimizerInfo]:
        """Every optimizer with its settings at their defaults."""
        return {
            name: OptimizerInfo(title=kind.title, settings=kind.settings().model_dump())
            for name, kind in OPTIMIZERS.items()
        }

    def datasets(self) -> list[str]:
        """The names of the data sets that the challenge can train on."""
        return datasets.names()

    def create_model(self, task: str, *, seed: int = 0, owner: str = "", **options: Any) -> Model:
        """Make a model of a task, with the weights that `torch.manual_seed(seed)` gives.

        The options are the task's own (`tasks()` names them); None means the default. Training time
        is shared fairly between owners. Raises InvalidInput.
        """
        kind = TASKS[one_of("task", task, TASKS)]
        given = {name: value for name, value in options.items() if value is not None}
        parsed = kind.options.parse(given, owner=f"the task {task}")
        seed = checked_seed(seed)
        model = Model(
            id=secrets.token_hex(16),
            task=task,
            options=parsed.model_dump(mode="json"),
            seed=seed,
            created=now(),
            owner=owner.encode(errors="replace").decode(),
        )
        self._store.add_model(model, first_checkpoint(task, parsed, seed))
        return model

    def model(self, model_id: str) -> Model:
        """The model as it stands. Raises NotFound."""
        return self._store.model(identifier("model", model_id))

    def parameters(self, model_id: str) -> dict[str, Any]:
        """The model's present parameters: name -> nested list, as in its state_dict. Raises NotFound."""
        _, module = self._module(model_id)
        return {name: tensor.tolist() for name, tensor in module.state_dict().items()}

    def predict(self, model_id: str, vectors: list[list[float]]) -> Predictions:
        """What the model answers to each vector, beside what is expected.

        A model of the product task has no inputs: ask it with the empty vector, [[]].
        Raises NotFound, InvalidInput.
        """
        model, module = self._module(model_id)
        return answer(model, module, vectors)

    def certify(self, model_id: str) -> Certificate:
        """How far a model of the challenge is right for every integer vector.

        Raises NotFound, and InvalidInput for a model of another task.
        """
        model, module = self._module(model_id)
        if not isinstance(module, MyNetwork) or model.task != "challenge":
            raise InvalidInput("The model's task", model.task, "challenge to be certified")
        return certify(module)

    def _module(self, model_id: str) -> tuple[Model, torch.nn.Module]:
        model, checkpoint = self._store.model_and_checkpoint(identifier("model", model_id))
        options = TASKS[model.task].options.model_validate(model.options)
        return model, load_module(model.task, options, checkpoint)

    def history(self, model_id: str) -> History:
        """The losses of all the model's jobs, as columns. Raises NotFound."""
        return self._store.history(identifier("model", model_id))

    def rewind(self, model_id: str) -> Model:
        """The model back at its first weights, its jobs and history cleared. Raises NotFound, ModelBusy."""
        self._store.rewind(identifier("model", model_id))
        return self._store.model(model_id)

    def delete_model(self, model_id: str) -> None:
        """Forget the model and its jobs. Raises NotFound, ModelBusy."""
        self._store.delete_model(identifier("model", model_id))

    def replay(self, model_id: str) -> list[Frame]:
        """The model at up to 60 of its recorded steps: its training is run once more, to the bit.

        Raises NotFound, and InvalidInput where that would take more than 5 seconds.
        """
        model, jobs, options = self._trained(model_id)
        steps = self.history(model_id).step
        return replay.frames(model.task, options, model.seed, jobs, steps, self._uploads(jobs))

    def seed_losses(self, model_id: str, count: int = 200, budget: float = 3.0) -> list[float | None]:
        """The loss at which the model's training ends from each of the seeds 0, 1, 2, ...

        Each is a training of its own, None where it diverges. There are `count` of them, or as many as
        fit into `budget` seconds. Raises NotFound, and InvalidInput as `replay`.
        """
        model, jobs, options = self._trained(model_id)
        return replay.seed_losses(model.task, options, jobs, self._uploads(jobs), count, budget)

    def _trained(self, model_id: str) -> tuple[Model, list[Job], Record]:
        model, jobs = self.model(model_id), self.jobs(model_id)
        seconds = replay.seconds(jobs)
        if seconds > MOST_REPLAYED:
            allowed = f"one that takes at most {MOST_REPLAYED:g} seconds, as with the compiled engine"
            raise InvalidInput("A training to run once more", f"{seconds:.0f} seconds", allowed)
        return model, jobs, TASKS[model.task].options.model_validate(model.options)

    def program(self, model_id: str) -> str:
        """The model's whole training as a plain-PyTorch program. Raises NotFound."""
        jobs = self.jobs(model_id)
        return training_program(self.model(model_id), jobs, self._uploads(jobs))

    # Jobs

    def submit(self, model_id: str, *, key: str | None = None, **config: Any) -> Job:
        """Queue a training of the model from where it stands, and return at once.

        `config` takes the fields of TrainingConfig; None means the task's default. Submitting again
        trains on. The same `key` again gives the job it gave before, whatever became of it.
        Raises NotFound, InvalidInput, ModelBusy.
        """
        model = self.model(model_id)
        if key is not None and not (isinstance(key, str) and 1 <= len(key) <= 200 and key.isprintable()):
            raise InvalidInput("key", key, "a text of 1 to 200 printable characters")
        upload = self._store.dataset(config.get("dataset"))
        parsed = training_config(TASKS[model.task], config, self._step_limits, upload)
        new = Job(id=secrets.token_hex(16), model_id=model_id, config=parsed, created=now(), key=key)
        job = self._store.add_job(new)
        if job.id == new.id:
            self._scheduler.enqueue(job)
        return job

    def train(self, model_id: str, *, key: str | None = None, **config: Any) -> Job:
        """`submit`, and wait until the job has ended."""
        return self.wait(self.submit(model_id, key=key, **config).id)

    def trained_so(self, model_id: str, options: Mapping[str, Any], config: Mapping[str, Any]) -> bool:
        """Whether the model is what `create_model` makes of the options, last trained with this config.

        Raises NotFound, InvalidInput.
        """
        model, job = self.model(model_id), self.latest_job(model_id)
        kind = TASKS[model.task]
        given = {name: value for name, value in options.items() if value is not None and name != "seed"}
        same = kind.options.parse(given).model_dump(mode="json") == model.options
        if not same or checked_seed(options.get("seed", 0)) != model.seed or job is None:
            return False
        upload = self._store.dataset(config.get("dataset"))
        return training_config(kind, config, self._step_limits, upload) == job.config

    def job(self, job_id: str) -> Job:
        """The job as it stands. Raises NotFound."""
        return self._store.job(identifier("job", job_id))

    def latest_job(self, model_id: str) -> Job | None:
        """The last job of the model, or None if it has none."""
        return self._store.latest_job(identifier("model", model_id))

    def jobs(self, model_id: str) -> list[Job]:
        """All the model's jobs, oldest first. Raises NotFound."""
        return self._store.jobs(identifier("model", model_id))

    def cancel(self, job_id: str) -> Job:
        """Stop the job after its present slice, wait for that, and return it.

        What it has learned is kept; a job that has ended stays as it is. Raises NotFound.
        """
        self.request_cancel(job_id)
        return self.wait(job_id)

    def request_cancel(self, job_id: str) -> None:
        """`cancel` without the wait: the job will end after its present slice. Raises NotFound."""
        self.job(job_id)
        self._scheduler.cancel(job_id)

    def wait(self, job_id: str) -> Job:
        """The job, once it has ended. Raises NotFound, and ServiceClosed if that is not to happen."""
        changed = threading.Event()
        with self._scheduler.watching(identifier("job", job_id), changed.set):
            while not self._scheduler.closed:
                if (job := self._store.job(job_id)).status.ended:
                    return job
                changed.wait()
                changed.clear()
        raise ServiceClosed

    def progress(self, job_id: str, after: int = 0) -> Progress:
        """What the job has recorded since the cursor `after`, without waiting. Raises NotFound."""
        if isinstance(after, bool) or not isinstance(after, int) or not 0 <= after < 2**63:
            raise InvalidInput("after", after, "a whole number, 0 or more")
        job = self.job(job_id)
        points = self._store.points(job_id, after)
        shared = {name: getattr(job, name) for name in Progress.model_fields if hasattr(job, name)}
        return Progress(job_id=job_id, points=points, after=after + len(points), **shared)

    async def watch(self, job_id: str, after: int = 0) -> AsyncIterator[Progress]:
        """The job's progress now and after every change, to its end. Raises NotFound, ServiceClosed."""
        changed = asyncio.Event()
        loop = asyncio.get_running_loop()

        def wake() -> None:
            with suppress(RuntimeError):  # the loop has closed, so nobody watches any more
                loop.call_soon_threadsafe(changed.set)

        with self._scheduler.watching(identifier("job", job_id), wake):
            while not self._scheduler.closed:
                changed.clear()
                progress = self.progress(job_id, after)
                after = progress.after
                yield progress
                if progress.status.ended:
                    return
                await changed.wait()
        raise ServiceClosed
