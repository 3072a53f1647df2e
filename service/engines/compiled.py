"""The compiled engine: the same loop without Python in it, some thousand times as fast.

It trains the module's own tensors and the optimizer's: both are read into the kernels' layout and
written back, through memory shared with numpy. Its results are torch's, but for the order in which
float32 sums are taken (`engines.network_kernel`) and the last bit of Adam's square roots (`engines.rules`).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from service.engines import network_kernel, product_kernel
from service.engines.base import Run, epoch_orders, epochs_per_block
from service.engines.rules import LARGEST_COUNT, Adam, Descent, Momentum, Rule
from service.networks import LatentProduct, MyNetwork

SPECIALIZED = {(3, 2, 5), (3, 3, 5), (3, 5)}
"""The widths of the lab's own networks, which get a kernel of their own."""
ACTIVATIONS = {"none": network_kernel.NONE, "relu": network_kernel.RELU, "tanh": network_kernel.TANH}

CACHE_LINE = 64
Floats = NDArray[np.float32]
Loop = Callable[[int, NDArray[np.int64], NDArray[np.float64]], tuple[int, bool]]
"""Make some updates from `run.step` on: how many, after which to record the loss, and where to put it."""
HeldOutLoss = Callable[[], float | None]
"""The mean loss over the examples held out as the weights now are, or None without any."""
RuleNow = Callable[[], Rule]
"""The rule at `run.step`: Adam's counts the updates made before a loop."""


def train(run: Run, stop: int) -> bool:
    """Backprop, Optimize, Reset in a compiled loop; see `engines.base.Engine`."""
    with _packed(run) as (loop, held_out_loss):
        for end in _ends(run, stop):
            records = run.records(end)
            losses = np.empty(len(records))
            made, healthy = loop(end - run.step, np.array(records, np.int64) - run.step, losses)
            run.step += made
            for step, loss in zip(records, losses.tolist(), strict=True):
                if step <= run.step:
                    run.record(step, loss, held_out_loss())
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
def _packed(run: Run) -> Iterator[tuple[Loop, HeldOutLoss]]:
    """The loop that trains `run`; its tensors are up to date when the context has been left."""
    parameters = list(run.module.parameters())
    states = [run.optimizer.state[parameter] for parameter in parameters]
    before = int(states[0]["step"]) if "step" in states[0] else 0
    first = run.step

    def updates() -> int:
        return min(before + run.step - first, LARGEST_COUNT)

    def rule_now() -> Rule:
        return RULES[run.config.optimizer](run.config.learning_rate, run.config.settings, updates())

    kind = type(rule_now())
    names = BUFFERS[kind]
    for state, parameter in zip(states, parameters, strict=True):
        for name in names:
            state.setdefault(name, torch.zeros_like(parameter))
    tensors = [[parameter.detach() for parameter in parameters]]
    tensors += [[state[name] for state in states] for name in names]
    arrays = [_zeros(_size(run.module)) for _ in tensors]
    pairs = [
        (view, tensor.numpy())
        for array, unpacked in zip(arrays, tensors, strict=True)
        for view, tensor in zip(_views(run.module, array), unpacked, strict=True)
    ]
    for view, shared in pairs:
        view[...] = shared
    loop = LOOPS[type(run.module)](run, rule_now, arrays[0], tuple(arrays[1:]))
    yield loop, _held_out_loss(run, arrays[0])
    for view, shared in pairs:
        shared[...] = view
    if kind is Adam:
        for state in states:
            state["step"] = torch.tensor(float(updates()))


def _size(module: nn.Module) -> int:
    """How many numbers the kernels' layout of a module's parameters has."""
    if isinstance(module, MyNetwork):
        return sum(network_kernel.layer_length(*pair) for pair in pairwise(module.widths))
    return 2


def _views(module: nn.Module, array: Floats) -> list[NDArray[Any]]:
    """Where each of the module's parameters lies in the layout, in its own shape."""
    if not isinstance(module, MyNetwork):
        return [array[0:1].reshape(()), array[1:2].reshape(())]
    views: list[NDArray[Any]] = []
    begin = 0
    for inputs, outputs in pairwise(module.widths):
        end = begin + network_kernel.layer_length(inputs, outputs)
        rows = array[begin:end].reshape(-1, network_kernel.row_length(outputs))
        views += [rows[1 : inputs + 1, :outputs].T, rows[0, :outputs]]
        begin = end
    return views


def _filled(tensor: Tensor) -> Floats:
    """A matrix as one array, its rows filled with zeros."""
    length = network_kernel.row_length(tensor.shape[1])
    filled = _zeros(len(tensor) * length)
    filled.reshape(-1, length)[:, : tensor.shape[1]] = tensor.numpy()
    return filled


def _zeros(count: int) -> Floats:
    """An array that begins at a cache line, for lanes that cross one take longer to load."""
    room = np.zeros(count + CACHE_LINE // 4, np.float32)
    begin = -room.ctypes.data % CACHE_LINE // 4
    return room[begin : begin + count]


# The loops


def _product(run: Run, rule: RuleNow, parameters: Floats, buffers: tuple[Floats, ...]) -> Loop:
    target = np.float32(run.examples.targets[0])
    return lambda *rest: product_kernel.train(rule(), parameters, buffers, target, *rest)


def _network(run: Run, rule: RuleNow, parameters: Floats, buffers: tuple[Floats, ...]) -> Loop:
    assert isinstance(run.module, MyNetwork)
    widths, batch_size = run.module.widths, run.config.batch_size
    kernel = partial(network_kernel.general, np.array(widths))
    if widths in SPECIALIZED and batch_size == 1 and isinstance(rule(), Descent):
        kernel = network_kernel.specialized(widths)
    activation = ACTIVATIONS[run.module.activation]
    fixed = (
        parameters,
        buffers,
        None if batch_size == 1 else _zeros(len(parameters)),
        _zeros(network_kernel.WIDEST * len(widths)),
        _zeros(network_kernel.WIDEST * len(widths)),
        _filled(run.examples.inputs),
        _filled(run.examples.targets),
    )

    def loop(updates: int, records: NDArray[np.int64], losses: NDArray[np.float64]) -> tuple[int, bool]:
        order, position = _order(run)
        batches = network_kernel.Batches(updates, batch_size, len(run.examples), position)
        return kernel(activation, rule(), *fixed, order, batches, records, losses)

    return loop


def _held_out_loss(run: Run, parameters: Floats) -> HeldOutLoss:
    if not len(run.held_out):
        return lambda: None
    assert isinstance(run.module, MyNetwork)
    return partial(
        network_kernel.evaluate,
        np.array(run.module.widths),
        ACTIVATIONS[run.module.activation],
        parameters,
        _zeros(network_kernel.WIDEST * len(run.module.widths)),
        _filled(run.held_out.inputs),
        _filled(run.held_out.targets),
    )


LOOPS: dict[type[nn.Module], Callable[..., Loop]] = {LatentProduct: _product, MyNetwork: _network}


def _batches_per_epoch(run: Run) -> int:
    return -(-len(run.examples) // run.config.batch_size)


def _shuffled(run: Run) -> bool:
    return run.config.order == "shuffled" and len(run.examples) > 1


def _order(run: Run) -> tuple[NDArray[np.int64], int]:
    """The order of the examples around `run.step`, one epoch or several, and where in it to begin."""
    epoch, batch = divmod(run.step, _batches_per_epoch(run))
    count = len(run.examples)
    if not _shuffled(run):
        return np.arange(count), batch * run.config.batch_size
    block, row = divmod(epoch, epochs_per_block(count))
    position = row * count + batch * run.config.batch_size
    return epoch_orders(run.config, count, block).ravel(), position


def _ends(run: Run, stop: int) -> list[int]:
    """The steps at which the loop stops: for the next block's order, for the held-out loss, in the end."""
    ends = {stop}
    if _shuffled(run):
        block = epochs_per_block(len(run.examples)) * _batches_per_epoch(run)
        ends.update(range((run.step // block + 1) * block, stop, block))
    if len(run.held_out):
        ends.update(run.records(stop))
    return sorted(ends)
