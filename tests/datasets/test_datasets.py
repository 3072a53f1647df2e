"""The named example sets, and the generator."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import datasets
from datasets import integers


@pytest.mark.parametrize("name", datasets.names())
class TestNamedSets:
    def test_every_answer_follows_the_rule(self, name: str) -> None:
        inputs, targets = datasets.load(name)
        assert len(inputs) == len(targets) > 0
        np.testing.assert_array_equal(targets, integers.answer(inputs.astype(np.int64)))

    def test_it_has_a_card(self, name: str) -> None:
        assert datasets.card(name).startswith(f"# {name}\n")

    def test_it_cannot_be_changed_by_who_loads_it(self, name: str) -> None:
        inputs, _ = datasets.load(name)
        with pytest.raises(ValueError, match="read-only"):
            inputs[0, 0] = 7


def test_there_are_sets_and_no_others() -> None:
    assert datasets.names() == ("cube", "plane", "positive")
    with pytest.raises(KeyError):
        datasets.load("../secrets")


def test_the_plane_is_a_plane() -> None:
    inputs, _ = datasets.load("plane")
    np.testing.assert_array_equal(inputs[:, 2], inputs[:, 0] + inputs[:, 1])


@given(
    examples=st.integers(1, 200),
    low=st.integers(-1000, 1000),
    width=st.integers(1, 1000),
    seed=st.integers(0, 2**32 - 1),
)
def test_generated_vectors_stay_in_range_and_come_again(
    examples: int, low: int, width: int, seed: int
) -> None:
    inputs, targets = integers.generate(examples, low, low + width, seed)
    assert inputs.shape == (examples, 3)
    assert low <= inputs.min()
    assert inputs.max() <= low + width
    assert [[a, b, c, c + 1, c + 2] for a, b, c in inputs.tolist()] == targets.tolist()
    np.testing.assert_array_equal(inputs, integers.generate(examples, low, low + width, seed)[0])


def test_both_ends_of_the_range_occur() -> None:
    inputs, _ = integers.generate(200, -1, 1, seed=0)
    assert set(np.unique(inputs)) == {-1, 0, 1}


def test_a_cube_has_every_vector_once() -> None:
    vectors = integers.cube(2)
    assert vectors.shape == (125, 3)
    assert len(np.unique(vectors, axis=0)) == 125
    assert np.abs(vectors).max() == 2
