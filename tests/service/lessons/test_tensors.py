"""Tensors typed by hand: what torch makes of them, entry by entry."""

import re
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from service import OPERATORS, InvalidInput, calculate
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
    ["", "x", "[1, 2", "[1, 'a']", "[[1, 2], [3]]", "[[[1]]]", "True", "[]", "1e999j", "[1]*9", "-[1]",
     "[1, 2, 3, 4, 5, 6, 7]", "__import__('os')", "[1, [2]]", "None", "float('x')", "1\0", "9" * 5000,
     "(" * 5000 + "1" + ")" * 5000, "[" * 5000 + "1" + "]" * 5000],
)  # fmt: skip
def test_anything_else_is_named(text: str) -> None:
    message = message_of(lambda: calculate(text, "+", "1"), InvalidInput)
    assert message.startswith(
        "left must be a number, a list of 1 to 6 numbers, or a list of 1 to 6 such lists"
    )


@pytest.mark.parametrize("text", [str(2**63), str(-(2**63) - 1), "[1, " + "9" * 30 + "]", "0x" + "f" * 5000])
def test_whole_numbers_that_int64_cannot_hold_are_named(text: str) -> None:
    message = message_of(lambda: calculate("1", "+", text), InvalidInput)
    assert message.startswith("right must be made of whole numbers from -9,223,372,036,854,775,808 to 9,2")


@pytest.mark.parametrize("text", ["1,5", "-3,25", "1,000", "1,000,000.5", " +1,5 "])
def test_a_text_that_could_mean_one_number_or_several_is_refused(text: str) -> None:
    message = message_of(lambda: calculate(text, "+", "1"), InvalidInput)
    assert message.startswith("left must be a number with a point, such as 1.5, or a list, such as [1, 5]")


class TestTheEndsOfNumbers:
    @given(st.lists(st.floats(), min_size=1, max_size=6), st.sampled_from(list(OPERATORS)))
    def test_any_floats_are_what_torch_makes_of_them(self, values: list[float], operator: str) -> None:
        found = calculate(repr(values), operator, repr(values))
        tensor = torch.tensor(values)
        assert found.result is not None
        assert found.left.printed == repr(tensor)
        assert found.result.printed == repr(OPERATORS[operator](tensor, tensor))

    @given(st.lists(st.one_of(st.floats(), st.integers(-(2**63), 2**63 - 1)), min_size=1, max_size=6))
    def test_the_grid_has_the_entries_as_torch_prints_them(self, values: list[float]) -> None:
        shown = calculate(repr(values), "+", "1").left
        (row,) = shown.rows
        assert len(row) == len(values)
        assert "".join(row) == re.sub(r"tensor|[\[\](),\s]", "", shown.printed)

    @pytest.mark.parametrize(
        ("left", "operator", "right", "printed", "note"),
        [
            ("1e39", "+", "0", "tensor(inf)", "float32 cannot hold 1e+39: it becomes inf."),
            ("1e400", "+", "0", "tensor(inf)", None),
            ("-1e39", "*", "1", "tensor(-inf)", "float32 cannot hold -1e+39: it becomes -inf."),
            ("1e-60", "+", "0", "tensor(0.)", "float32 cannot hold 1e-60: it becomes 0."),
            ("3e38", "*", "4", "tensor(inf)", "Beyond about 3.4e+38, the largest number that float32 holds"),
            ("[16777217, 1.]", "*", "1", "tensor([1.6777e+07, 1.0000e+00])", "it becomes 16777216."),
            ("nan", "*", "0", "tensor(nan)", None),
            ("torch.inf", "-", "float('inf')", "tensor(nan)", None),
            ("-0.", "*", "1", "tensor(-0.)", None),
            ("\N{MINUS SIGN}3", "+", "1", "tensor(-2)", None),
            (str(2**63 - 1), "+", "1", f"tensor({-(2**63)})", f"{2**63} does not fit, and wraps around to"),
            ("[3000000000, 2]", "@", "[4000000000, 1]", "tensor(-6446744073709551614)", "wraps around"),
            ("1234567.", "*", "1", "tensor(1234567.)", None),
        ],
    )
    def test_they_are_printed_as_torch_prints_them_and_told(
        self, left: str, operator: str, right: str, printed: str, note: str | None
    ) -> None:
        found = calculate(left, operator, right)
        assert found.result is not None
        assert found.result.printed == printed
        assert len(found.notes) == (note is not None)
        assert note is None or note in found.notes[0]


@pytest.mark.parametrize(
    ("left", "right", "told"),
    [
        ("[1, 2, 3]", "[1., 2.]", ["a row has 3 and a column has 2", "torch.int64"]),
        ("[1., 2., 3.]", "[1., 2.]", ["a row has 3 and a column has 2"]),
        ("[[1, 2], [3, 4]]", "[1., 2.]", ["torch.int64 and the right torch.float32"]),
    ],
)
def test_every_reason_for_an_error_is_told(left: str, right: str, told: list[str]) -> None:
    reason = calculate(left, "@", right).reason or ""
    assert all(words in reason for words in told)
    assert ("torch.int64" in reason) == any("torch.int64" in words for words in told)
    assert ("a column has" in reason) == any("a column has" in words for words in told)


def test_an_unknown_operator_is_named() -> None:
    assert message_of(lambda: calculate("1", "/", "2"), InvalidInput).startswith(
        "operator must be one of +, -, *, @; got '/'"
    )
