"""What a special word means, in a real browser: by pointer, by keyboard, and by touch."""

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import OpenChapter, go_to, unfold
from tests.conftest import RunningApp
from ui.components.terms import TERMS

NARROW = 360


def open_sentence(page: Page) -> Locator:
    return page.locator(".term-sentence:popover-open")


def test_the_pointer_shows_it_and_takes_it_away(open_chapter: OpenChapter) -> None:
    page = open_chapter("autograd")
    unfold(page, "kept-part")
    page.locator("#ritual-graph .term-leaf").hover()
    expect(open_sentence(page)).to_have_text(TERMS["leaf"])
    open_sentence(page).hover()  # to read on, or to copy it
    expect(open_sentence(page)).to_have_text(TERMS["leaf"])
    page.locator("h1").hover()
    expect(open_sentence(page)).to_have_count(0)


def test_the_keyboard_shows_it_and_escape_closes_it(open_chapter: OpenChapter) -> None:
    page = open_chapter("autograd")
    unfold(page, "kept-part")
    word = page.locator("#ritual-graph .term-leaf")
    word.focus()
    expect(open_sentence(page)).to_have_text(TERMS["leaf"])
    expect(word).to_have_accessible_description(TERMS["leaf"])
    page.keyboard.press("Tab")
    expect(open_sentence(page)).to_have_text(TERMS["AccumulateGrad"])
    page.keyboard.press("Escape")
    expect(open_sentence(page)).to_have_count(0)
    page.keyboard.press("Enter")
    expect(open_sentence(page)).to_have_text(TERMS["AccumulateGrad"])


def test_a_word_in_a_text_of_markdown_is_explained_as_well(open_chapter: OpenChapter) -> None:
    page = open_chapter("tensors")
    word = page.locator(".poster .term-tensor")
    word.focus()
    expect(open_sentence(page)).to_have_text(TERMS["tensor"])
    expect(word).to_have_accessible_description(TERMS["tensor"])


@pytest.mark.parametrize("chapter", ["autograd", "challenge", "runs"])
def test_on_a_phone_a_tap_shows_it_whole(browser: Browser, app: RunningApp, chapter: str) -> None:
    page = browser.new_page(viewport={"width": NARROW, "height": 640}, has_touch=True)
    go_to(page, f"{app.address}?chapter={chapter}")
    tall = page.evaluate("document.documentElement.scrollHeight")
    for word in page.get_by_role("tabpanel").locator(".term:visible").all():
        word.tap()
        sentence = open_sentence(page)
        expect(sentence).to_have_count(1)
        asked, shown = word.bounding_box(), sentence.bounding_box()
        assert asked is not None
        assert shown is not None
        assert asked["height"] >= 24
        assert shown["x"] >= 0
        assert shown["x"] + shown["width"] <= NARROW
        assert shown["y"] >= 0
        assert shown["y"] + shown["height"] <= 640
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW
    assert page.evaluate("document.documentElement.scrollHeight") == tall
    page.locator("h1").tap()
    expect(open_sentence(page)).to_have_count(0)
    page.close()
