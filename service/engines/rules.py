"""The optimizers' arithmetic for compiled loops: what `optimizer.step()` does to a parameter.

Each rule writes down torch's own order of operations, and `fma` where torch rounds once
(torch/optim/sgd.py, adam.py; https://arxiv.org/abs/1412.6980, https://arxiv.org/abs/1711.05101). So a
single parameter gets the same bits as from torch, but for Adam's square root: torch takes it from
Intel's MKL, whose last bit is off for one number in 200; here it is the correctly rounded one.

A parameter, its gradient and its buffers are all Lanes or all float32: every rule is written once.
"""

from typing import Any, NamedTuple

import numpy as np
from numba.extending import overload, register_jitable

from service.engines.lanes import INLINE, fma, get, put, root


class Descent(NamedTuple):
    """SGD with nothing but a learning rate."""

    learning_rate: np.float32


class Momentum(NamedTuple):
    """SGD with all its settings; its one buffer is torch's momentum_buffer."""

    learning_rate: np.float32
    momentum: np.float32
    nesterov: bool
    weight_decay: np.float32


class Adam(NamedTuple):
    """Adam, or AdamW if `decoupled`; the buffers are torch's exp_avg and exp_avg_sq.

    In float64 as torch's scalars are, until they meet a parameter.
    """

    learning_rate: float
    beta1: float
    beta2: float
    eps: float
    weight_decay: float
    decoupled: bool
    updates: int
    """How many updates the buffers have seen."""


class AdamStep(NamedTuple):
    """What Adam multiplies with in one step."""

    step_size: np.float32
    mix: np.float32
    """How far the average moves: from itself towards the gradient, or back from there (`from_gradient`)."""
    from_gradient: bool
    beta2: np.float32
    one_minus_beta2: np.float32
    root_correction: np.float32
    eps: np.float32
    shrink: np.float32
    """AdamW's factor on the parameter."""
    weight_decay: np.float32


Rule = Descent | Momentum | Adam
LARGEST_STEP_COUNT = 2**24
"""torch counts Adam's steps in float32, which cannot count further."""
ANCHOR = 1024


@register_jitable(**INLINE)
def times(a: Any, b: Any) -> Any:
    """The product of two numbers of about 106 bits, each the sum of a pair of float64 (Dekker, 1971)."""
    high = a[0] * b[0]
    low = fma(a[0], b[0], -high) + (a[0] * b[1] + a[1] * b[0])
    rounded = high + low
    return rounded, low - (rounded - high)


@register_jitable
def power(base: float, exponent: int) -> Any:
    """The power base ** exponent as a pair, whose first number is the power correctly rounded.

    It depends on its arguments alone, and so does `next_power`, wherever a run was cut: powers of
    multiples of ANCHOR are computed by squaring, those between by one multiplication after another.
    """
    result, square = (1.0, 0.0), (base, 0.0)
    anchor = exponent - exponent % ANCHOR
    bits = anchor
    while bits > 0:
        if bits & 1:
            result = times(result, square)
        square = times(square, square)
        bits >>= 1
    for _ in range(exponent - anchor):
        result = times(result, (base, 0.0))
    return result


@register_jitable
def next_power(base: float, exponent: int, before: Any) -> Any:
    """power(base, exponent), given the power before it."""
    if before[0] < 1e-30:  # 1 minus it has long been 1; further on, numbers get too small to be fast
        return (0.0, 0.0)
    if exponent % ANCHOR == 0:
        return power(base, exponent)
    return times(before, (base, 0.0))


def begin(rule: Any) -> Any:
    """What is carried from step to step beside the buffers, before the first step of a loop."""


def at_step(rule: Any, carried: Any, step: int) -> Any:
    """(what `update` needs in this step, what is carried on); steps count from 0 in every loop."""


def optimized(now: Any, parameter: Any, gradient: Any, buffers: Any) -> Any:
    """(the parameter after the step, its buffers after the step), all Lanes or all float32."""


def held(buffers: Any, index: int, like: Any) -> Any:
    """What the buffers hold at `index`, a tuple of Lanes or of float32, as `like` is."""


def keep(buffers: Any, index: int, values: Any) -> None:
    """Write what `held` has read."""


@register_jitable(**INLINE)
def update(now: Any, parameters: Any, buffers: Any, index: int, gradient: Any) -> None:
    """Optimize the parameter, or eight of them if the gradient is Lanes, from `index` on in place."""
    before = get(parameters, index, gradient)
    parameter, values = optimized(now, before, gradient, held(buffers, index, gradient))
    put(parameters, index, parameter)
    keep(buffers, index, values)


@overload(begin, strict=False, jit_options=INLINE)
def _begin(rule: Any) -> Any:
    if rule.instance_class is not Adam:
        return lambda rule: 0
    return lambda rule: (power(rule.beta1, rule.updates), power(rule.beta2, rule.updates))


@overload(at_step, strict=False, jit_options=INLINE)
def _at_step(rule: Any, carried: Any, step: int) -> Any:
    if rule.instance_class is not Adam:
        return lambda rule, carried, step: (rule, carried)

    def adam(rule: Any, carried: Any, step: int) -> Any:
        count = rule.updates + step + 1
        if count <= LARGEST_STEP_COUNT:
            carried = (
                next_power(rule.beta1, count, carried[0]),
                next_power(rule.beta2, count, carried[1]),
            )
        mix = np.float32(1 - rule.beta1)
        from_gradient = bool(mix >= np.float32(0.5))
        now = AdamStep(
            np.float32(-(rule.learning_rate / (1 - carried[0][0]))),
            mix - np.float32(1) if from_gradient else mix,
            from_gradient,
            np.float32(rule.beta2),
            np.float32(1 - rule.beta2),
            np.float32(np.sqrt(1 - carried[1][0])),
            np.float32(rule.eps),
            np.float32(1 - rule.learning_rate * rule.weight_decay) if rule.decoupled else np.float32(1),
            np.float32(0 if rule.decoupled else rule.weight_decay),
        )
        return now, carried

    return adam


@overload(optimized, strict=False, jit_options=INLINE)
def _optimized(now: Any, parameter: Any, gradient: Any, buffers: Any) -> Any:
    return ARITHMETIC[now.instance_class]


def _descent(now: Any, parameter: Any, gradient: Any, buffers: Any) -> Any:
    return fma(-now.learning_rate, gradient, parameter), buffers


def _momentum(now: Any, parameter: Any, gradient: Any, buffers: Any) -> Any:
    decayed = fma(now.weight_decay, parameter, gradient)
    average = buffers[0] * now.momentum + decayed
    ahead = fma(now.momentum, average, decayed) if now.nesterov else average
    return fma(-now.learning_rate, ahead, parameter), (average,)


def _adam(now: Any, parameter: Any, gradient: Any, buffers: Any) -> Any:
    parameter = parameter * now.shrink
    decayed = fma(now.weight_decay, parameter, gradient)
    average = fma(now.mix, decayed - buffers[0], decayed if now.from_gradient else buffers[0])
    square = fma(now.one_minus_beta2 * decayed, decayed, buffers[1] * now.beta2)
    denominator = root(square) / now.root_correction + now.eps
    return parameter + now.step_size * average / denominator, (average, square)


ARITHMETIC = {Descent: _descent, Momentum: _momentum, AdamStep: _adam}


@overload(held, strict=False, jit_options=INLINE)
def _held(buffers: Any, index: int, like: Any) -> Any:
    def two(buffers: Any, index: int, like: Any) -> Any:
        return get(buffers[0], index, like), get(buffers[1], index, like)

    return (
        lambda buffers, index, like: (),
        lambda buffers, index, like: (get(buffers[0], index, like),),
        two,
    )[len(buffers)]


@overload(keep, strict=False, jit_options=INLINE)
def _keep(buffers: Any, index: int, values: Any) -> Any:
    def two(buffers: Any, index: int, values: Any) -> None:
        put(buffers[0], index, values[0])
        put(buffers[1], index, values[1])

    return (
        lambda buffers, index, values: None,
        lambda buffers, index, values: put(buffers[0], index, values[0]),
        two,
    )[len(buffers)]
