"""What a chapter asks of the service: train afresh, train on, follow, and check against the other engine.

Training never runs inside an event of the page, and no event waits long: it submits a job and gives
it a moment, and whoever wants to see the rest follows. What a newer training has replaced ends
without a word, so however fast a slider moves, only the last of its trainings goes on.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from typing import Any

from service import InvalidInput, Job, LabError, NotFound, TrainingService

MOMENT = 0.1
"""Seconds: a compiled training has ended by then, and a hand that drags a slider does not notice."""
OTHER = {"compiled": "autograd", "autograd": "compiled"}

Arguments = Mapping[str, Any]


class Trainer:
    """The trainings of one chapter, for everybody who has the page open."""

    def __init__(self, service: TrainingService, task: str) -> None:
        self._service = service
        self._task = task
        self._replaced: set[str] = set()

    def known(self, model_id: str | None) -> str | None:
        """The id, if there is such a model: a browser may remember one of a server emptied since."""
        try:
            return self._service.model(model_id).id if model_id else None
        except (NotFound, InvalidInput):
            return None

    def running(self, model_id: str | None) -> Job | None:
        """The job that trains the model now."""
        job = self._service.latest_job(model_id) if model_id else None
        return job if job is not None and not job.status.ended else None

    def create(self, options: Arguments, owner: str) -> str:
        """A new and untrained model."""
        return self._service.create_model(self._task, owner=owner, **options).id

    def begin(self, options: Arguments, training: Arguments, owner: str) -> Job:
        """Begin to train a new model; if that is refused, there is none."""
        model_id = self.create(options, owner)
        try:
            return self._service.submit(model_id, **training)
        except LabError:
            self._service.delete_model(model_id)
            raise

    async def moment(self, job: Job) -> None:
        """Give the job a moment, or less if it ends before."""
        with suppress(TimeoutError, NotFound):
            async with asyncio.timeout(MOMENT):
                async for _ in self._service.watch(job.id):
                    pass

    def differ_in_engine(self, model_id: str, other_id: str) -> bool:
        """Whether two models have been trained the same way, once, but by different engines."""
        models = [self._service.model(each) for each in (model_id, other_id)]
        jobs = [self._service.jobs(each) for each in (model_id, other_id)]
        if not len(jobs[0]) == len(jobs[1]) == 1:
            return False
        ((one,), (other,)) = jobs
        alike = one.config.model_copy(update={"engine": other.config.engine}) == other.config
        same = [(model.options, model.seed) for model in models]
        return alike and one.config.engine != other.config.engine and same[0] == same[1]

    async def drop(self, model_id: str | None) -> None:
        """Forget a model that has been replaced, whatever it is doing."""
        with suppress(NotFound):
            if (known := self.known(model_id)) is not None:
                if job := self.running(known):
                    self._replaced.add(job.id)
                    await self.stop(known)
                self._service.delete_model(known)

    async def stop(self, model_id: str) -> None:
        """Cancel the model's job; what it has learned is kept."""
        if job := self.running(model_id):
            self._service.request_cancel(job.id)
            async for _ in self._service.watch(job.id):
                pass

    async def follow(self, job_id: str) -> AsyncIterator[str]:
        """The id of the job's model after every change of the job, to its end or replacement."""
        model_id = self._service.job(job_id).model_id
        with suppress(NotFound):
            async for _ in self._service.watch(job_id):
                if job_id in self._replaced:
                    break
                yield model_id
        self._replaced.discard(job_id)

    async def check(self, model_id: str, owner: str) -> AsyncIterator[str]:
        """Train a twin of the model as it was trained, but on the other engine; its id as it goes on.

        Raises InvalidInput where the other engine cannot.
        """
        model = self._service.model(model_id)
        jobs = [job for job in self._service.jobs(model_id) if job.step > job.start_step]
        twin = self._service.create_model(self._task, seed=model.seed, owner=owner, **model.options)
        try:
            for job in jobs:
                training = job.config.model_dump() | {
                    "steps": job.step - job.start_step,
                    "engine": OTHER[job.config.engine],
                }
                again = self._service.submit(twin.id, **training)
                if again.config.engine == job.config.engine:
                    raise InvalidInput("optimizer", job.config.optimizer, "sgd, adam or adamw to be checked")
                async for followed in self.follow(again.id):
                    yield followed
        except LabError:
            await self.drop(twin.id)
            raise
