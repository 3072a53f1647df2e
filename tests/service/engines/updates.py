"""The optimizers' updates in real numbers, with bounds on the error of float32; see `bounds`."""

import torch
from torch import Tensor

from service.training.advance import Work, restore
from tests.service.engines.bounds import Bounded, each, evaluated, exact, gradients, plus, scaled

State = dict[str, Bounded]
"""Parameters by their names, and buffers by torch's: "m1.weight", "m1.weight/exp_avg"."""


def next_state(work: Work) -> State:
    """The parameters and buffers of a network after its next update."""
    run, found = restore(work), gradients(work)
    rule = sgd if work.config.optimizer == "sgd" else adam
    state: State = {}
    for name, parameter in run.module.named_parameters():
        before = run.optimizer.state[parameter]
        after = rule(work, exact(parameter.detach()), found[name], before)
        state |= {f"{name}/{key}" if key else name: value for key, value in after.items()}
    return state


def sgd(work: Work, parameter: Bounded, gradient: Bounded, before: dict[str, Tensor]) -> State:
    """https://docs.pytorch.org/docs/stable/generated/torch.optim.SGD.html"""
    momentum, decay = work.config.settings["momentum"], work.config.settings["weight_decay"]
    decayed = plus(gradient, decay, parameter)
    average = plus(decayed, momentum, kept(before, "momentum_buffer", parameter))
    ahead = plus(decayed, momentum, average) if work.config.settings["nesterov"] else average
    after: State = {"": plus(parameter, -work.config.learning_rate, ahead)}
    return after | ({"momentum_buffer": average} if momentum else {})


def adam(work: Work, parameter: Bounded, gradient: Bounded, before: dict[str, Tensor]) -> State:
    """https://docs.pytorch.org/docs/stable/generated/torch.optim.Adam.html, or AdamW.html"""
    settings, rate = work.config.settings, work.config.learning_rate
    (beta1, beta2), decay = settings["betas"], settings["weight_decay"]
    count = int(before["step"]) + 1 if before else 1
    if work.config.optimizer == "adamw":
        parameter = scaled(1 - rate * decay, parameter)
    else:
        gradient = plus(gradient, decay, parameter)

    average = kept(before, "exp_avg", parameter)
    # It is interpolated from one end or the other: the sizes are those of both.
    average = evaluated(
        beta1 * average.value + (1 - beta1) * gradient.value,
        (1 - beta1) * gradient.error,
        2 * (average.most + gradient.most),
        4,
    )
    squared = each(gradient, gradient)
    square = plus(scaled(beta2, kept(before, "exp_avg_sq", parameter)), 1 - beta2, squared)
    rate = rate / (1 - beta1**count)
    denominator = plus(
        exact(torch.full_like(parameter.value, settings["eps"])), (1 - beta2**count) ** -0.5, root(square)
    )
    update = quotient(scaled(-rate, average), denominator)
    return {"": plus(parameter, 1, update), "exp_avg": average, "exp_avg_sq": square}


def kept(before: dict[str, Tensor], name: str, like: Bounded) -> Bounded:
    """What the optimizer has in a buffer; 0 before its first step."""
    return exact(before.get(name, torch.zeros_like(like.value)))


def root(a: Bounded) -> Bounded:
    """The square root of numbers from 0 up, right to an ulp.

    |sqrt(a) - sqrt(b)| is |a - b| / (sqrt(a) + sqrt(b)), and not above sqrt(|a - b|) either.
    """
    value = a.value.sqrt()
    carried = torch.minimum(a.error / value, a.error.sqrt())
    return evaluated(value, carried, value + carried, 2)


def quotient(a: Bounded, b: Bounded) -> Bounded:
    """The quotient a / b for positive b; the bound is infinite where an evaluation of b may come down to 0."""
    value = a.value / b.value
    least = b.value - b.error
    carried = torch.where(least > 0, (a.error + value.abs() * b.error) / least, torch.inf)
    return evaluated(value, carried, value.abs() + carried, 1)
