"""Numbers that the page's scripts write: as Python does, to the last digit."""

import json
import struct
from collections.abc import Callable, Iterator
from math import inf, isfinite, nan
from random import Random

import pytest
from playwright.sync_api import Browser, Page

from ui.static import script

COUNT = 5000
"""Numbers of a kind."""

KINDS: dict[str, Callable[[Random], float]] = {
    "of any bits": lambda random: struct.unpack("d", random.randbytes(8))[0],
    "float32": lambda random: struct.unpack("f", random.randbytes(4))[0],
    "subnormal": lambda random: 5e-324 * random.randint(1, 10**6),
    "whole": lambda random: float(random.randint(-(10 ** random.randint(1, 18)), 10**18)),
    "between two": lambda random: random.randint(-(10 ** random.randint(1, 15)), 10**15) / 2,
    "short in binary": lambda random: random.randint(0, 10**6) / 2 ** random.randint(0, 30),
    "short in decimal": lambda random: float(f"{random.randint(1, 99_999)}e{random.randint(-30, 30)}"),
    "around a power of ten": lambda random: (
        10.0 ** random.randint(-30, 30) * (1 - 10 ** -random.randint(1, 16))
    ),
}


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    opened = browser.new_page()
    opened.evaluate(script("numbers"))
    yield opened
    opened.close()


def written(page: Page, cases: list[tuple[float, int]]) -> list[str]:
    """As the page writes the numbers, each with that many digits."""
    text = json.dumps(cases)
    return page.evaluate(
        "(text) => JSON.parse(text).map(([value, digits]) => labGeneral(value, digits))", text
    )


@pytest.mark.parametrize("kind", KINDS)
def test_a_number_is_written_as_python_writes_it(page: Page, kind: str) -> None:
    random = Random(kind)
    values = [value for value in (KINDS[kind](random) for _ in range(COUNT)) if isfinite(value)]
    cases = [(value, digits) for value in values for digits in (4, 6, random.randint(1, 17))]
    assert len(cases) > 2 * COUNT
    expected = [format(value, f".{digits}g") for value, digits in cases]
    assert written(page, cases) == expected


def test_halves_are_rounded_to_the_even_digit(page: Page) -> None:
    assert written(page, [(0.5, 1), (2.5, 1), (3.5, 1), (1234.5, 4), (1235.5, 4), (-1234.5, 4)]) == [
        "0.5", "2", "4", "1234", "1236", "-1234",
    ]  # fmt: skip


def test_zeros_and_what_is_no_number(page: Page) -> None:
    assert written(page, [(0.0, 4), (-0.0, 4)]) == ["0", "-0"]
    values = page.evaluate("[NaN, Infinity, -Infinity].map((value) => labGeneral(value, 4))")
    assert values == [format(value, ".4g") for value in (nan, inf, -inf)]
