"""What every peer is: something that makes a number of steps on a row."""

from collections.abc import Callable
from functools import partial

from benchmarks.rows import Row
from service.networks import MyNetwork

Training = Callable[[], object]
Peer = Callable[[Row, int], Training | None]
"""Returns what makes that many steps, warm and compiled, or None where it has no way to do it."""
WARM_UP = 20


def linear_widths(row: Row) -> tuple[int, int, int] | None:
    """The widths of a network of two linear layers that learns an example a step; None for other rows."""
    module = row.module()
    if not isinstance(module, MyNetwork) or row.batch_size > 1 or module.activation != "none":
        return None
    match module.widths:
        case (inputs, hidden, outputs):
            return inputs, hidden, outputs
        case _:
            return None


def warm(train: Callable[[int], None], steps: int) -> Training:
    """What makes `steps` steps, after having made a few."""
    train(WARM_UP)
    return partial(train, steps)
