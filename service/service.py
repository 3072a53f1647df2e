"""TrainingService: the one door to everything below, for the page, the API and programs alike."""

import logging
import os
import secrets
from collections.abc import AsyncIterator, Callable, Mapping
from concurrent.futures import Executor
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from service.catalog import Catalog
from service.data import uploads
from service.descriptions import Descriptions
from service.errors import InvalidInput, LabError, NotFound
from service.jobs import workers as executors
from service.jobs.cleaning import Cleaner
from service.jobs.database import Database, now
from service.jobs.following import Following
from service.jobs.health import Health, health
from service.jobs.programs import Programs
from service.jobs.reruns import Reruns
from service.jobs.runs import Runs
from service.jobs.scheduler import Scheduler
from service.jobs.store import Store
from service.jobs.sweeps import Grid, plan
from service.limits import Limits
from service.logs import short_id
from service.records import Dataset, Job, Model, Progress
from service.takeaway.recipes import unpacked
from service.training.advance import first_checkpoint
from service.training.requests import (
    check_trained_here,
    checked_key,
    checked_seed,
    identifier,
    known_task,
    model_options,
    step_limits,
)
from service.training.snapshot import Snapshot

logger = logging.getLogger(__name__)


class TrainingService:
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
        on_space: bool = False,
        program_seconds: int = 30,
        limits: Limits | None = None,
    ) -> None:
        """Open (or make) the data folder and go on with the jobs that were not finished.

        `workers` slices run at a time, one a core by default, on a process pool or on the executors
        that `make_executor` makes. `on_space`: whether many share it, so that jobs may have fewer steps.
        `program_seconds` of the processor is what a program may take that somebody wrote; 0 has none run.
        `limits` say how much is kept, and for how long. Raises DataFolderBusy, DataFolderUnusable,
        StorageFailed, and InvalidInput for a folder that cannot be written to.
        """
        workers = workers or os.cpu_count() or 1
        self._step_limits = step_limits(on_space)
        self._database = Database(data_folder / "lab.sqlite")
        self.limits = limits or Limits()
        """How much is kept here, and for how long."""
        self._store = Store(self._database, self.limits)
        make_executor = make_executor or partial(executors.process_pool, workers)
        try:
            self._scheduler = Scheduler(self._store, make_executor, workers)
        except LabError:
            self._database.close()
            raise
        self._following = Following(self._store, self._scheduler)
        self._cleaner = Cleaner(self._database, self._store.keeping)
        self.catalog = Catalog(self._step_limits, self.limits)
        """What there is to choose from."""
        self.descriptions = Descriptions(self._store, self._step_limits)
        """Requests understood, and told to a browser."""
        self.reruns = Reruns(self._store, self._scheduler)
        """Trainings run once more."""
        self.runs = Runs(self._database, self._store)
        """The tables of runs, by workspace."""
        self.programs = Programs(self._store, self._scheduler, workers, program_seconds)
        """Programs that somebody wrote."""

    def close(self) -> None:
        """Finish the slices in flight, stop the workers and close the database."""
        self._scheduler.close()
        self.programs.close()
        self._cleaner.close()
        self._database.close()

    def health(self) -> Health:
        """What is wrong, if anything is; read at once, and nothing is written."""
        return health(self._database, self._scheduler, self._store.bounds)

    def __enter__(self) -> "TrainingService":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def create_model(self, task: str, *, seed: int = 0, owner: str = "", **options: Any) -> Model:
        """Make a model of a task, with the weights that `torch.manual_seed(seed)` gives.

        The options are the task's own (`tasks()` names them); None means the default. Training time
        is shared fairly between owners. Raises InvalidInput, LimitReached.
        """
        parsed, seed = model_options(known_task(task), options), checked_seed(seed)
        model = Model(
            id=secrets.token_hex(16),
            task=task,
            options=parsed.model_dump(mode="json"),
            seed=seed,
            created=now(),
            owner=_text(owner),
        )
        self._store.add_model(model, first_checkpoint(task, parsed, seed))
        return model

    def recreate(self, recipe: str, *, owner: str = "") -> tuple[Model, list[dict[str, Any]]]:
        """A new model as `recipe` had it, and the trainings to submit one after another to train it so.

        Raises InvalidInput for an invalid recipe, and where anything in it is not allowed here.
        """
        read = unpacked(recipe)
        task = known_task(read.task)
        trainings = [self.descriptions.config(task, each).model_dump() for each in read.trainings]
        options = model_options(task, read.options).model_dump()
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
        the same for all. None means the default. In a workspace they become runs. Nothing is made if
        anything is not allowed. Raises InvalidInput, LimitReached.
        """
        for field, given in {"grid": grid, "options": options, "config": config}.items():
            if not isinstance(given, Mapping):
                raise InvalidInput(field, given, "given by name, such as {'name': 1}")
        parsed = Grid.parse({name: each for name, each in grid.items() if each is not None}, owner="a sweep")
        upload = self._store.dataset(config.get("dataset"))
        planned = plan(known_task(task), parsed, options, config, self._step_limits, upload)
        self._store.bounds.check_jobs(_text(owner), len(planned))
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
        self._store.rewind(self._used(model_id))
        return self._store.model(model_id)

    def delete_model(self, model_id: str) -> None:
        """Forget the model and its jobs. Raises NotFound, ModelBusy."""
        self._store.delete_model(identifier("model", model_id))

    def model(self, model_id: str) -> Model:
        """The model as it stands. Raises NotFound."""
        return self._store.model(self._used(model_id))

    def snapshot(self, model_id: str) -> Snapshot:
        """The model with its trainings and losses, from one moment. Raises NotFound."""
        return self._store.snapshot(self._used(model_id))

    def network(self, model_id: str) -> Snapshot:
        """`snapshot` without trainings and losses, which may be many. Raises NotFound, Unreadable."""
        return Snapshot.untold(*self._store.model_and_checkpoint(self._used(model_id)))

    def _used(self, model_id: str) -> str:
        """The id, if it is one, of a model that somebody uses."""
        self._store.keeping.note_use(identifier("model", model_id))
        return model_id

    def add_dataset(self, csv: str | bytes, file_name: str | None = None) -> Dataset:
        """Keep the examples of a CSV file, for trainings to ask for by the name that is returned.

        Its first line names the columns: a, b, c and 5 targets. Below come 1 to 10,000 rows of numbers; in
        all at most 5,000,000 bytes. The same numbers give the same name, however they are written. The
        `file_name` is shown beside it. Raises InvalidInput.
        """
        file = uploads.file_name(file_name)
        table, notes = uploads.read(csv)
        name, content = uploads.kept(table)
        self._store.add_dataset(name, content, file)
        return Dataset(name=name, examples=len(table), file_name=file, notes=notes)

    def dataset_title(self, name: str) -> str:
        """What to call a data set before people: one that was added, by its file; any other, by its name."""
        return self._store.dataset_title(name)

    def submit(self, model_id: str, *, key: str | None = None, **config: Any) -> Job:
        """Queue a training of the model from where it stands, and return at once.

        `config` takes the fields of TrainingConfig; None means the task's default. Submitting again
        trains on. The same `key` and configuration again give the model's job that they gave before,
        whatever became of it. Raises NotFound, ModelBusy, LimitReached, and InvalidInput also for a key that
        the model has had with another configuration.
        """
        model = self.model(model_id)
        check_trained_here(model)
        key = checked_key(key)
        parsed = self.descriptions.config(known_task(model.task), config)
        new = Job(id=secrets.token_hex(16), model_id=model_id, config=parsed, created=now(), key=key)
        job = self._scheduler.submit(new)
        if job.id == new.id:
            logger.info("Job %s of model %s submitted", short_id(job.id), short_id(model_id))
        return job

    def train(self, model_id: str, *, key: str | None = None, **config: Any) -> Job:
        """`submit`, and wait until the job has ended."""
        return self.wait(self.submit(model_id, key=key, **config).id)

    def check(self, task: str, options: Mapping[str, Any], config: Mapping[str, Any]) -> None:
        """Raise InvalidInput if `create_model` or `submit` would, and make nothing."""
        self.descriptions.asked(task, options, config)

    def matches_last_training(
        self, model_id: str, options: Mapping[str, Any], config: Mapping[str, Any]
    ) -> bool:
        """Whether the model is what `create_model` makes of the options, last trained with this config.

        Raises NotFound, InvalidInput.
        """
        model, job = self.model(model_id), self.latest_job(model_id)
        made = model.options, model.seed, job and job.config
        return made == self.descriptions.asked(model.task, options, config)

    def jobs(self, model_id: str) -> list[Job]:
        """All the model's jobs, oldest first. Raises NotFound."""
        return self._store.jobs(identifier("model", model_id))

    def latest_job(self, model_id: str) -> Job | None:
        """The last job of the model, or None if it has none."""
        return self._store.latest_job(identifier("model", model_id))

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
        """The job, once it has ended; `error` says so if that cannot be kept at present.

        Raises NotFound, and ServiceClosed if it is not to end.
        """
        return self._following.wait(identifier("job", job_id))

    def progress(self, job_id: str, after: int = 0) -> Progress:
        """What the job has recorded since the cursor `after`, without waiting. Raises NotFound."""
        return self._following.progress(identifier("job", job_id), after)

    def watch(self, job_id: str, after: int = 0) -> AsyncIterator[Progress]:
        """The job's progress now and after every change, to its end. Raises NotFound, ServiceClosed."""
        return self._following.watch(identifier("job", job_id), after)

    async def ended(self, job_id: str) -> Job:
        """The job, once it has ended: `wait` for who has an event loop to run. Raises as `watch`."""
        return await self._following.ended(identifier("job", job_id))


def _text(owner: str) -> str:
    return owner.encode(errors="replace").decode()
