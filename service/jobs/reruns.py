"""Trainings run once more: they change no model, and take turns with all that trains."""

import asyncio

from service.errors import InvalidInput
from service.jobs.entries import ErrandEntry
from service.jobs.scheduler import Scheduler
from service.jobs.store import Store
from service.training.replay import Frame, SeedLosses, estimated_seconds, replay
from service.training.requests import check_trained_here, identifier
from service.training.snapshot import Snapshot

MAX_RERUN_SECONDS = 5.0
"""What running a model's jobs once more may take."""


class Reruns:
    """What the trainings of a model come to when they are run again."""

    def __init__(self, store: Store, scheduler: Scheduler) -> None:
        self._store = store
        self._scheduler = scheduler

    async def replay(self, model_id: str) -> list[Frame]:
        """The model at up to 60 of its recorded steps, to the bit.

        Raises NotFound, ServiceClosed, and InvalidInput where that would take more than 5 seconds, or where
        the model came out of a program.
        """
        now = self._snapshot(model_id)
        errand = replay(now.task.name, now.options, now.model.seed, now.jobs, now.history.step, now.uploads)
        entry = ErrandEntry(errand, owner=now.model.owner)
        return list((await asyncio.wrap_future(self._scheduler.run(entry))).frames)

    async def seed_losses(self, model_id: str, count: int = 200, budget: float = 3.0) -> list[float | None]:
        """The loss at which the model's training ends from each of the seeds 0, 1, 2, ...

        Each is a training of its own, None where it diverges. There are `count` of them, or as many as
        fit into `budget` seconds of the processor, but at least one; none without a job. Raises as `replay`.
        """
        now = self._snapshot(model_id)
        errand = SeedLosses(now.task.name, now.options, tuple(now.jobs), now.uploads, count, budget)
        entry = ErrandEntry(errand, owner=now.model.owner)
        return list((await asyncio.wrap_future(self._scheduler.run(entry))).losses)

    def _snapshot(self, model_id: str) -> Snapshot:
        snapshot = self._store.snapshot(identifier("model", model_id))
        check_trained_here(snapshot.model)
        seconds = estimated_seconds(snapshot.jobs)
        if seconds > MAX_RERUN_SECONDS:
            allowed = f"one that takes at most {MAX_RERUN_SECONDS:g} seconds, as with the compiled engine"
            raise InvalidInput("A training to run once more", f"{seconds:.0f} seconds", allowed)
        return snapshot
