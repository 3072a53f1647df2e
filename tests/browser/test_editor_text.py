"""The text of a program that is edited: what a phone's keys do to it, and what never loses it."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenChapter, fill

ENDLESS = "x = 1\nwhile x: pass\n"
SAY_KEY = """(area, kind) => area.dispatchEvent(
    new InputEvent('beforeinput', { inputType: kind, bubbles: true, cancelable: true }))"""
"""What the keys of a phone do first; whether it does what it always does, too."""


def edit(page: Page) -> Locator:
    page.locator("#tensors-program .program-edit").click()
    area = page.locator("#tensors-program .editor textarea")
    expect(area).to_be_focused()
    return area


@pytest.fixture
def page(open_chapter: OpenChapter) -> Page:
    """A chapter whose program can be edited."""
    opened = open_chapter("tensors")
    opened.locator("#tensors-program summary").click()
    return opened


@pytest.fixture
def area(page: Page) -> Locator:
    """The field of the program, being edited."""
    return edit(page)


def take(page: Page) -> Locator:
    return page.get_by_role("button", name="Take the page")


def test_the_line_that_runs_is_marked_until_it_is_stopped(page: Page, area: Locator) -> None:
    area.fill(ENDLESS)
    page.keyboard.press("Control+Enter")
    marked = page.locator(".editor-gutter .running")
    expect(marked).to_have_text("2")
    wide = page.locator(".editor-gutter").evaluate("gutter => gutter.offsetWidth")
    page.get_by_role("button", name="Stop", exact=True).last.click()
    expect(marked).to_have_count(0)
    assert page.locator(".editor-gutter").evaluate("gutter => gutter.offsetWidth") == wide


def test_undo_has_back_what_the_pages_program_took_the_place_of(page: Page, area: Locator) -> None:
    area.fill("mine")
    fill(page.get_by_label("Left", exact=True), "[1, 2, 3]", "[7, 8, 9]")
    take(page).click()
    expect(area).to_be_focused()
    assert "left = torch.tensor([7, 8, 9])" in area.input_value()
    page.keyboard.press("Control+z")
    expect(area).to_have_value("mine")


def test_what_was_written_is_there_again_after_close(page: Page, area: Locator) -> None:
    ours = area.input_value()
    area.fill("mine")
    page.get_by_role("button", name="Close", exact=True).click()
    again = edit(page)
    expect(again).to_have_value("mine")
    take(page).click()
    expect(again).to_have_value(ours)
    page.get_by_role("button", name="Close", exact=True).click()
    expect(edit(page)).to_have_value(ours)
    expect(take(page)).to_be_hidden()


def test_the_keys_of_a_phone_keep_the_level(page: Page, area: Locator) -> None:
    area.fill("")
    page.keyboard.type("for k in x:")
    assert area.evaluate(SAY_KEY, "insertLineBreak") is False
    expect(area).to_have_value("for k in x:\n    ")
    assert area.evaluate(SAY_KEY, "deleteContentBackward") is False
    expect(area).to_have_value("for k in x:\n")
    assert area.evaluate(SAY_KEY, "deleteContentBackward") is True
    expect(area).to_have_value("for k in x:\n")
