"""The least mean loss that a network with a narrow layer can have on given examples.

Two theorems give it, both about exact arithmetic. Eckart and Young (1936): the matrix of rank k nearest to
another keeps its k largest singular values, so the squared distance is the sum of the squares of the others.
And reduced-rank regression (Izenman 1975): the matrix of rank k whose answers to given inputs come nearest to
the targets answers as that of full rank does, cut to rank k.

A floor must not be too high, so every singular value is taken to be as small as float64 leaves room for. That
makes a floor too low by a part of about 1e-12, or more where the inputs nearly depend on each other.
"""

import numpy as np
from numpy.typing import NDArray

from service.tasks.challenge.rounding import multiples, rank

Floats = NDArray[np.float64]

CLEAR = 1e-7
"""Beside the largest, a singular value of this size is surely not a rounding of 0 in float64."""
ROUNDOFF = 2.0**-53
"""float64's."""
STEPS = 64
"""More roundings than one number goes through in a singular value decomposition of so few columns."""


def affine_floor(width: int, inputs: Floats, targets: Floats) -> float:
    """The least mean loss of a matrix of rank `width` with a bias, on inputs (n, 3) and targets (n, 5).

    The numbers are float32's. What the inputs explain, of rank 3 at most, is cut to `width`; what they do
    not explain is lost anyway. Inputs may depend on each other, or nearly so; where float64 cannot tell
    which, their rank is found exactly, and the directions that it cannot see count as able to explain
    whatever helps most: the floor is then not too high, but it may be too low.
    """
    wanted, columns = _centered(targets), _centered(inputs)
    sizes = np.abs(columns).max(axis=0)
    columns = columns[:, sizes > 0] / sizes[sizes > 0]
    basis, singular, _ = np.linalg.svd(columns, full_matrices=False)
    seen = int((singular > CLEAR * singular.max(initial=0)).sum())
    unseen = 0 if seen == len(singular) else max(0, _rank_with_bias(inputs) - 1 - seen)
    basis = basis[:, :seen]
    explained = basis.T @ wanted
    steepness = np.sqrt(len(inputs)) / singular[seen - 1] if seen else 0.0
    doubt = STEPS * ROUNDOFF * _size(wanted) * (1 + steepness)
    lost = _beyond(explained, width, doubt) + _beyond(wanted - basis @ explained, unseen, doubt)
    return lost / len(inputs)


def flat_floor(width: int, inputs: Floats, targets: Floats) -> float:
    """The same for any function of the inputs whose answers lie in a flat space of `width` dimensions.

    Equal inputs have equal answers: the best is then the mean of their targets, as near to it as the space
    lets it come.
    """
    wanted = _centered(targets)
    _, group, counts = np.unique(inputs + 0.0, axis=0, return_inverse=True, return_counts=True)
    means = np.zeros((len(counts), wanted.shape[1]))
    np.add.at(means, group.ravel(), wanted)
    means /= counts[:, None]
    doubt = (STEPS + len(inputs)) * ROUNDOFF * _size(wanted)
    within = max(0.0, float(np.linalg.norm(wanted - means[group.ravel()])) - doubt) ** 2
    return (within + _beyond(np.sqrt(counts)[:, None] * means, width, doubt)) / len(inputs)


def _centered(rows: Floats) -> Floats:
    """The rows less their mean; columns that are constant come out as 0 to the bit."""
    rows = rows - rows[0]
    return rows - rows.mean(axis=0)


def _size(rows: Floats) -> float:
    """An upper bound on the norm of rows that were centered, and of what they were before, less the first."""
    return 2 * float(np.abs(rows).max() * np.sqrt(rows.size))


def _beyond(matrix: Floats, kept: int, doubt: float) -> float:
    """The sum of the squares of all but the `kept` largest singular values, each less its `doubt`."""
    singular = np.linalg.svd(matrix, compute_uv=False)[kept:]
    return float((np.maximum(singular - doubt, 0) ** 2).sum())


def _rank_with_bias(inputs: Floats) -> int:
    """The rank of the inputs with a column of ones beside them, exactly: that of the products of columns."""
    rows = multiples(np.column_stack([np.ones(len(inputs)), inputs]))
    return rank(rows.T @ rows)
