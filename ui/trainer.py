"""What a workbench asks of the service: train afresh, train on, and check against the other engine.

Training never runs inside an event of the page, and no event waits long: it submits a job and gives
it a moment, and as long as something is at work, the page looks again.
"""

import asyncio
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from service import InvalidInput, Job, JobStatus, LabError, NotFound, Snapshot, TrainingService

MOMENT_SECONDS = 0.1
"""Seconds: a compiled training has ended by then, and a hand that drags a slider does not notice."""
GESTURE_SECONDS = 3.0
"""Seconds: what a slider has trained is let go of if the slider moves on within that time."""

Arguments = Mapping[str, Any]


@dataclass
class BenchState:
    """The models that a page shows: the one that it trains, and its twin on the other engine.

    All events of the page share it, so it is right even where the browser does not know yet: of the
    events that are under way at the same time, each takes up what the one before has left.
    """

    model: str | None = None
    twin: str | None = None
    workspace: str | None = None
    """Where the trainings of this browser are kept as runs."""
    moved: float | None = None
    """When a slider's move made the model, if one did."""
    pending: list[dict[str, Any]] = field(default_factory=list)
    """The trainings of a link that are still to come, and below, the fingerprint that it promises."""
    promised: str | None = None


class Trainer:
    """The trainings of one task, for everybody who has the page open."""

    def __init__(self, service: TrainingService, task: str) -> None:
        self._service = service
        self.task = task

    def known(self, model_id: str | None) -> str | None:
        """The id, if it is a model of the task: a browser may remember one of a server emptied since."""
        try:
            model = self._service.model(model_id) if model_id else None
        except (NotFound, InvalidInput):
            return None
        return model.id if model is not None and model.task == self.task else None

    def running(self, model_id: str | None) -> Job | None:
        """The job that trains the model now."""
        job = self._service.latest_job(model_id) if self.known(model_id) and model_id else None
        return job if job is not None and not job.status.ended else None

    def read(self, shown: BenchState) -> tuple[Snapshot | None, Snapshot | None]:
        """The model that is shown, and its twin, each from one moment; None where it is not known."""
        return self._snapshot(shown.model), self._snapshot(shown.twin)

    def _snapshot(self, model_id: str | None) -> Snapshot | None:
        with suppress(NotFound, InvalidInput):
            snapshot = self._service.snapshot(model_id) if model_id else None
            return snapshot if snapshot is not None and snapshot.model.task == self.task else None
        return None

    def create(self, options: Arguments, owner: str) -> str:
        """A new and untrained model."""
        return self._service.create_model(self.task, owner=owner, **options).id

    async def train(
        self, shown: BenchState, options: Arguments, training: Arguments, owner: str, *, moved: bool = False
    ) -> bool:
        """Show a new model, and give its training a moment; if that is refused, nothing changes.

        The model before stays among the runs, unless it was one of those through which a slider has
        `moved` to this one. It becomes the twin if it differs in the engine alone. Returns False if
        meanwhile another training has taken the place of this one.
        """
        model_id = self.create(options, owner)
        try:
            job = self._service.submit(model_id, **training)
        except LabError:
            self._service.delete_model(model_id)
            raise
        before = self.known(shown.model)
        twin = before if before and self._differ_in_engine(before, model_id) else None
        passed = before if moved and self._passing(shown, before) else None
        replaced = {
            each
            for each in {before, self.known(shown.twin)} - {twin}
            if each == passed or not self._service.runs.known(each)
        }
        shown.model, shown.twin = model_id, twin
        shown.moved = time.monotonic() if moved else None
        self.let_go(shown)
        self.keep(shown)
        await asyncio.gather(self.moment(job), *(self.drop(each) for each in replaced))
        if shown.model != model_id:
            return False
        # Counted from now: how long the training took says nothing of the hand.
        shown.moved = time.monotonic() if moved else None
        return True

    def let_go(self, shown: BenchState) -> None:
        """Forget what a link has promised: the model goes its own way from now on."""
        shown.pending, shown.promised = [], None

    def keep(self, shown: BenchState) -> None:
        """Have the model among the runs of this browser."""
        if shown.workspace is not None and shown.model is not None:
            self._service.runs.keep(shown.workspace, shown.model)

    def _passing(self, shown: BenchState, before: str | None) -> bool:
        """Whether the slider that made the model before is still on its way, and nobody holds on to it."""
        if shown.moved is None or before is None:
            return False
        if shown.workspace is not None and not self._service.runs.untouched(shown.workspace, before):
            return False
        return time.monotonic() - shown.moved < GESTURE_SECONDS or self.running(before) is not None

    async def recreate(self, shown: BenchState, recipe: str, promised: str | None, owner: str) -> None:
        """Show a new model that is to be trained as a link says. Raises InvalidInput."""
        model, trainings = self._service.recreate(recipe, owner=owner)
        shown.model, shown.twin, shown.moved = model.id, None, None
        shown.pending, shown.promised = trainings, promised
        self.keep(shown)
        await self.go_on(shown)

    async def go_on(self, shown: BenchState) -> None:
        """Begin the next of the trainings that a link has brought, if the model is ready, and give it a
        moment.

        They end where one of them does not succeed.
        """
        if not shown.pending or shown.model is None or self.running(shown.model):
            return
        last = self._service.latest_job(shown.model)
        if last is not None and last.status is not JobStatus.succeeded:
            shown.pending = []
            return
        await self.moment(self._service.submit(shown.model, **shown.pending.pop(0)))

    async def moment(self, job: Job) -> None:
        """Give the job a moment, or less if it ends before."""
        with suppress(TimeoutError, NotFound):
            async with asyncio.timeout(MOMENT_SECONDS):
                await self._service.ended(job.id)

    async def drop(self, model_id: str | None) -> None:
        """Forget a model that has been replaced, whatever it is doing."""
        with suppress(NotFound):
            if (known := self.known(model_id)) is not None:
                await self.stop(known)
                self._service.delete_model(known)

    async def drop_twin(self, shown: BenchState) -> None:
        """Forget the twin; if it is one of the runs, it stays there."""
        twin, shown.twin = shown.twin, None
        if twin is not None and self._service.runs.known(twin):
            await self.stop(self.known(twin))
        else:
            await self.drop(twin)

    async def stop(self, model_id: str | None) -> None:
        """Cancel the model's job; what it has learned is kept."""
        if job := self.running(model_id):
            await self._service.ended(self._service.request_cancel(job.id).id)

    async def check(self, shown: BenchState, owner: str) -> None:
        """Begin to train a twin of the model as it was trained, but on the other engine.

        Raises InvalidInput where the other engine cannot.
        """
        await self.drop_twin(shown)
        if (known := self.known(shown.model)) is None:
            return
        model = self._service.model(known)
        twin = self._service.create_model(self.task, seed=model.seed, owner=owner, **model.options)
        shown.twin = twin.id
        await self.train_twin_on(shown)

    async def train_twin_on(self, shown: BenchState) -> None:
        """Give the twin the next of the trainings that the model has had, if it is ready for it.

        Raises InvalidInput where the other engine cannot; then there is no twin any more.
        """
        if shown.twin is None or (job := due(*self.read(shown))) is None:
            return
        engine = self._service.catalog.engines()[job.config.engine].checked_by
        training = job.config.model_dump() | {"steps": job.step - job.start_step, "engine": engine}
        try:
            again = self._service.submit(shown.twin, **training)
            if again.config.engine == job.config.engine:
                raise InvalidInput("optimizer", job.config.optimizer, "sgd, adam or adamw to be checked")
        except LabError:
            await self.drop_twin(shown)
            raise

    def _differ_in_engine(self, model_id: str, other_id: str) -> bool:
        """Whether two models have been trained the same way, once, but by different engines."""
        models = [self._service.model(each) for each in (model_id, other_id)]
        jobs = [self._service.jobs(each) for each in (model_id, other_id)]
        if not len(jobs[0]) == len(jobs[1]) == 1:
            return False
        ((one,), (other,)) = jobs
        alike = one.config.model_copy(update={"engine": other.config.engine}) == other.config
        same = [(model.options, model.seed) for model in models]
        return alike and one.config.engine != other.config.engine and same[0] == same[1]


def due(model: Snapshot | None, twin: Snapshot | None) -> Job | None:
    """The next of the model's trainings, if its twin has had all before it and is ready for it."""
    if model is None or twin is None or any(job.status is not JobStatus.succeeded for job in twin.jobs):
        return None
    jobs = [job for job in model.jobs if job.status.ended and job.step > job.start_step]
    return next(iter(jobs[len(twin.jobs) :]), None)
