"""Taking the time of things that are to be compared."""

import gc
from collections.abc import Callable
from time import perf_counter


def seconds(action: Callable[[], object]) -> float:
    """How long one call takes, with no garbage of others to collect."""
    gc.collect()
    begin = perf_counter()
    action()
    return perf_counter() - begin


def rounds(count: int, actions: dict[str, Callable[[], object]]) -> dict[str, list[float]]:
    """The seconds of every action in each of `count` rounds; a round visits all, so they share the noise."""
    gc.freeze()
    times: dict[str, list[float]] = {name: [] for name in actions}
    for _ in range(count):
        for name, action in actions.items():
            times[name].append(seconds(action))
    return times
