"""Trainings that a question needs: jobs like any other, whose models are deleted when they have ended."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf
from typing import Any

from service import JobStatus, Snapshot, TrainingService


@dataclass(frozen=True)
class Trainings:
    """Trains models of the task of the chapter that asks."""

    service: TrainingService
    task: str

    async def train(self, *models: Mapping[str, Any], **config: Any) -> list[Snapshot]:
        """A new model for each of `models` (options as for `create_model`), trained, as it is then.

        Raises RuntimeError if one of the trainings does not succeed.
        """
        created = [self.service.create_model(self.task, **options).id for options in models]
        jobs = [self.service.submit(model, **config) for model in created]
        ended = [await self.service.ended(job.id) for job in jobs]
        trained = [self.service.snapshot(model) for model in created]
        for model in created:
            self.service.delete_model(model)
        for job in ended:
            if job.status is not JobStatus.succeeded:
                raise RuntimeError(f"The training of a question {job.status.value}: {job.error}")
        return trained


def final_loss(trained: Snapshot) -> float:
    """The loss at the end of the last training."""
    return trained.history.loss[-1]


def last_held_out(trained: Snapshot) -> float:
    """The loss on the held-out examples at the end of the last training; infinite if it is not finite."""
    last = (trained.history.held_out_loss or [None])[-1]
    return inf if last is None else last
