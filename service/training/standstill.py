"""Whether a run that got to its end can still learn: no step moves it any more, or gradients are all 0."""

from dataclasses import replace

import torch
from torch import Tensor

from service.engines import ENGINES
from service.engines.autograd import batches
from service.engines.base import MOST_POINTS, Run
from service.networks import LatentProduct
from service.training import outcomes
from service.training.advance import Slice, Work, restore

MOST_PASSED = 10_000
"""The steps of a pass, at most: there are no more examples."""


def standstill(work: Work, end: Slice) -> str | None:
    """What keeps the model from learning on after the run's last slice; None if nothing does.

    Whether it still moves is found by going on for up to one more pass over the examples, on the run's
    own engine.
    """
    if not end.loss:  # none that is finite, or nothing left to learn
        return None
    # As if it had far to go: so far that no loss is recorded on the way.
    far = end.step + MOST_POINTS * MOST_PASSED
    run = restore(
        replace(work, step=end.step, start_step=end.step, target_step=far, checkpoint=end.checkpoint)
    )
    before = {name: parameter.detach().clone() for name, parameter in run.module.named_parameters()}
    without = _without_gradient(run)
    passed = -(-len(run.examples) // work.config.batch_size)
    moving = _moves(run, before, end.step + 1) or _moves(run, before, end.step + passed)
    if len(without) == len(before):
        said = outcomes.stuck(without, end.loss, moving=moving)
        at_zero = isinstance(run.module, LatentProduct) and not any(before.values())
        return said + outcomes.NOT_BOTH_ZERO if at_zero else said
    if not moving:
        return outcomes.still(passed)
    return outcomes.dead(without) if without else None


def _moves(run: Run, before: dict[str, Tensor], stop: int) -> bool:
    """Whether a parameter is another by the step `stop`."""
    ENGINES[run.config.engine](run, stop)
    return not all(torch.equal(parameter, before[name]) for name, parameter in run.module.named_parameters())


def _without_gradient(run: Run) -> list[str]:
    """The parameters whose gradients are exactly 0 in every batch of an epoch."""
    names = dict(run.module.named_parameters())
    upcoming = batches(run)
    for _ in range(-(-len(run.examples) // run.config.batch_size)):
        inputs, targets = next(upcoming)
        loss = run.loss(run.module(inputs), targets)
        slopes = torch.autograd.grad(loss, list(names.values()))
        names = {
            name: parameter
            for (name, parameter), slope in zip(names.items(), slopes, strict=True)
            if not bool(slope.any())
        }
        if not names:
            break
    return list(names)
