"""Whether a run that got to its end can still learn: no step moves it any more, or gradients are all 0."""

from dataclasses import replace

import torch
from torch import Tensor

from service.engines import ENGINES
from service.engines.autograd import batches
from service.engines.base import MAX_POINTS, Training
from service.tasks import TASKS
from service.training import outcomes
from service.training.advance import Slice, Work, restore

MAX_EPOCH_STEPS = 10_000
"""The steps of a pass, at most: there are no more examples."""


def standstill(work: Work, end: Slice) -> str | None:
    """What keeps the model from learning on after the run's last slice; None if nothing does.

    Whether it still moves is found by going on for up to one more pass over the examples, on the run's
    own engine.
    """
    if not end.loss:  # none that is finite, or nothing left to learn
        return None
    # As if it had far to go: so far that no loss is recorded on the way.
    far = end.step + MAX_POINTS * MAX_EPOCH_STEPS
    training = restore(
        replace(work, step=end.step, start_step=end.step, target_step=far, checkpoint=end.checkpoint)
    )
    before = {name: parameter.detach().clone() for name, parameter in training.module.named_parameters()}
    without = _without_gradient(training)
    passed = training.batches_per_epoch
    moving = _moves(training, before, end.step + 1) or _moves(training, before, end.step + passed)
    if len(without) == len(before):
        said = outcomes.stuck(without, end.loss, moving=moving)
        return f"{said} {TASKS[work.task].unstick(training.module)}".strip()
    if not moving:
        return outcomes.still(passed)
    return outcomes.dead(without) if without else None


def _moves(training: Training, before: dict[str, Tensor], stop: int) -> bool:
    """Whether a parameter is another by the step `stop`."""
    ENGINES[training.config.engine].train(training, stop)
    return not all(
        torch.equal(parameter, before[name]) for name, parameter in training.module.named_parameters()
    )


def _without_gradient(training: Training) -> list[str]:
    """The parameters whose gradients are exactly 0 in every batch of an epoch."""
    names = dict(training.module.named_parameters())
    upcoming = batches(training)
    for _ in range(training.batches_per_epoch):
        inputs, targets = next(upcoming)
        loss = training.loss(training.module(inputs), targets)
        slopes = torch.autograd.grad(loss, list(names.values()))
        names = {
            name: parameter
            for (name, parameter), slope in zip(names.items(), slopes, strict=True)
            if not bool(slope.any())
        }
        if not names:
            break
    return list(names)
