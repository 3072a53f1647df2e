"""What to do about a run that diverged: found from the curvature of its loss, and then tried.

A trial is the run itself from the model's first weights, for a number of steps that depends on the
run alone. So the same run always gets the same advice, and what is advised holds for the steps tried.
"""

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from math import ceil, floor, isfinite, log10
from typing import Any

import torch
from torch import Tensor

from service.engines import ENGINES
from service.engines.autograd import batches
from service.engines.base import MAX_POINTS, Examples, Training
from service.errors import InvalidInput
from service.optimizers import complete_settings
from service.records import DataConfig, TrainingConfig
from service.tasks import TASKS
from service.tasks.base import largest
from service.training.advance import Work, all_finite, first_checkpoint, restore
from service.training.outcomes import Advice, TooLarge, numbers_too_large

MAX_TRIAL_NS = 100_000_000
"""What a trial may take by a rough estimate: a nanosecond for every weight and example of a step, and the
engine's overhead."""
LARGE_NUMBER = 2.0**50
"""From about here on, gradients of numbers can be too large for every learning rate of float32's."""
MAX_RATES_TRIED = 10
POWER_ITERATIONS = 30
SMALLEST_RATE = 1e-37
"""Below, float32 has denormal learning rates at best."""


@dataclass(frozen=True)
class Remedy:
    """What to change beside the learning rate: fields and settings of the config, and the data's scale."""

    config: dict[str, Any] = field(default_factory=dict[str, Any])
    named: dict[str, Any] = field(default_factory=dict[str, Any])
    """The same changes under the names that a person changes them by."""
    divisor: float = 1.0

    @property
    def smaller_data(self) -> bool:
        """Whether it makes the inputs smaller."""
        return self.divisor > 1 or "low" in self.config


def advise(work: Work) -> Advice | TooLarge | None:
    """How to train the model, rewound, so that it does not diverge; None if nothing was found.

    Of the remedies the first is taken with which the loss gets down, by steps that are long enough to
    move the biases; if there is none, the first that stays finite.
    """
    begin = first_checkpoint(work.task, work.options, work.seed)
    first = replace(work, start_step=0, step=0, target_step=work.config.steps, checkpoint=begin)
    too_large = _too_large(first)
    if too_large is not None and work.upload is None:
        return too_large
    examples = restore(first).examples
    largest_input = largest(examples.inputs)
    smaller = _smaller_data(first, largest_input, largest(examples.targets))
    slow: Advice | None = None
    held: Advice | None = None
    for remedy in _remedies(first, smaller):
        found = _search(first, remedy, below=work.start_step == 0 and remedy == Remedy())
        if found is None:
            continue
        if found.last_loss >= found.first_loss:
            held = held or found
        elif smaller is not None and _too_slow(first.config, remedy, found.learning_rate):
            slow = slow or found
        else:
            by_size = remedy.smaller_data and slow is not None and largest_input > 1
            return replace(found, largest_input=largest_input) if by_size else found
    return slow or held or too_large or _overflowing(first)


def _smaller_data(work: Work, largest_input: float, largest_target: float) -> Remedy | None:
    """Smaller numbers to train on, where the run's are larger than they need be and can be changed.

    These are the largest numbers among the inputs and the targets.
    """
    config, defaults = work.config, DataConfig()
    if work.upload is not None and max(largest_input, largest_target) > 1:
        return Remedy(divisor=10.0 ** ceil(log10(max(largest_input, largest_target))))
    if config.dataset is None and largest_input > max(abs(defaults.low), abs(defaults.high)):
        usual = {"low": defaults.low, "high": defaults.high}
        return Remedy(usual, usual)
    return None


def _remedies(work: Work, smaller: Remedy | None) -> Iterator[Remedy]:
    """What to change, from nothing to all that may be to blame."""
    yield Remedy()
    if smaller is not None:
        yield smaller
    usual = _usual_settings(work.config)
    for name, value in usual.items():
        with suppress(InvalidInput):  # two settings that go together
            yield _with_settings(work.config, {name: value})
    if usual:
        both = _with_settings(work.config, usual)
        yield both
        if smaller is not None:
            yield Remedy(both.config | smaller.config, both.named | smaller.named, smaller.divisor)


def _usual_settings(config: TrainingConfig) -> dict[str, Any]:
    """The defaults of those settings of the optimizer that have another value in the config."""
    # As in JSON, where a pair is a list.
    plain = json.loads(json.dumps(complete_settings(config.optimizer, {})))
    own = json.loads(json.dumps(config.settings))
    return {name: value for name, value in plain.items() if own[name] != value}


def _with_settings(config: TrainingConfig, settings: dict[str, Any]) -> Remedy:
    return Remedy(
        {"settings": complete_settings(config.optimizer, {**config.settings, **settings})}, settings
    )


def _search(work: Work, remedy: Remedy, *, below: bool) -> Advice | None:
    """The largest learning rate tried with which the loss gets down, or else stays finite.

    Gradient descent on a loss of curvature c (the Hessian's largest eigenvalue) is stable below 2 / c:
    Goodfellow, Bengio and Courville, Deep Learning (2016), section 4.3.1. The curvature changes on the
    way, so half of that comes first. All rates are `below` the run's own if that is known to be too large.
    """
    config = work.config.model_copy(update=remedy.config)
    training = _changed(work, remedy, config)
    first_loss = training.mean_loss()
    held: Advice | None = None
    for rate in _rates(training, config.learning_rate / 2 if below else config.learning_rate):
        trial = _changed(work, remedy, config.model_copy(update={"learning_rate": rate}))
        steps = min(config.steps, trial_steps(trial))
        # As if it had so far to go that only the last of these steps is recorded.
        trial.target_step = (MAX_POINTS - 1) * steps
        healthy = ENGINES[config.engine].train(trial, steps) and all_finite(trial.module)
        if healthy and trial.points:
            last_loss = trial.points[-1].loss
            found = Advice(rate, steps, first_loss, last_loss, remedy.named, remedy.divisor)
            if last_loss < first_loss:
                return found
            held = held or found
    return held


def trial_steps(training: Training) -> int:
    """How many steps a trial may take: as many for the same training, whatever else the machine does."""
    weights = sum(parameter.numel() for parameter in training.module.parameters())
    overhead = ENGINES[training.config.engine].step_overhead_ns
    return max(1, MAX_TRIAL_NS // (overhead + weights * training.config.batch_size))


def _changed(work: Work, remedy: Remedy, config: TrainingConfig) -> Training:
    training = restore(replace(work, config=config))
    if remedy.divisor > 1:
        training.examples = Examples(
            *(
                (part.double() / remedy.divisor).float()
                for part in (training.examples.inputs, training.examples.targets)
            )
        )
    return training


def _rates(training: Training, highest: float) -> Iterator[float]:
    """The learning rates to try: down from what the curvature allows, and then from the highest."""
    if training.config.optimizer == "sgd":
        curvature = largest_curvature(training) + training.config.settings["weight_decay"]
        if isfinite(curvature) and 1 / highest < curvature:
            yield from down_from(1 / curvature)
    yield from down_from(highest)


def down_from(rate: float) -> Iterator[float]:
    """Ever smaller learning rates, by ever larger factors; rounded down to two digits."""
    for trial in range(MAX_RATES_TRIED):
        if rate > SMALLEST_RATE:
            yield _rounded_down(rate)
        rate /= 2 ** (trial + 1)


def _too_slow(config: TrainingConfig, remedy: Remedy, rate: float) -> bool:
    """Whether the steps asked for are too few to move the output's biases by gradient descent.

    The loss has the curvature 2 along such a bias, so that each step of gradient descent takes it by a
    share of 2 * rate of the way that is left; momentum multiplies that by 1 / (1 - momentum) in the end.
    """
    settings = remedy.config.get("settings", config.settings)
    if config.optimizer != "sgd":
        return False
    return 2 * rate * config.steps < 1 - settings["momentum"]


def _too_large(work: Work) -> TooLarge | None:
    training = restore(work)
    inputs, targets = next(batches(training))
    with torch.no_grad():
        loss = training.loss(training.module(inputs), targets)
    if bool(loss.isfinite()):
        return None
    return TooLarge(TASKS[work.task].too_large(training.module, training.examples))


def _overflowing(work: Work) -> TooLarge | None:
    if work.upload is not None:
        return None
    training = restore(work)
    size = max(map(largest, [*training.module.parameters(), training.examples.targets]))
    return TooLarge(numbers_too_large(size)) if size >= LARGE_NUMBER else None


def largest_curvature(training: Training) -> float:
    """The Hessian's largest eigenvalue by size, of the loss of the batch with the largest inputs.

    Found by power iteration on products of the Hessian with a vector, so the Hessian is never written
    out (Pearlmutter, 1994, Fast exact multiplication by the Hessian).
    """
    examples, size = training.examples, training.config.batch_size
    largest = (examples.inputs**2).sum(1).argsort(descending=True)[:size]
    inputs, targets = examples.inputs[largest], examples.targets[largest]
    if size == 1:
        inputs, targets = inputs[0], targets[0]
    parameters = list(training.module.parameters())
    loss = training.loss(training.module(inputs), targets)
    slopes = torch.autograd.grad(loss, parameters, create_graph=True)
    vector = [torch.ones_like(parameter) for parameter in parameters]
    size_of = 0.0
    for _ in range(POWER_ITERATIONS):
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
