"""The vectors that a model is asked about: finite float32 numbers, and anything else by its place."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.data.vectors import parse_vectors
from service.errors import InvalidInput
from service.numbers import FLOAT32_MAX
from tests.conftest import message_of


@given(
    st.lists(
        st.lists(st.floats(width=32, allow_nan=False, allow_infinity=False), min_size=3, max_size=3),
        min_size=1,
        max_size=20,
    )
)
def test_finite_float32_vectors_are_taken_as_they_are(vectors: list[list[float]]) -> None:
    assert parse_vectors(vectors, 3) == vectors


@pytest.mark.parametrize(
    ("vectors", "words"),
    [
        ([], "The number of vectors must be from 1 to 10,000; got 0."),
        ([[1, 2, 3]] * 10_001, "The number of vectors must be from 1 to 10,000; got 10001."),
        ("1 2 3", "vectors must be a list of vectors"),
        (None, "vectors must be a list of vectors"),
        ([1, 2], "vectors must be a list of 3 finite numbers"),
        ([1, "x", 3], "vectors[1] must be a finite number"),
        ([[]], "vectors[0] must be a list of 3"),
        ([[1, 2, 3], [1, 2]], "vectors[1] must be a list of 3"),
        ([[1, 2, 3, 4]], "vectors[0] must be a list of 3"),
        ([[1, "x", 3]], "vectors[0][1] must be a finite number of at most 3.4e+38; got 'x'."),
        ([[1, 2, math.nan]], "vectors[0][2] must be a finite number of at most 3.4e+38; got NaN."),
        ([[math.inf, 2, 3]], "vectors[0][0] must be a finite number"),
        ([[1, 2, 1e39]], "vectors[0][2] must be a finite number of at most 3.4e+38; got 1e+39."),
        ([[1, 2, True]], "vectors[0][2] must be a finite number"),
        ([[1, 2, None]], "vectors[0][2] must be a finite number"),
    ],
)
def test_anything_else_is_named(vectors: object, words: str) -> None:
    assert message_of(lambda: parse_vectors(vectors, 3), InvalidInput).startswith(words)


def test_the_largest_float32_passes() -> None:
    assert np.isfinite(np.float32(FLOAT32_MAX))
    assert parse_vectors([[FLOAT32_MAX, -FLOAT32_MAX, 0]], 3)
