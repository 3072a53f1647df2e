"""Whether a peer trains as the lab's loop does: looked at before it is timed."""

from collections.abc import Sequence
from typing import Any

from numpy import abs, max
from numpy.typing import NDArray

from benchmarks.peers.ours import lab_parameters
from benchmarks.rows import Row

STEPS = 1000
"""How many are compared: few enough that roundings do not grow, enough that the learning shows."""
TOLERANCE = 1e-3
"""How far from the lab's parameters a peer's may be, as a share of how far the lab's have moved."""


def check(row: Row, trained: Sequence[NDArray[Any]]) -> None:
    """Compare the parameters after STEPS steps, in torch's order; raises ValueError where they differ."""
    first = [parameter.detach().numpy() for parameter in row.module().parameters()]
    wanted = lab_parameters(row, STEPS)
    moved = max([max(abs(after - before)) for after, before in zip(wanted, first, strict=True)])
    apart = max([max(abs(theirs - lab)) for theirs, lab in zip(trained, wanted, strict=True)])
    if not apart <= TOLERANCE * moved:
        raise ValueError(f"{apart:.2g} from the lab's loop, which has moved {moved:.2g} in {STEPS} steps")
