"""The challenge's examples: integer vectors [a, b, c] with the targets [a, b, c, c+1, c+2]."""

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.int64]


def answer(inputs: Vectors) -> Vectors:
    """The right outputs [a, b, c, c+1, c+2] for inputs of shape (n, 3), as shape (n, 5)."""
    c = inputs[:, 2:]
    return np.hstack([inputs, c + 1, c + 2])


def generate(examples: int, low: int, high: int, seed: int) -> tuple[Vectors, Vectors]:
    """`examples` vectors with entries uniform in low..high (both included), and their answers.

    The same arguments give the same vectors: they come from `numpy.random.default_rng(seed)`.
    """
    generator = np.random.default_rng(seed)
    inputs = generator.integers(low, high, size=(examples, 3), endpoint=True)
    return inputs, answer(inputs)


def cube(radius: int) -> Vectors:
    """Every integer vector with entries from -radius to radius: shape ((2*radius + 1)**3, 3)."""
    side = np.arange(-radius, radius + 1)
    return np.stack(np.meshgrid(side, side, side, indexing="ij"), axis=-1).reshape(-1, 3)
