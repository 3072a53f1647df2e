"""What is logged of a run, whatever it is logged to."""

from dataclasses import dataclass
from typing import Any

from service.records import History, Job, JobStatus
from service.training.snapshot import Snapshot

PROJECT = "backprop-lab"
"""What tools that keep runs of several projects call this one."""


@dataclass(frozen=True)
class LoggedRun:
    """A model with its trainings, in the words of such tools."""

    name: str
    settings: dict[str, Any]
    """What it was made and trained with; a list where its trainings differ, a value for each."""
    history: History
    results: dict[str, float]
    """How it ended, in numbers."""
    status: JobStatus
    remarks: dict[str, str]
    """How it ended, in words."""

    @property
    def points(self) -> list[tuple[int, dict[str, float]]]:
        """The recorded losses by name, each after a step. What is None in the history is left out."""
        steps, *columns = self.history.columns().items()
        return [
            (step, {name: values[row] for name, values in columns if values[row] is not None})
            for row, step in enumerate(steps[1])
        ]


def logged(snapshot: Snapshot) -> LoggedRun:
    """What is logged of a model. Raises Unreadable where what is kept of it is damaged."""
    model, job = snapshot.model, snapshot.job
    status = job.status if job else JobStatus.queued
    results: dict[str, float] = {"final_step": model.step}
    remarks = {"status": str(status), "fingerprint": snapshot.fingerprint}
    if job and job.loss is not None:
        results["final_loss"] = job.loss
    if job and (said := job.error or job.note):
        remarks["remark"] = said
    if snapshot.task.analysis is not None:
        certificate = snapshot.certify()
        remarks["certificate"] = f"{certificate.verdict}. {certificate.claim}"
        if certificate.radius is not None:
            results["certified_radius"] = certificate.radius
    return LoggedRun(
        name=f"{snapshot.task.name}-{model.id[:8]}-step-{model.step}",
        settings={"task": model.task, "seed": model.seed, **model.options, **_trainings(snapshot.jobs)},
        history=snapshot.history,
        results=results,
        status=status,
        remarks=remarks,
    )


def _trainings(jobs: list[Job]) -> dict[str, Any]:
    configs = [job.config.model_dump(mode="json") | {"steps": job.step - job.start_step} for job in jobs]
    columns = {name: [each[name] for each in configs] for name in (configs[0] if configs else {})}
    return {
        name: values[0] if all(each == values[0] for each in values) else values
        for name, values in columns.items()
    }
