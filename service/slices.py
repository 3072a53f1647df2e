"""What runs in a worker: one slice of a run, and what the scheduler wants to know of it."""

from dataclasses import dataclass
from time import perf_counter

import torch

from service.stability import stable_learning_rate
from service.training import Slice, Work, advance_for

SLICE_SECONDS = 0.05


@dataclass(frozen=True)
class Timed:
    """What comes back from a worker."""

    slice: Slice
    steps_per_second: float
    seconds: float
    """How long it took in all."""
    stable_learning_rate: float | None
    """If the run diverged: a learning rate that would have held."""


def timed_slice(work: Work, steps_per_second: float | None) -> Timed:
    """A slice of the run, of about SLICE_SECONDS; if it diverged, with a learning rate that holds."""
    begin = perf_counter()
    # One torch thread, everywhere: the bits depend on their number, and with two in each of two
    # processes such small networks train hundreds of times slower.
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        result, rate = advance_for(work, SLICE_SECONDS, steps_per_second)
        stable = stable_learning_rate(work) if _diverged_by_its_rate(result) else None
    finally:
        torch.set_num_threads(threads)
    return Timed(result, rate, perf_counter() - begin, stable)


def _diverged_by_its_rate(result: Slice) -> bool:
    return result.diverged_at is not None and result.diverged_at > 0
