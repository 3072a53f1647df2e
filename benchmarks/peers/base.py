"""What every peer is: something that makes a number of steps on a row."""

from collections.abc import Callable
from functools import partial

from benchmarks.rows import Row

Training = Callable[[], object]
Peer = Callable[[Row, int], Training | None]
"""Returns what makes that many steps, warm and compiled, or None where it has no way to do it."""
WARM_UP = 20


def warm(train: Callable[[int], None], steps: int) -> Training:
    """What makes `steps` steps, after having made a few."""
    train(WARM_UP)
    return partial(train, steps)
