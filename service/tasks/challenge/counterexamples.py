"""The search for a vector that a network gets wrong."""

from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np
import torch
from numpy.typing import NDArray

from datasets.integers import answer
from service.networks import MyNetwork

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]

LARGEST_RADIUS = 2**24 - 2
"""The largest c for which float32 holds c+2 and every integer below: no network is right for all beyond."""
ALWAYS_WRONG = [0, 0, LARGEST_RADIUS + 1]
"""Wrong for every network: c+2 is then 2**24 + 1, which float32 does not hold."""
NEEDED_WIDTH = 3
"""How many numbers the rule has to know of a vector."""
CORNERS = np.array(list(product((-1, 1), repeat=3)), dtype=np.int64)
NEAR_RADIUS = 12
"""Up to this radius, every single vector close by is tried."""
VECTORS_PER_ROUND = 4800
"""How many vectors a round of the search tries."""
SEARCH_ROUNDS = 8
PARENTS = 200
"""The vectors of a round with the largest errors, from which half of the next round is made."""

TRIED_ALONE = 16
"""How many of those that are wrong in a batch are tried alone: the nearest, and as many among all."""


def narrowest(hidden: Sequence[int]) -> int | None:
    """The width of the narrowest hidden layer, if it is too small for the rule."""
    width = min(hidden, default=NEEDED_WIDTH)
    return width if width < NEEDED_WIDTH else None


def answers(network: MyNetwork, vectors: Integers) -> Floats:
    """What the network gives for the vectors, in one batch; shape (vectors, 5)."""
    with torch.no_grad():
        return network(torch.from_numpy(vectors).float()).double().numpy()


def right(network: MyNetwork, vectors: Integers) -> NDArray[np.bool_]:
    """Whether the network, run on these integer vectors, rounds to the right answer in all five outputs."""
    return _rounds_to(answers(network, vectors), answer(vectors))


def shells(first: int, last: int) -> Iterator[tuple[int, Integers]]:
    """The integer vectors whose largest number is `first`, and so on to `last`: each of them once."""
    for size in range(first, last + 1):
        inner, whole = np.arange(1 - size, size), np.arange(-size, size + 1)
        ends = np.unique([-size, size])
        parts = [(ends, whole, whole), (inner, ends, whole), (inner, inner, ends)]
        yield size, np.concatenate([_grid(*part) for part in parts])


def counterexample(network: MyNetwork, radius: int) -> list[int]:
    """The nearest vector found outside the radius that the network, run on it alone, gets wrong."""
    if radius < NEAR_RADIUS:
        near = np.concatenate([shell for _, shell in shells(radius + 1, 2 * radius + 6)])
        if found := _nearest_wrong(network, near, answers(network, near)):
            return found
    return _search(network, radius + 1)


def _search(network: MyNetwork, first: int) -> list[int]:
    """Look around the corners of larger cubes, then nearer and nearer, where the errors were largest.

    A rounding error is as good as random, so many vectors have to be tried. But what a vector has in
    common with one of a large error (two of its three numbers) also has a part in that error.
    """
    random = np.random.default_rng(0)
    best, size = ALWAYS_WRONG, min(4 * first, max(ALWAYS_WRONG))
    parents = np.zeros((0, 3), dtype=np.int64)
    for _ in range(SEARCH_ROUNDS):
        fresh = _around_corners(
            random, random.integers(first, size + 1, VECTORS_PER_ROUND - VECTORS_PER_ROUND // 2)
        )
        vectors = np.concatenate([fresh, _children(random, parents, VECTORS_PER_ROUND // 2)])
        vectors = vectors[np.abs(vectors).max(axis=1) >= first]
        given = answers(network, vectors)
        if found := _nearest_wrong(network, vectors, given):
            best, size = found, 0
        size = max(first, min(4 * size or LARGEST_RADIUS, max(map(abs, best)) - 1))
        sizes = np.abs(vectors).max(axis=1)
        with np.errstate(all="ignore"):
            errors = np.nan_to_num(np.abs(given - answer(vectors)).max(axis=1) / sizes)
        # Only what is nearer than the best so far can lead to a better one.
        parents = vectors[np.argsort(np.where(sizes <= size, -errors, 0))[:PARENTS]]
    return best


def _around_corners(random: np.random.Generator, sizes: Integers) -> Integers:
    """For each size a vector on the faces of its cube, more or less close to one of the corners."""
    inward = random.random((len(sizes), 3)) * random.choice([0, 0.02, 0.1, 0.4], (len(sizes), 1))
    inward[np.arange(len(sizes)), random.integers(3, size=len(sizes))] = 0
    steps = (inward * sizes[:, None]).astype(np.int64)
    return random.choice(CORNERS, len(sizes)) * (sizes[:, None] - steps)


def _children(random: np.random.Generator, parents: Integers, count: int) -> Integers:
    """Vectors that differ from a parent in one number, which may have become up to a third smaller."""
    if not len(parents):
        return parents
    children = random.choice(parents, count)
    place = (np.arange(count), random.integers(3, size=count))
    largest = np.abs(children).max(axis=1)
    children[place] = np.where(children[place] < 0, -1, 1) * (largest * random.uniform(2 / 3, 1, count))
    return children


def _nearest_wrong(network: MyNetwork, vectors: Integers, given: Floats) -> list[int] | None:
    wrong = vectors[~_rounds_to(given, answer(vectors))]
    wrong = wrong[np.argsort(np.abs(wrong).max(axis=1), kind="stable")]
    for vector in np.concatenate([wrong[:TRIED_ALONE], wrong[TRIED_ALONE :: len(wrong) // TRIED_ALONE + 1]]):
        if not right(network, vector[None]).all():
            return vector.tolist()
    return None


def _rounds_to(given: Floats, expected: Integers) -> NDArray[np.bool_]:
    with np.errstate(invalid="ignore"):
        return np.all(np.rint(given) == expected, axis=1)


def _grid(*axes: Integers) -> Integers:
    return np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 3)
