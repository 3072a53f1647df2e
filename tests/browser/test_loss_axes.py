"""The axes of the loss curve: their ticks, the choice between them, and room for the floor."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page

from tests.browser.conftest import WIDE
from tests.browser.plots import SVG, XHTML, bare_page, curve, figure, picture


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """A page with nothing but a plot."""
    opened = bare_page(browser, WIDE)
    yield opened
    opened.close()


def labels(ticks: list[dict[str, Any]]) -> list[str]:
    return [tick["label"] for tick in ticks]


class TestTheAxes:
    @given(begin=st.integers(0, 10**7), length=st.integers(0, 10**7), loss=st.floats(0, 1e30))
    def test_linear_ticks_are_few_and_inside(self, page: Page, begin: int, length: int, loss: float) -> None:
        drawn = picture(page, curve([loss, loss], step=[begin, begin + length]))
        for ticks in (drawn["across"], drawn["up"]):
            assert 1 <= len(ticks) <= 6
            assert all(-1e-6 <= tick["at"] <= 1 + 1e-6 for tick in ticks)
            assert len(set(labels(ticks))) == len(ticks)

    @pytest.mark.parametrize(
        ("values", "named"),
        [
            ([1.0, 10.0], ["1", "1e1"]),
            ([3e-4, 0.5], ["1e-4", "1e-3", "1e-2", "1e-1", "1"]),
            ([0.0], ["1", "1e1"]),
            ([1e-300, 1.0], ["1e-300", "1e-250", "1e-200", "1e-150", "1e-100", "1e-50", "1"]),
        ],
    )
    def test_log_ticks_are_decades(self, page: Page, values: list[float], named: list[str]) -> None:
        assert labels(picture(page, curve(values), log=True)["up"]) == named

    def test_zero_lies_on_the_lower_edge_of_the_log_axis(self, page: Page) -> None:
        (stroke,) = picture(page, curve([1e-3, 0.0, 1.0]), log=True)["strokes"]
        assert [y for _, y in stroke["places"]] == [1000, 1000, 0]

    def test_the_axis_shown_first_is_the_chosen_one(self, browser: Browser) -> None:
        for log, scale in ((False, "linear"), (True, "log")):
            opened = bare_page(browser, WIDE, log)
            opened.evaluate("drawn => plot.draw(drawn, null)", curve([2, 1]))
            assert opened.locator(f".plot-{scale}").is_visible()
            opened.close()

    def test_a_button_switches_it_and_what_is_drawn_stays(self, page: Page) -> None:
        figure(page, curve([100, 1]), curve([100, 10]))
        page.get_by_label("log", exact=True).check()
        switched = page.locator("figure").inner_html()
        assert "plot-log" in switched
        figure(page, curve([100, 1]), curve([100, 10]), log=True)
        assert page.locator("figure").inner_html() == switched

    def test_both_have_room_for_the_floor_with_its_words_below(self, page: Page) -> None:
        floor = {"at": 50.0, "label": "no weights get below <50>"}
        for log, at in ((False, 1.0), (True, 0.699)):
            drawn = picture(page, {**curve([5, 1]), "floor": floor}, log=log)
            assert [(each["at"], each["label"]) for each in drawn["floors"]] == [
                (pytest.approx(at, abs=2e-1), floor["label"])
            ]
            shown = figure(page, {**curve([5, 1]), "floor": floor}, log=log)
            (mark,) = (node for node in shown.iter(f"{SVG}line") if node.get("class") == "plot-mark")
            (words,) = (node for node in shown.iter(f"{XHTML}span") if node.get("class") == "plot-words")
            assert words.text == floor["label"]
            top = float(words.attrib["style"].partition("top:")[2].rstrip("%;"))
            assert float(mark.attrib["y1"]) == pytest.approx(10 * top, abs=0.1)
        assert not [node for node in figure(page, curve([1])).iter() if node.get("class") == "plot-mark"]
