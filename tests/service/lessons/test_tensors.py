"""Tensors typed by hand: what torch makes of them, entry by entry."""

from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from service import InvalidInput
from service.lessons import OPERATORS, calculate
from tests.conftest import message_of

whole = st.integers(-1000, 1000)
real = st.floats(-1000, 1000, width=32)


def tensors() -> st.SearchStrategy[Any]:
    """Scalars, vectors and matrices of whole or real numbers."""
    size = st.integers(1, 4)
    return st.sampled_from([whole, real]).flatmap(
        lambda number: st.one_of(
            number,
            size.flatmap(lambda n: st.lists(number, min_size=n, max_size=n)),
            st.tuples(size, size).flatmap(
                lambda shape: st.lists(
                    st.lists(number, min_size=shape[1], max_size=shape[1]),
                    min_size=shape[0],
                    max_size=shape[0],
                )
            ),
        )
    )


@given(left=tensors(), right=tensors(), operator=st.sampled_from(list(OPERATORS)))
def test_the_result_and_the_error_are_torch_s_own(left: Any, right: Any, operator: str) -> None:
    found = calculate(repr(left), operator, repr(right))
    a, b = torch.tensor(left), torch.tensor(right)
    try:
        expected = OPERATORS[operator](a, b)
    except RuntimeError as error:
        assert found.result is None
        assert found.error == str(error)
        assert found.reason
        return
    assert found.error is None
    assert found.result is not None
    assert found.result.printed == repr(expected)
    assert found.result.shape == tuple(expected.shape)
    assert found.result.dtype == str(expected.dtype)


@given(left=tensors(), right=tensors(), operator=st.sampled_from(list(OPERATORS)))
def test_every_entry_is_made_from_its_sources(left: Any, right: Any, operator: str) -> None:
    found = calculate(repr(left), operator, repr(right))
    if found.result is None:
        return
    a, b = torch.tensor(left).double().flatten(), torch.tensor(right).double().flatten()
    expected = OPERATORS[operator](torch.tensor(left), torch.tensor(right)).double().flatten()
    assert len(found.sources) == len(expected)
    single = OPERATORS["*" if operator == "@" else operator]
    for entry, (lefts, rights) in zip(expected, found.sources, strict=True):
        made = single(a[list(lefts)], b[list(rights)]).sum()
        assert made.item() == pytest.approx(entry.item(), rel=1e-4, abs=1e-2)


@pytest.mark.parametrize(
    ("text", "shape", "dtype"),
    [
        ("2.2", (), "torch.float32"),
        ("1, 3, 4", (3,), "torch.int64"),
        ("torch.tensor([1, 3, 4])", (3,), "torch.int64"),
        ("[[3., 1.], [1., 7.]]", (2, 2), "torch.float32"),
    ],
)
def test_it_reads_what_people_write(text: str, shape: tuple[int, ...], dtype: str) -> None:
    left = calculate(text, "*", "1").left
    assert (left.shape, left.dtype) == (shape, dtype)


@pytest.mark.parametrize(
    "text",
    ["", "x", "[1, 2", "[1, 'a']", "[[1, 2], [3]]", "[[[1]]]", "True", "[]", "1e999j", "9" * 30, "[1]*9",
     "[1, 2, 3, 4, 5, 6, 7]", "__import__('os')", "[1, [2]]", "None"],
)  # fmt: skip
def test_anything_else_is_named(text: str) -> None:
    message = message_of(lambda: calculate(text, "+", "1"), InvalidInput)
    assert message.startswith("left must be a number, a list of at most 6 numbers, or a list")


def test_an_unknown_operator_is_named() -> None:
    assert message_of(lambda: calculate("1", "/", "2"), InvalidInput).startswith(
        "operator must be one of +, -, *, @; got '/'"
    )
