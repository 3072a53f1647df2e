"""Train on little, test far away: how a network answers vectors ever further from its examples.

Nothing is proved here, and nothing is learned: integer vectors are drawn, first in the range of the
training examples and then with ever larger numbers, and the right answers among them are counted.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import ceil, isfinite

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray

from datasets.integers import answer
from service.networks import MyNetwork
from service.records import Record

Integers = NDArray[np.int64]

LARGEST_INTEGER = 2**24
"""Beyond, float32 does not hold every integer."""
VECTORS_TRIED = 2000
FACTORS = (1, 2, *(10**power for power in range(1, 9)))
"""Between which multiples of the largest number in the training examples a vector's largest lies."""


class Distance(Record):
    """How a network answers integer vectors whose largest number, by size, is from `nearest` to `furthest`.

    That is more than `times` the largest number of the training examples; where `times` is 0, each number
    lies in its range in them, rounded outwards to integers. `tried` vectors were drawn, all different;
    `right` counts those of which all outputs round to the right answer. The largest error of an output, and
    the mean over the vectors of the sum of squared errors, are None where an output is not finite.
    """

    times: int
    nearest: int
    furthest: int
    tried: int
    right: int
    largest_error: float | None
    mean_loss: float | None


def distances(
    network: MyNetwork, lows: Sequence[float], highs: Sequence[float], seed: int = 0
) -> list[Distance]:
    """One row for the training range, from `lows` to `highs`, and one for every shell around it.

    The last ends at 2**24. The vectors are drawn with `seed`: the same arguments give the same rows.
    """
    largest = max(ceil(min(abs(value), LARGEST_INTEGER + 1)) for value in (*lows, *highs))
    random = np.random.default_rng(seed)
    rows: list[Distance] = []
    if (within := _within(random, lows, highs)) is not None:
        rows.append(_row(network, within, times=0, nearest=0, furthest=min(largest, LARGEST_INTEGER)))
    for nearest, furthest, times in _shells(largest):
        vectors = _shell(random, nearest, furthest)
        rows.append(_row(network, vectors, times=times, nearest=nearest, furthest=furthest))
    return rows


def _shells(largest: int) -> Iterator[tuple[int, int, int]]:
    nearest = largest + 1
    for factor, following in pairwise(FACTORS):
        furthest = min(max(1, largest) * following, LARGEST_INTEGER)
        if nearest <= furthest:
            yield nearest, furthest, factor
        nearest = furthest + 1


def _within(random: np.random.Generator, lows: Sequence[float], highs: Sequence[float]) -> Integers | None:
    """Integer vectors of the range, rounded outwards; None if it begins beyond LARGEST_INTEGER."""
    edges = np.clip([lows, highs], -LARGEST_INTEGER - 1, LARGEST_INTEGER + 1)
    low = np.floor(edges[0]).clip(min=-LARGEST_INTEGER).astype(np.int64)
    high = np.ceil(edges[1]).clip(max=LARGEST_INTEGER).astype(np.int64)
    if (low > high).any():
        return None
    return random.integers(low, high, size=(VECTORS_TRIED, len(low)), endpoint=True)


def _shell(random: np.random.Generator, nearest: int, furthest: int) -> Integers:
    """Vectors of which one number, of either sign, is from `nearest` to `furthest`, and no other larger."""
    sizes = random.integers(nearest, furthest, size=(VECTORS_TRIED, 1), endpoint=True)
    vectors = random.integers(-sizes, sizes, size=(VECTORS_TRIED, 3), endpoint=True)
    signs = random.choice([-1, 1], size=(VECTORS_TRIED, 1))
    np.put_along_axis(vectors, random.integers(3, size=(VECTORS_TRIED, 1)), signs * sizes, axis=1)
    return vectors


def _row(network: MyNetwork, vectors: Integers, *, times: int, nearest: int, furthest: int) -> Distance:
    vectors = pd.DataFrame(vectors).drop_duplicates().to_numpy()
    with torch.no_grad():
        outputs = network(torch.tensor(vectors).float()).double().numpy()
    expected = answer(vectors)
    errors = np.abs(outputs - expected)
    largest, mean = float(errors.max()), float((errors**2).sum(axis=1).mean())
    return Distance(
        times=times,
        nearest=nearest,
        furthest=furthest,
        tried=len(vectors),
        right=int((np.rint(outputs) == expected).all(axis=1).sum()),  # which NaN is not
        largest_error=largest if isfinite(largest) else None,
        mean_loss=mean if isfinite(mean) else None,
    )
