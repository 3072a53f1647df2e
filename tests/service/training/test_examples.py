"""Which examples are held out: the share asked for, drawn with the seed, and never all."""

import re

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from service.errors import InvalidInput
from service.records import DataConfig
from service.tasks import TASKS
from service.training.examples import (
    all_examples,
    checked_held_out,
    held_out_count,
    held_out_rows,
    split_examples,
)
from tests.conftest import message_of

shares = st.floats(0, 0.9)
OPTIONS = TASKS["challenge"].options()


@given(st.integers(1, 10_000), shares)
def test_the_share_is_that_asked_for_and_one_is_always_left(count: int, share: float) -> None:
    held_out = held_out_count(count, DataConfig(held_out=share))
    assert 0 <= held_out < count
    assert abs(held_out - share * count) <= 1


def accepted(count: int, share: float) -> bool:
    """Whether the share can be held out of so many examples."""
    try:
        return checked_held_out(count, DataConfig(held_out=share)) > 0
    except InvalidInput:
        return False


@given(st.integers(1, 10_000), shares.filter(bool))
def test_a_share_is_refused_where_none_would_be_held_out_or_none_be_left(count: int, share: float) -> None:
    assert accepted(count, share) == (1 <= round(share * count) <= count - 1)
    assert checked_held_out(count, DataConfig()) == 0


@given(st.integers(2, 10_000))
def test_the_ends_that_the_sentence_names_are_right(count: int) -> None:
    message = message_of(lambda: checked_held_out(count, DataConfig(held_out=1e-9)), InvalidInput)
    least, most = map(float, re.findall(r"from ([\d.]+) to ([\d.]+)", message)[0])
    end = 10.0 ** -(len(str(count)) + 1)
    assert accepted(count, least)
    assert not accepted(count, least - end)
    assert accepted(count, most)
    assert most == 0.9 or not accepted(count, most + end)


def test_of_one_example_there_is_none_to_hold_out() -> None:
    for share in (0.1, 0.9):
        message = message_of(
            lambda share=share: checked_held_out(1, DataConfig(held_out=share)), InvalidInput
        )
        assert message == f"held_out must be 0 where there is only 1 example; got {share}."


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
