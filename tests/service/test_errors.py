"""How a value is written in a message."""

import pytest

from service.errors import shown


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        ([True, 1.5, "a", None], "[true, 1.5, 'a', null]"),
        ((8,), "[8]"),
        (float("nan"), "NaN"),
        (-float("inf"), "-Infinity"),
        pytest.param(10**5000, "a whole number of about 5,001 digits", id="huge"),
        ("1\u00a0000\u202f000", "'1 000 000'"),
        ("\ud800", "'\\ud800'"),
    ],
)
def test_it_is_written_as_json_writes_it(value: object, text: str) -> None:
    assert shown(value) == text


def test_a_huge_value_is_cut() -> None:
    for huge in ("x" * 10**6, [[0] * 10**4] * 10**4, {"key": "y" * 10**6}):
        assert len(shown(huge)) == 80
