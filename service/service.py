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

import datasets
from service.errors import InvalidInput, NotFound, ServiceClosed, one_of
from service.inspection import Inspection
from service.jobs import workers as executors
from service.jobs.database import Database, now
from service.jobs.runs import Runs
from service.jobs.scheduler import Scheduler
from service.jobs.store import Store
from service.jobs.sweeps import Grid, plan
from service.optimizers import OPTIMIZERS
from service.records import Job, Model, OptimizerInfo, Progress, TaskInfo
from service.takeaway.recipes import unpacked
from service.tasks import TASKS
from service.training.advance import first_checkpoint
from service.training.requests import (
    STEP_LIMITS,
    checked_key,
    checked_seed,
    identifier,
    task_info,
    training_config,
)


class TrainingService(Inspection):
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
        self._step_limits = step_limits
        self._database = Database(data_folder / "lab.sqlite")
        store = Store(self._database)
        make_executor = make_executor or partial(executors.process_pool, workers)
        super().__init__(store, Scheduler(store, make_executor, workers))
        self.runs = Runs(self._database)
        """The tables of runs, by workspace."""

    def close(self) -> None:
        """Finish the slices in flight, stop the workers and close the database."""
        self._scheduler.close()
        self._database.close()

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

    def recreate(self, recipe: str, *, owner: str = "") -> tuple[Model, list[dict[str, Any]]]:
        """A new model as `recipe` had it, and the trainings to submit one after another to train it so.

        Raises InvalidInput for what is no recipe, and where anything in it is not allowed here.
        """
        read = unpacked(recipe)
        kind = TASKS[one_of("task", read.task, TASKS)]
        trainings = [
            training_config(
                kind, each, self._step_limits, self._store.dataset(each.get("dataset"))
            ).model_dump()
            for each in read.trainings
        ]
        options = kind.options.parse(read.options, owner=f"the task {read.task}").model_dump()
        return self.create_model(read.task, seed=read.seed, owner=owner, **options), trainings

    def sweep(
        self,
        task: str,
        grid: Mapping[str, Any],
        options: Mapping[str, Any],
        config: Mapping[str, Any],
        *,
        workspace: str | None = None,
        owner: str = "",
    ) -> list[Job]:
        """Train a new model for every combination of the grid, and return the queued jobs at once.

        `grid` takes the fields of Grid; `options` (as for create_model) and `config` (as for `submit`) are
        the same for all. In a workspace they become runs. Nothing is made if anything is not allowed.
        Raises InvalidInput.
        """
        for field, given in {"options": options, "config": config}.items():
            if not isinstance(given, Mapping):
                raise InvalidInput(field, given, "given by name, such as {'name': 1}")
        parsed = Grid.parse(grid, owner="a sweep")
        name, limits = one_of("task", task, TASKS), self._step_limits
        planned = plan(name, parsed, options, config, limits, self._store.dataset(config.get("dataset")))
        sweep = secrets.token_hex(16)
        jobs: list[Job] = []
        for each in planned:
            model = self.create_model(task, seed=each.seed, owner=owner, **each.options)
            if workspace is not None:
                self.runs.keep(workspace, model.id, sweep=sweep)
            jobs.append(self.submit(model.id, **each.config.model_dump()))
        return jobs

    def rewind(self, model_id: str) -> Model:
        """The model back at its first weights, its jobs and history cleared. Raises NotFound, ModelBusy."""
        self._store.rewind(identifier("model", model_id))
        return self._store.model(model_id)

    def delete_model(self, model_id: str) -> None:
        """Forget the model and its jobs. Raises NotFound, ModelBusy."""
        self._store.delete_model(identifier("model", model_id))

    # Jobs

    def submit(self, model_id: str, *, key: str | None = None, **config: Any) -> Job:
        """Queue a training of the model from where it stands, and return at once.

        `config` takes the fields of TrainingConfig; None means the task's default. Submitting again
        trains on. The same `key` and configuration again give the model's job that they gave before,
        whatever became of it. Raises NotFound, ModelBusy, and InvalidInput also for a key that the model
        has had with another configuration.
        """
        model = self.model(model_id)
        key = checked_key(key)
        upload = self._store.dataset(config.get("dataset"))
        parsed = training_config(TASKS[model.task], config, self._step_limits, upload)
        new = Job(id=secrets.token_hex(16), model_id=model_id, config=parsed, created=now(), key=key)
        job = self._store.add_job(new)
        self._scheduler.enqueue(job)
        return job

    def train(self, model_id: str, *, key: str | None = None, **config: Any) -> Job:
        """`submit`, and wait until the job has ended."""
        return self.wait(self.submit(model_id, key=key, **config).id)

    def check(self, task: str, options: Mapping[str, Any], config: Mapping[str, Any]) -> None:
        """Raise InvalidInput if `create_model` or `submit` would, and make nothing."""
        kind = TASKS[one_of("task", task, TASKS)]
        given = {name: value for name, value in options.items() if value is not None and name != "seed"}
        kind.options.parse(given, owner=f"the task {task}")
        checked_seed(options.get("seed", 0))
        training_config(kind, config, self._step_limits, self._store.dataset(config.get("dataset")))

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

    def cancel(self, job_id: str) -> Job:
        """Stop the job after its present slice, wait for that, and return it.

        In place of a job's id, that of a model stands for its last job. What it has learned is kept; a
        job that has ended stays as it is. Raises NotFound, and InvalidInput for a model without jobs.
        """
        return self.wait(self.request_cancel(job_id).id)

    def request_cancel(self, job_id: str) -> Job:
        """`cancel` without the wait: the job, which will end after its present slice; also at the next start.

        Raises as `cancel`.
        """
        job = self._job_or_last_of_model(identifier("job", job_id))
        if not job.status.ended:
            self._scheduler.cancel(job)
        return job

    def _job_or_last_of_model(self, found: str) -> Job:
        with suppress(NotFound):
            return self._store.job(found)
        with suppress(NotFound):
            self._store.model(found)
            job = self._store.latest_job(found)
            if job is None:
                raise InvalidInput("job_id", found, "the id of a job, or of a model that has been trained")
            return job
        raise NotFound("job", found)

    def wait(self, job_id: str) -> Job:
        """The job, once it has ended. Raises NotFound, and ServiceClosed if that is not to happen."""
        changed = threading.Event()
        with self._scheduler.watchers.watching(identifier("job", job_id), changed.set):
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

        with self._scheduler.watchers.watching(identifier("job", job_id), wake):
            while not self._scheduler.closed:
                changed.clear()
                progress = self.progress(job_id, after)
                after = progress.after
                yield progress
                if progress.status.ended:
                    return
                await changed.wait()
        raise ServiceClosed

    async def ended(self, job_id: str) -> Job:
        """`wait`, for who must not block: the job, once it has ended. Raises as `wait`."""
        async for _ in self.watch(job_id):
            pass
        return self.job(job_id)
