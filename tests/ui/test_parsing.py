"""What people type."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service import InvalidInput
from tests.conftest import message_of
from ui.parsing import parse_networks, parse_numbers, parse_seeds, parse_vectors, parse_widths

numbers = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**6), 10**6).map(float)
vectors = st.lists(st.lists(numbers, min_size=1, max_size=5), min_size=1, max_size=10)
styles = st.sampled_from(
    [" ".join, ", ".join, lambda words: f"[{', '.join(words)}]", "\t".join, " , ".join, ";".join]
)


@given(vectors=vectors, style=styles, blank=st.sampled_from(["\n", "\n\n", " \n  \n"]))
def test_every_way_of_writing_vectors_is_read_back(
    vectors: list[list[float]], style: Callable[[list[str]], str], blank: str
) -> None:
    text = blank.join(style([repr(number) for number in vector]) for vector in vectors)
    assert parse_vectors(text) == vectors


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused_in_one_sentence(text: str) -> None:
    try:
        parse_vectors(text)
    except InvalidInput as error:
        assert str(error).startswith("vectors")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "vectors must be one or more lines such as 1 2 3; got ''."),
        ("  \n ", "vectors must be one or more lines such as 1 2 3; got '  \\n '."),
        ("1 2 3\n1 x 3", "vectors, line 2, must be numbers such as 1 2 3, 1, 2, 3 or [1, 2, 3]; got 'x'."),
        ("[1, 2, 3", "vectors, line 1, must be numbers such as 1 2 3, 1, 2, 3 or [1, 2, 3]; got '[1'."),
    ],
)
def test_what_is_not_a_number_is_named_with_its_line(text: str, sentence: str) -> None:
    assert message_of(lambda: parse_vectors(text), InvalidInput) == sentence


@pytest.mark.parametrize(
    ("text", "widths"), [("", []), (" ", []), ("2", [2]), ("8, 8", [8, 8]), ("[4 2]", [4, 2]), ("0", [0])]
)
def test_widths(text: str, widths: list[int]) -> None:
    assert parse_widths(text) == widths


@pytest.mark.parametrize("text", ["two", "2.5", "-1", "3 x", "²"])
def test_widths_that_are_none(text: str) -> None:
    assert message_of(lambda: parse_widths(text), InvalidInput).startswith(
        "hidden must be layer widths such as 2 or 8, 8"
    )


def test_a_line_of_numbers() -> None:
    assert parse_numbers(" 3, 4 ", "start") == [3, 4]
    assert message_of(lambda: parse_numbers("3, four", "start"), InvalidInput).startswith(
        "start must be numbers"
    )


@pytest.mark.parametrize(
    ("text", "networks"), [("2; 3; 8, 8", [[2], [3], [8, 8]]), ("", [[]]), ("3;", [[3], []]), ("[4]", [[4]])]
)
def test_networks(text: str, networks: list[list[int]]) -> None:
    assert parse_networks(text) == networks


@pytest.mark.parametrize(
    ("text", "seeds"), [("0-4", [0, 1, 2, 3, 4]), ("7", [7]), ("0, 7, 10-11", [0, 7, 10, 11]), ("", [])]
)
def test_seeds(text: str, seeds: list[int]) -> None:
    assert parse_seeds(text) == seeds


@pytest.mark.parametrize("text", ["a", "-1", "3-1", "0-1000", "1.5", "0-99999999999"])
def test_what_is_no_seed_is_named(text: str) -> None:
    with pytest.raises(InvalidInput, match="seeds must be seeds such as 0, 7 or 0-4"):
        parse_seeds(text)
