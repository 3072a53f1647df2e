"""The training loop of a latent product as Numba compiles it; both numbers stay in registers.

Every bit is torch's, but for the sign of a zero (and see `engines.rules` on Adam).
"""

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from service.engines.cache import OPTIONS
from service.engines.lanes import fma
from service.engines.rules import at_step, begin, held, keep, optimized

Floats = NDArray[np.float32]


@njit(**OPTIONS)
def train(
    rule: Any,
    parameters: Floats,
    buffers: Any,
    target: np.float32,
    updates: int,
    records: NDArray[np.int64],
    losses: NDArray[np.float64],
) -> tuple[int, bool]:
    """Train var_1 * var_2 towards the target in place; see `network_kernel.train`."""
    carried = begin(rule)
    recorded, made, healthy = 0, 0, True
    var_1, var_2 = parameters[0], parameters[1]
    held_1, held_2 = held(buffers, 0, var_1), held(buffers, 1, var_2)
    # Twice the difference in one operation, and the same bits as -2 * error: doubling rounds nothing,
    # but for a target that has no double.
    two = np.float32(2)
    doubled = -two * target
    simple = np.isfinite(doubled)
    while True:
        latent = var_1 * var_2
        error = target - latent
        healthy = np.isfinite(error * error)
        if made == updates or not healthy:
            break
        now, carried = at_step(rule, carried, made)
        slope = fma(two, latent, doubled) if simple else -two * error
        gradient_1, gradient_2 = slope * var_2, slope * var_1
        var_1, held_1 = optimized(now, var_1, gradient_1, held_1)
        var_2, held_2 = optimized(now, var_2, gradient_2, held_2)
        made += 1
        if recorded < len(records) and made == records[recorded]:
            latent_error = np.float64(target - var_1 * var_2)
            losses[recorded] = latent_error * latent_error
            recorded += 1
    parameters[0], parameters[1] = var_1, var_2
    keep(buffers, 0, held_1)
    keep(buffers, 1, held_2)
    return made, healthy
