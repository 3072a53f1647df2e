"""A learning rate that holds, for a run that diverged: from the curvature of its loss, and then tried."""

from dataclasses import replace
from math import floor, isfinite, log10

import torch
from torch import Tensor

from service.engines.base import Run
from service.training import Work, advance_for, first_checkpoint, restore

TRIAL_SECONDS = 0.1
MOST_TRIALS = 6
ROUNDS = 30


def stable_learning_rate(work: Work) -> float | None:
    """A learning rate with which the work's model, from its first weights on, does not diverge.

    Gradient descent on a loss of curvature c (the Hessian's largest eigenvalue) is stable below 2 / c:
    Goodfellow, Bengio and Courville, Deep Learning (2016), section 4.3.1. The curvature changes on the
    way, so half of that is taken, tried for a moment, and halved again while the trial does not get
    its loss down. None if nothing was found; rounded down to two digits.
    """
    begin = first_checkpoint(work.task, work.options, work.seed)
    first = replace(work, start_step=0, step=0, target_step=work.config.steps, checkpoint=begin)
    run = restore(first)
    loss, curvature = run.mean_loss(), largest_curvature(run)
    rate = work.config.learning_rate / 2
    if isfinite(curvature) and curvature > 0:
        rate = min(rate, 1 / curvature)
    for _ in range(MOST_TRIALS):
        rate = _rounded_down(rate)
        config = work.config.model_copy(update={"learning_rate": rate})
        trial, _ = advance_for(replace(first, config=config), TRIAL_SECONDS, None)
        if trial.diverged_at is None and trial.loss is not None and trial.loss <= loss:
            return rate
        rate /= 2
    return None


def largest_curvature(run: Run) -> float:
    """The Hessian's largest eigenvalue by size, of the loss of the batch with the largest inputs.

    Found by power iteration on products of the Hessian with a vector, so the Hessian is never written
    out (Pearlmutter, 1994, Fast exact multiplication by the Hessian).
    """
    examples, size = run.examples, run.config.batch_size
    largest = (examples.inputs**2).sum(1).argsort(descending=True)[:size]
    inputs, targets = examples.inputs[largest], examples.targets[largest]
    if size == 1:
        inputs, targets = inputs[0], targets[0]
    parameters = list(run.module.parameters())
    loss = run.loss(run.module(inputs), targets)
    slopes = torch.autograd.grad(loss, parameters, create_graph=True)
    vector = [torch.ones_like(parameter) for parameter in parameters]
    size_of = 0.0
    for _ in range(ROUNDS):
        length = _length(vector)
        if length == 0 or not isfinite(length):
            break
        vector = [part / length for part in vector]
        vector = list(
            torch.autograd.grad(slopes, parameters, vector, retain_graph=True, materialize_grads=True)
        )
        size_of = _length(vector)
    return size_of


def _length(vector: list[Tensor]) -> float:
    return sum(part.double().square().sum().item() for part in vector) ** 0.5


def _rounded_down(rate: float) -> float:
    digits = 1 - floor(log10(rate))
    return float(f"{floor(rate * 10**digits) / 10**digits:.2g}")
