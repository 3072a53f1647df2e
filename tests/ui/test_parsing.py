"""What people type: read where it has one meaning, and refused with what it could mean where it has two."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from service import InvalidInput
from tests.conftest import message_of
from ui.parsing import (
    number_or_text,
    parse_networks,
    parse_numbers,
    parse_seeds,
    parse_vectors,
    parse_widths,
)

numbers = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**6), 10**6).map(float)
vectors = st.lists(st.lists(numbers, min_size=2, max_size=5), min_size=1, max_size=10)
styles = st.sampled_from(
    [
        " ".join,
        ", ".join,
        lambda words: f"[{', '.join(words)}]",
        lambda words: f"[{','.join(words)}],",
        lambda words: f"({' '.join(words)})",
        lambda words: "[" + ",\n ".join(words) + "]",
        lambda words: f"torch.tensor([{', '.join(words)}])",
        lambda words: f"{', '.join(words)},",
        "\t".join,
        " , ".join,
        ";".join,
        "; ".join,
    ]
)


@given(vectors=vectors, style=styles, blank=st.sampled_from(["\n", "\n\n", " \n  \n", "\r\n"]))
def test_every_way_of_writing_vectors_is_read_back(
    vectors: list[list[float]], style: Callable[[list[str]], str], blank: str
) -> None:
    text = blank.join(style([repr(number) for number in vector]) for vector in vectors)
    assert parse_vectors(text) == vectors
    assert parse_vectors(text.replace("-", "\N{MINUS SIGN}")) == vectors


@given(st.lists(st.lists(st.floats(-1e4, 1e4, width=32), min_size=3, max_size=3), min_size=1, max_size=5))
def test_what_torch_and_numpy_print_is_read(vectors: list[list[float]]) -> None:
    torch.set_printoptions(precision=9)
    try:
        weight = torch.nn.Parameter(torch.tensor(vectors))
        for printed in (repr(weight.detach()), repr(weight), repr(weight * 2), repr(np.array(vectors))):
            wanted = np.array(vectors) * (2 if "Mul" in printed else 1)
            np.testing.assert_allclose(parse_vectors(printed), wanted, rtol=1e-6, atol=1e-8)
    finally:
        torch.set_printoptions(profile="default")


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("torch.tensor([1.,2.,3.])", [[1, 2, 3]]),
        ("tensor([1., 2., 3.])", [[1, 2, 3]]),
        ("torch.tensor([1, 2, 3], dtype=torch.float32)", [[1, 2, 3]]),
        ("tensor([1., 2., 3.], grad_fn=<AddBackward0>)", [[1, 2, 3]]),
        ("(1,2,3)", [[1, 2, 3]]),
        ("[[1,2,3],[4,5,6]]", [[1, 2, 3], [4, 5, 6]]),
        ("[1, 2, 3], [4, 5, 6],\n7 8 9", [[1, 2, 3], [4, 5, 6], [7, 8, 9]]),
        ("[1,\n2,\n3]\n4 5 6", [[1, 2, 3], [4, 5, 6]]),
        ("1\n2\n3", [[1, 2, 3]]),
        ("1,2,3", [[1, 2, 3]]),
        ("[1,5]", [[1, 5]]),
        ("1.5,2.5", [[1.5, 2.5]]),
        ("1,5; 2; 3", [[1.5, 2, 3]]),
        ("1,5;-2,25;3", [[1.5, -2.25, 3]]),
        ("100 200 300", [[100, 200, 300]]),
        ("1\u00a02\u00a03", [[1, 2, 3]]),
        ("1_000 1e5 .5", [[1000, 1e5, 0.5]]),
        ("1.000 2.500 3.000", [[1, 2.5, 3]]),
        ("\uff11\uff0c\u3000\uff12 \u0663", [[1, 2, 3]]),
        ("[]", [[]]),
    ],
)
def test_what_has_one_meaning_is_read(text: str, read: list[list[float]]) -> None:
    assert parse_vectors(text) == read


def test_digits_are_not_lost_before_the_service_has_seen_them() -> None:
    assert parse_vectors("16777217 9007199254740993 1") == [[16777217, 9007199254740993, 1]]
    assert number_or_text("9007199254740993") == 9007199254740993


@given(st.text(max_size=40) | st.text("0123456789.,;[]()- \n\u00a0tensor%", max_size=40))
def test_any_text_is_read_or_refused_in_one_sentence(text: str) -> None:
    try:
        read = parse_vectors(text)
    except InvalidInput as error:
        assert str(error).startswith("vectors")
        assert "\n" not in str(error)
    else:
        assert all(isinstance(number, int | float) for vector in read for number in vector)


SUCH = "numbers such as 1 2 3, 1, 2, 3 or [1, 2, 3]"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "vectors must be one or more lines such as 1 2 3; got ''."),
        ("  \n ", "vectors must be one or more lines such as 1 2 3; got '  \\n '."),
        ("1 2 3\n1 x 3", f"vectors, line 2, must be {SUCH}; got 'x'."),
        ("1 2 3\n\n[1, 2, 3", f"vectors, line 3, must be {SUCH}, every bracket closed; got '[1, 2, 3'."),
        ("[1, 2, 3)", f"vectors, line 1, must be {SUCH}, every bracket closed; got '[1, 2, 3)'."),
        ("[1, [2, 3]]", f"vectors, line 1, must be {SUCH}, every bracket closed; got '[1, [2, 3]]'."),
        ("1 2 nan", f"vectors, line 1, must be {SUCH}; got 'nan'."),
        ("50% 2 3", f"vectors, line 1, must be {SUCH}, written as 0.5; got '50%'."),
        ("1/2 2 3", f"vectors, line 1, must be {SUCH}, written as 0.5; got '1/2'."),
        ("0x10 2 3", f"vectors, line 1, must be {SUCH}, written as 16; got '0x10'."),
        ("1'000 2 3", f'vectors, line 1, must be {SUCH}, written as 1000; got "1\'000".'),
        ("10 000 3", f"vectors, line 1, must be {SUCH}; got '000'."),
    ],
)
def test_what_is_not_a_number_is_named_with_its_line(text: str, sentence: str) -> None:
    assert message_of(lambda: parse_vectors(text), InvalidInput) == sentence


@pytest.mark.parametrize(
    ("text", "meanings", "got"),
    [
        ("1,5", "1.5, or as 1 5", "1,5"),
        ("1,5 2 3", "1.5, or as 1 5", "1,5"),
        ("1, 2,3", "2.3, or as 2 3", "2,3"),
        (",5 2 3", ".5, or as 5", ",5"),
        ("100,200,300", "100200300, or as 100 200 300", "100,200,300"),
        ("1\u00a0000 2 3", "1000, or as 1 0", "1 000"),
        ("1,500; 2; 3", "1500 or as 1.500, or as 1 500", "1,500"),
        ("1,5; 2.5; 3", "1.5, or as 1 5", "1,5"),
        ("[1,5; 2; 3]", "1.5, or as 1 5", "1,5"),
        ("1,2,3; 4,5,6", "1 2 3", "1,2,3"),
    ],
)
def test_what_could_mean_two_things_is_refused_with_both(text: str, meanings: str, got: str) -> None:
    assert message_of(lambda: parse_vectors(text), InvalidInput) == (
        f"vectors, line 1, must be numbers with one meaning, written as {meanings} for several numbers; got '{got}'."
    )


@pytest.mark.parametrize(
    ("text", "widths"),
    [("", []), (" ", []), ("[]", []), ("2", [2]), ("8, 8", [8, 8]), ("8,8", [8, 8]), ("[4 2]", [4, 2]), ("0", [0]),
     ("(8, 8)", [8, 8]), ("\uff18", [8])],
)  # fmt: skip
def test_widths(text: str, widths: list[int]) -> None:
    assert parse_widths(text) == widths


@pytest.mark.parametrize(
    "text", ["two", "2.5", "2.0", "-1", "3 x", "²", "1 000", "1\u00a0000", "1_000", "08"]
)
def test_widths_that_are_none(text: str) -> None:
    assert message_of(lambda: parse_widths(text), InvalidInput).startswith(
        "hidden must be layer widths such as 2 or 8, 8"
    )


def test_a_line_of_numbers() -> None:
    assert parse_numbers(" 3, 4 ", "start") == parse_numbers("[3, 4]", "start") == [3, 4]
    assert parse_numbers("0,002; 0,003", "learning_rates") == [0.002, 0.003]
    assert parse_numbers("0.1\n0.2", "learning_rates") == [0.1, 0.2]
    assert parse_numbers("", "start") == []
    assert message_of(lambda: parse_numbers("3, four", "start"), InvalidInput).startswith(
        "start must be numbers"
    )
    assert message_of(lambda: parse_numbers("0,9 0,999", "betas"), InvalidInput) == (
        "betas must be numbers with one meaning, written as 0.9, or as 0 9 for several numbers; got '0,9'."
    )
    with pytest.raises(InvalidInput):
        parse_numbers("[1], [2]", "start")


@pytest.mark.parametrize(
    ("text", "networks"), [("2; 3; 8, 8", [[2], [3], [8, 8]]), ("", [[]]), ("3;", [[3], []]), ("[4]", [[4]])]
)
def test_networks(text: str, networks: list[list[int]]) -> None:
    assert parse_networks(text) == networks


@pytest.mark.parametrize(
    ("text", "seeds"),
    [("0-4", [0, 1, 2, 3, 4]), ("0\u20132", [0, 1, 2]), ("7", [7]), ("0, 7, 10-11", [0, 7, 10, 11]), ("0,1", [0, 1]), ("", [])],
)  # fmt: skip
def test_seeds(text: str, seeds: list[int]) -> None:
    assert parse_seeds(text) == seeds


@pytest.mark.parametrize("text", ["a", "-1", "3-1", "0-1000", "1.5", "0-99999999999", "1 000", "1e3"])
def test_what_is_no_seed_is_named(text: str) -> None:
    with pytest.raises(InvalidInput, match="seeds must be seeds such as 0, 7 or 0-4"):
        parse_seeds(text)


@pytest.mark.parametrize("parse", [parse_seeds, parse_widths])
def test_whole_numbers_with_thousands_could_be_several(parse: Callable[[str], list[int]]) -> None:
    message = message_of(lambda: parse("1,234"), InvalidInput)
    assert (
        "numbers with one meaning, written as 1234, or as 1 234 for several numbers; got '1,234'." in message
    )


@pytest.mark.parametrize(
    ("typed", "number", "whole"),
    [
        ("1,000", "1,000", 1000),
        ("1.000", 1, "1.000"),
        ("10 000", "10 000", "10 000"),
        ("0,002", "0,002", "0,002"),
        ("\u22125", -5, -5),
        ("1e3", 1000, 1000),
        ("1_000", 1000, 1000),
        (" 2.5 ", 2.5, 2.5),
        ("0x10", "0x10", "0x10"),
        ("nan", "nan", "nan"),
        ("", "", ""),
        (None, "", ""),
    ],
)
def test_one_number(typed: str | None, number: object, whole: object) -> None:
    assert number_or_text(typed) == number
    assert number_or_text(typed, whole=True) == whole
