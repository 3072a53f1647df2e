"""What a program or notebook says of the trainings that it repeats: how near it comes, how each one ended."""

from collections.abc import Sequence

from service.engines import ENGINES
from service.records import Job, JobStatus

SAME_BITS = (
    "These steps end at the same weights as in Backprop Lab, to the bit, with the same build of PyTorch, the "
    "same version of NumPy and the same kind of processor."
)
"""Of a training on autograd. NumPy draws the examples and their orders, and promises no stream for ever:
https://numpy.org/neps/nep-0019-rng-policy.html."""

OTHER_BITS = (
    "Backprop Lab trained with its compiled engine, which may round differently from PyTorch. A small "
    "difference can stay small in training, or grow: these steps may end at other weights."
)
"""Of a training that the compiled engine had a part in."""

ENDED = {
    JobStatus.queued: "was waiting",
    JobStatus.running: "was under way",
    JobStatus.diverged: "diverged",
    JobStatus.cancelled: "was stopped",
    JobStatus.failed: "failed",
}
"""What has become of a training that did not succeed."""


def made_steps(job: Job) -> bool:
    """Whether the job has changed its model."""
    return job.step > job.start_step


def claimed(jobs: Sequence[Job]) -> str | None:
    """How near a program of these jobs comes to the lab's weights; None of an untrained model."""
    same = [ENGINES[job.config.engine].pytorch_bits for job in jobs if made_steps(job)]
    if not same:
        return None
    return SAME_BITS if all(same) else OTHER_BITS


def steps(count: int) -> str:
    """So many steps, in words."""
    return "1 step" if count == 1 else f"{count:,} steps"


def ending(job: Job) -> str | None:
    """One or two sentences on a job that did not come to its end; None of one that succeeded."""
    if job.status is JobStatus.succeeded:
        return None
    ended = ENDED[job.status]
    if not made_steps(job):
        when = "at once" if job.status is JobStatus.diverged else "before its first step"
        return (
            f"A training of {steps(job.target_step - job.start_step)} at learning rate "
            f"{job.config.learning_rate!r} {ended} {when}. It changed nothing and is left out."
        )
    if job.status is not JobStatus.diverged:
        return f"In Backprop Lab, the training to step {job.target_step:,} {ended} at step {job.step:,}."
    return (
        f"In Backprop Lab, the training to step {job.target_step:,} diverged at step {job.step + 1:,}: "
        "after it a weight, or the loss of the next batch, was not a finite number. It ends at the last "
        f"finite weights, those of step {job.step:,}."
    )
