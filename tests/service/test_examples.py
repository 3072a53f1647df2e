"""Which examples are held out: the share asked for, drawn with the seed, and never all."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from service.examples import all_examples, held_out_count, held_out_rows, split_examples
from service.records import DataConfig
from service.tasks import TASKS

shares = st.floats(0, 0.9)
OPTIONS = TASKS["challenge"].options()


@given(st.integers(1, 10_000), shares)
def test_the_share_is_that_asked_for_and_one_is_always_left(count: int, share: float) -> None:
    held_out = held_out_count(count, DataConfig(held_out=share))
    assert 0 <= held_out < count
    assert abs(held_out - share * count) <= 1


@given(st.integers(1, 200), shares, st.integers(0, 2**32 - 1))
def test_the_rest_keeps_its_order(count: int, share: float, seed: int) -> None:
    data = DataConfig(examples=count, held_out=share, data_seed=seed)
    everything = all_examples("challenge", OPTIONS, data)
    rows = held_out_rows(count, data)
    split = split_examples("challenge", OPTIONS, data)
    assert rows.sum() == held_out_count(count, data) == len(split.held_out)
    assert torch.equal(split.training.inputs, everything.inputs[torch.from_numpy(~rows)])
    assert torch.equal(split.training.targets, everything.targets[torch.from_numpy(~rows)])
    assert torch.equal(split.held_out.inputs, everything.inputs[torch.from_numpy(rows)])


@given(st.integers(2, 500), st.integers(0, 2**32 - 1))
def test_which_they_are_follows_from_the_seed_and_the_count_alone(count: int, seed: int) -> None:
    data = DataConfig(held_out=0.5, data_seed=seed)
    other = DataConfig(held_out=0.5, data_seed=seed, low=-99, high=99, dataset="cube", examples=7)
    np.testing.assert_array_equal(held_out_rows(count, data), held_out_rows(count, other))


def test_more_held_out_are_the_same_and_more() -> None:
    few, many = (held_out_rows(1000, DataConfig(held_out=share)) for share in (0.1, 0.4))
    assert (few <= many).all()


def test_another_seed_holds_others_out() -> None:
    one, other = (held_out_rows(1000, DataConfig(held_out=0.2, data_seed=seed)) for seed in (0, 1))
    assert 10 < (one & other).sum() < 90  # 40 on average


@pytest.mark.parametrize("task", TASKS)
def test_without_a_share_all_are_trained_on(task: str) -> None:
    split = split_examples(task, TASKS[task].options(), DataConfig())
    assert len(split.training) > 0
    assert len(split.held_out) == 0
