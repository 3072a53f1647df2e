"""The compiled engine: the same loop without Python in it, some thousand times as fast.

It trains the module's own tensors and the optimizer's: both are read into the kernels' layout and
written back, through memory shared with numpy. Its results are torch's, but for the order in which
float32 sums are taken (`engines.network_kernel`) and the last bit of Adam's square roots (`engines.rules`).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import numpy as np
import torch

from service.engines.base import Engine, Loop, Training, aligned_zeros, epochs_per_block
from service.engines.rules import LARGEST_STEP_COUNT, Adam, Descent, Momentum, Rule


def train(training: Training, stop: int) -> bool:
    """Backprop, Optimize, Reset in a compiled loop; see `engines.base.Train`."""
    with _packed(training) as (loop, held_out_loss):
        for end in _ends(training, stop):
            records = training.records(end)
            losses = np.empty(len(records))
            made, healthy = loop(end - training.step, np.array(records, np.int64) - training.step, losses)
            training.step += made
            for step, loss in zip(records, losses.tolist(), strict=True):
                if step <= training.step:
                    training.record(step, loss, held_out_loss())
            if not healthy:
                return False
        return loop(0, np.empty(0, np.int64), np.empty(0))[1]


# The optimizers


def _sgd(learning_rate: float, settings: dict[str, Any], _updates: int) -> Rule:
    momentum, weight_decay = settings["momentum"], settings["weight_decay"]
    if momentum == weight_decay == 0:
        return Descent(np.float32(learning_rate))
    return Momentum(
        np.float32(learning_rate), np.float32(momentum), settings["nesterov"], np.float32(weight_decay)
    )


def _adam(decoupled: bool, learning_rate: float, settings: dict[str, Any], updates: int) -> Rule:
    beta1, beta2 = settings["betas"]
    return Adam(learning_rate, beta1, beta2, settings["eps"], settings["weight_decay"], decoupled, updates)


RULES: dict[str, Callable[[float, dict[str, Any], int], Rule]] = {
    "sgd": _sgd,
    "adam": partial(_adam, False),
    "adamw": partial(_adam, True),
}
"""The optimizers this engine knows."""

BUFFERS: dict[type[Rule], tuple[str, ...]] = {
    Descent: (),
    Momentum: ("momentum_buffer",),
    Adam: ("exp_avg", "exp_avg_sq"),
}
"""What torch calls a rule's buffers in `optimizer.state`."""


# Between torch's tensors and the kernels' arrays


@contextmanager
def _packed(training: Training) -> Iterator[tuple[Loop, Callable[[], float | None]]]:
    """The loop of this training; its tensors are up to date when the context has been left."""
    kernel = training.kernel
    assert kernel is not None
    parameters = list(training.module.parameters())
    states = [training.optimizer.state[parameter] for parameter in parameters]
    before = int(states[0]["step"]) if "step" in states[0] else 0
    first = training.step

    def updates() -> int:
        return min(before + training.step - first, LARGEST_STEP_COUNT)

    def rule_now() -> Rule:
        return RULES[training.config.optimizer](
            training.config.learning_rate, training.config.settings, updates()
        )

    kind = type(rule_now())
    names = BUFFERS[kind]
    for state, parameter in zip(states, parameters, strict=True):
        for name in names:
            state.setdefault(name, torch.zeros_like(parameter))
    tensors = [[parameter.detach() for parameter in parameters]]
    tensors += [[state[name] for state in states] for name in names]
    arrays = [aligned_zeros(kernel.size) for _ in tensors]
    pairs = [
        (view, tensor.numpy())
        for array, unpacked in zip(arrays, tensors, strict=True)
        for view, tensor in zip(kernel.views(array), unpacked, strict=True)
    ]
    for view, shared in pairs:
        view[...] = shared
    loop = kernel.loop(training, rule_now, arrays[0], tuple(arrays[1:]))
    yield loop, kernel.held_out_loss(training, arrays[0])
    for view, shared in pairs:
        shared[...] = view
    if kind is Adam:
        for state in states:
            state["step"] = torch.tensor(float(updates()))


def _ends(training: Training, stop: int) -> list[int]:
    """The steps at which the loop stops: for the next block's order, for the held-out loss, in the end."""
    ends = {stop}
    if training.shuffled:
        block = epochs_per_block(len(training.examples)) * training.batches_per_epoch
        ends.update(range((training.step // block + 1) * block, stop, block))
    if len(training.held_out):
        ends.update(training.records(stop))
    return sorted(ends)


ENGINE = Engine(
    title="Compiled",
    choice="Compiled",
    train=train,
    trains=lambda optimizer, has_kernel: has_kernel and optimizer in RULES,
    pytorch_bits=False,
    max_steps=100_000_000,
    max_steps_on_space=100_000_000,
    step_overhead_ns=50,
)
