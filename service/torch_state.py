"""torch's global state has one owner, this module: nothing else in `service` seeds, draws or sets threads.

**Random numbers.** torch has one generator for the whole process. First weights are drawn from a
generator of their own instead, so whatever runs beside cannot change them. A program that seeds torch
itself borrows the global generator, one program at a time, and it is given back as it was.

**Threads.** float32 sums depend on how many threads share them (a batch of 1,000 on 64 units shows it),
so everything here is computed by one. torch keeps their number partly for each thread and partly, in MKL,
for the process: to set it back while another thread computes would change that thread's sums. So in a
process that uses the service it stays 1, and it is set again before every use.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import torch
from torch.overrides import TorchFunctionMode

Made = TypeVar("Made")
_borrowing = threading.Lock()


def one_thread() -> None:
    """From now on, torch computes in the calling thread with one thread, as in every other."""
    torch.set_num_threads(1)


def drawn(make: Callable[[], Made], seed: int) -> Made:
    """What `make` makes where it would begin with `torch.manual_seed(seed)`; the global generator rests.

    `make` draws with what takes a `generator`, as the layers of torch.nn do.
    """
    with _Drawing(seed):
        return make()


@contextmanager
def borrowed() -> Iterator[None]:
    """Lend torch's global generator to a program that seeds it; then it is as it was before."""
    with _borrowing, torch.random.fork_rng(devices=[]):
        one_thread()
        yield


def seeded(seed: int) -> None:
    """Seed torch's global generator for good, in a process that does nothing but run a program."""
    torch.manual_seed(seed)


class _Drawing(TorchFunctionMode):
    """Within it, in this thread alone, what would draw from the global generator draws from its own."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self._generator = torch.Generator().manual_seed(seed)

    def __torch_function__(
        self, func: Callable[..., Any], types: Any, args: Any = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        given = kwargs or {}
        if "generator" in given:
            given = {**given, "generator": self._generator}
        return func(*args, **given)
