"""The compiled engine: the same loop without Python in it, some thousand times as fast.

It trains the module's own tensors and the optimizer's: both are read into the kernels' layout and
written back, through memory shared with numpy. Its results are torch's, but for the order in which
float32 sums are taken (`engines.network_kernel`) and the last bit of Adam's square roots (`engines.rules`).
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import torch

from service.engines.base import MAX_POINTS, Description, Engine, Training, aligned_zeros, epochs_per_block
from service.engines.rules import LARGEST_STEP_COUNT, Adam, Descent, Momentum, Rule


def train(training: Training, stop: int) -> bool:
    """Backprop, Optimize, Reset in a compiled loop; see `engines.base.Train`."""
    packed = _Packed(training)
    healthy = _repeat(training, packed, stop)
    packed.write_back()
    return healthy


def _repeat(training: Training, packed: "_Packed", stop: int) -> bool:
    loop = packed.kernel.loop(training, packed.rule, packed.arrays[0], packed.arrays[1:])
    held_out_loss = packed.kernel.held_out_loss(training, packed.arrays[0])
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


def describe(training: Training) -> Description:
    """What `train` hands to the loop, for a browser to run it (ui/static/kernel.js)."""
    packed = _Packed(training)
    return {
        **training.config.model_dump(include={"optimizer", "learning_rate", "settings", "batch_size"}),
        "start_step": training.start_step,
        "target_step": training.target_step,
        "step": training.step,
        "max_points": MAX_POINTS,
        "points": [point._asdict() for point in training.points],
        "parameters": packed.arrays[0],
        "buffers": packed.arrays[1:],
        "updates": packed.updates(),
        "views": packed.views(),
        **packed.kernel.describe(training),
    }


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


class _Packed:
    """A training's tensors, read into the kernel's layout."""

    def __init__(self, training: Training) -> None:
        assert training.kernel is not None
        self.kernel = training.kernel
        self._training = training
        self._first = training.step
        parameters = dict(training.module.named_parameters())
        self._states = [training.optimizer.state[parameter] for parameter in parameters.values()]
        self._before = int(self._states[0]["step"]) if "step" in self._states[0] else 0
        self._names = list(parameters)
        names = BUFFERS[type(self.rule())]
        for state, parameter in zip(self._states, parameters.values(), strict=True):
            for name in names:
                state.setdefault(name, torch.zeros_like(parameter))
        tensors = [[parameter.detach() for parameter in parameters.values()]]
        tensors += [[state[name] for state in self._states] for name in names]
        self.arrays = tuple(aligned_zeros(self.kernel.size) for _ in tensors)
        """The parameters, and the optimizer's buffers."""
        self._pairs = [
            (view, tensor.numpy())
            for array, unpacked in zip(self.arrays, tensors, strict=True)
            for view, tensor in zip(self.kernel.views(array), unpacked, strict=True)
        ]
        for view, shared in self._pairs:
            view[...] = shared

    def updates(self) -> int:
        """How many the optimizer has made, as far as it counts."""
        return min(self._before + self._training.step - self._first, LARGEST_STEP_COUNT)

    def rule(self) -> Rule:
        """The optimizer's arithmetic as it is at the training's step."""
        config = self._training.config
        return RULES[config.optimizer](config.learning_rate, config.settings, self.updates())

    def views(self) -> list[Description]:
        """Where in an array each parameter lies: its name and shape, the first number, the strides."""
        array = self.arrays[0]
        return [
            {
                "name": name,
                "shape": view.shape,
                "offset": (view.ctypes.data - array.ctypes.data) // array.itemsize,
                "strides": [stride // array.itemsize for stride in view.strides],
            }
            for name, view in zip(self._names, self.kernel.views(array), strict=True)
        ]

    def write_back(self) -> None:
        """Bring the training's tensors up to date."""
        for view, shared in self._pairs:
            shared[...] = view
        if isinstance(self.rule(), Adam):
            for state in self._states:
                state["step"] = torch.tensor(float(self.updates()))


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
    describe=describe,
)
