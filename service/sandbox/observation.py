"""Watches torch while a program runs: each backward, each step of an optimizer, each reset of gradients.

torch's own functions are wrapped, and called as they are: what they compute stays the same to the bit.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import wraps
from math import isfinite
from typing import Any, Literal

import torch
from torch import Tensor, nn
from torch.optim import Optimizer
from torch.optim.optimizer import register_optimizer_step_pre_hook

from service.sandbox.report import MAX_EVENTS, MAX_LOSSES, Event, ToldOptimizer

MAX_GRAPH_NODES = 2000
"""Nodes of a loss's graph that are looked at for the tensors it was made from."""


class Observation:
    """What a program does with torch, in the order in which it does it."""

    def __init__(self, file: str, rate_factor: float = 1.0) -> None:
        """`file` is the program's name in tracebacks; each optimizer's learning rates are multiplied."""
        self.events: list[Event] = []
        self.counts: dict[str, int] = {"backward": 0, "step": 0, "reset": 0}
        self.losses = Losses()
        self.last_loss: float | None = None
        self._last: Tensor | None = None
        """What the last backward was called on, with its graph."""
        self._file = file
        self._rate_factor = rate_factor
        self._optimizers: list[Optimizer] = []
        self._steps: dict[int, int] = {}

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Within it, torch's functions are watched."""
        with ExitStack() as stack:
            hook = register_optimizer_step_pre_hook(self._stepped)
            stack.callback(hook.remove)
            # A tensor's own backward calls the first of these.
            for name, first in (("backward", "tensors"), ("grad", "outputs")):
                stack.enter_context(_wrapped(torch.autograd, name, self._went_back, first))
            stack.enter_context(_wrapped(Optimizer, "__init__", self._made, after=True))
            for owner in (Optimizer, nn.Module):
                stack.enter_context(_wrapped(owner, "zero_grad", self._reset))
            yield

    def optimizers(self) -> list[ToldOptimizer]:
        """The optimizers that were made, with their present learning rates."""
        return [
            ToldOptimizer(
                kind=type(each).__name__,
                learning_rate=_rate(each),
                steps=self._steps.get(id(each), 0),
            )
            for each in self._optimizers[:20]
        ]

    def reached(self) -> list[Tensor]:
        """The tensors that can change which the last backward reached."""
        return [] if self._last is None else _leaves(self._last)

    def _went_back(self, losses: Any) -> None:
        loss = losses[0] if isinstance(losses, list | tuple) and losses else losses
        if not isinstance(loss, Tensor):  # torch has words for it
            return
        self.counts["backward"] += 1
        self._last = loss
        try:
            value = loss.item()
        except RuntimeError:  # it holds several numbers, and backward says so
            value = None
        self.last_loss = value
        if value is not None:
            self.losses.add(value)
        if len(self.events) < MAX_EVENTS:
            leaves = _leaves(loss)
            held = {id(each) for optimizer in self._optimizers for each in _parameters(optimizer)}
            stale = any(_is_marked(leaf) for leaf in leaves)
            idle = bool(held) and not any(id(leaf) in held for leaf in leaves)
            self._note("backward", loss=number(value), stale=stale, idle=idle)

    def _stepped(self, optimizer: Optimizer, _args: Any, _kwargs: Any) -> None:
        self.counts["step"] += 1
        self._steps[id(optimizer)] = self._steps.get(id(optimizer), 0) + 1
        if len(self.events) < MAX_EVENTS:
            self._note("step", idle=not any(_is_marked(each) for each in _parameters(optimizer)))

    def _reset(self, _owner: Any) -> None:
        self.counts["reset"] += 1
        if len(self.events) < MAX_EVENTS:
            self._note("reset")

    def _made(self, optimizer: Optimizer) -> None:
        self._optimizers.append(optimizer)
        for group in optimizer.param_groups if self._rate_factor != 1 else ():
            group["lr"] *= self._rate_factor

    def _note(self, kind: Literal["backward", "step", "reset"], **what: Any) -> None:
        self.events.append(Event(kind=kind, line=line_of(sys._getframe(), self._file) or 1, **what))


class Losses:
    """Numbers in the order in which they come: all of them, or every second, fourth, ... one of many."""

    def __init__(self) -> None:
        self.kept: list[float] = []
        self.every = 1
        self._count = 0

    def add(self, value: float) -> None:
        """Take up the next number."""
        if self._count % self.every == 0:
            self.kept.append(value)
            if len(self.kept) > MAX_LOSSES:
                self.kept = self.kept[::2]
                self.every *= 2
        self._count += 1


def line_of(frame: Any, file: str) -> int | None:
    """The line of the program that a frame, or the nearest that called it, is at; None if there is none."""
    while frame is not None and frame.f_code.co_filename != file:
        frame = frame.f_back
    return frame and frame.f_lineno


def number(value: Any) -> float | None:
    """The value as a finite number; None if it is none."""
    try:
        found = float(value)
    except Exception:  # a program's own number raises what it likes
        return None
    return found if isfinite(found) else None


@contextmanager
def _wrapped(
    owner: Any, name: str, told: Callable[[Any], None], first: str = "self", *, after: bool = False
) -> Iterator[None]:
    """Within it, `told` hears of the first argument of each call, called `first`: before it, or after."""
    original = getattr(owner, name)

    @wraps(original)
    def told_before(*args: Any, **kwargs: Any) -> Any:
        told(args[0] if args else kwargs.get(first))
        return original(*args, **kwargs)

    @wraps(original)
    def told_after(*args: Any, **kwargs: Any) -> Any:
        result = original(*args, **kwargs)
        told(args[0] if args else kwargs.get(first))
        return result

    setattr(owner, name, told_after if after else told_before)
    try:
        yield
    finally:
        setattr(owner, name, original)


def _parameters(optimizer: Optimizer) -> Iterator[Tensor]:
    return (each for group in optimizer.param_groups for each in group["params"])


def _rate(optimizer: Optimizer) -> float | None:
    try:
        return number(optimizer.param_groups[0]["lr"])
    except Exception:  # a program can put anything in its groups' place
        return None


def _is_marked(tensor: Tensor) -> bool:
    """Whether the tensor has a gradient other than 0."""
    return tensor.grad is not None and bool(torch.count_nonzero(tensor.grad))


def _leaves(loss: Tensor) -> list[Tensor]:
    """The tensors with requires_grad that a loss was made from."""
    if loss.grad_fn is None:
        return [loss] if loss.requires_grad else []
    found: list[Tensor] = []
    seen, todo = {loss.grad_fn}, [loss.grad_fn]
    while todo and len(seen) < MAX_GRAPH_NODES:
        node = todo.pop()
        if (variable := getattr(node, "variable", None)) is not None:
            found.append(variable)
        for following, _ in reversed(node.next_functions):
            if following is not None and following not in seen:
                seen.add(following)
                todo.append(following)
    return found
