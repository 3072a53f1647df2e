"""The first minute on the page: without scrolling, on a desk and on a phone."""

import re

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, ViewportSize, expect

from tests.browser.conftest import go_to
from tests.conftest import RunningApp

SIZES: list[ViewportSize] = [{"width": 1280, "height": 800}, {"width": 375, "height": 812}]
WORDS_PER_MINUTE = 200
"""Of somebody who reads something new."""
KEYS = {"B": "Backprop", "O": "Optimize", "R": "Reset"}


@pytest.fixture(params=SIZES, ids=["wide", "phone"])
def page(context: BrowserContext, app: RunningApp, request: pytest.FixtureRequest) -> Page:
    opened = context.new_page()
    opened.set_viewport_size(request.param)
    go_to(opened, app.address)
    return opened


def key(page: Page, letter: str) -> Locator:
    return page.locator(f"#ritual-presses [data-press={letter}]")


def told(page: Page) -> Locator:
    return page.locator("#ritual-told .told")


def assert_in_sight(page: Page, *parts: Locator) -> None:
    """Whole, without scrolling."""
    size = page.viewport_size
    assert size is not None
    assert page.evaluate("window.scrollY") == 0
    for part in parts:
        box = part.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["y"] >= 0
        assert box["x"] + box["width"] <= size["width"]
        assert box["y"] + box["height"] <= size["height"], part


def test_all_that_is_needed_is_in_sight(page: Page) -> None:
    assert_in_sight(
        page,
        page.get_by_role("heading", name=re.compile("Make 3 . 4 become 15")),
        *(key(page, letter) for letter in KEYS),
        page.locator("#ritual-surface svg").first,
        page.locator("#ritual-surface .rounds-panel"),
        told(page),
    )


def test_the_first_press_draws_the_gradient(page: Page) -> None:
    expect(page.locator("#ritual-surface .arrow-tip")).to_have_count(0)
    key(page, "B").click()
    arrow = page.locator("#ritual-surface .arrow-tip")
    expect(arrow).to_be_visible()
    expect(told(page)).to_contain_text("var_1.grad is -24.0000")
    assert_in_sight(page, arrow, told(page))


def test_fifteen_is_reached_and_announced_within_three_presses(page: Page) -> None:
    key(page, "B").click()
    key(page, "O").click()
    page.get_by_role("button", name="100 rounds").click()
    expect(told(page)).to_contain_text("You are there: ")
    assert_in_sight(page, told(page))


def test_why_reset_is_answered_within_a_minute_of_reading(page: Page) -> None:
    read = page.locator("#ritual-title").inner_text()
    for letter in "BOB":
        read += " " + told(page).inner_text()
        before = page.locator("#ritual-told p").first.inner_text()
        key(page, letter).click()
        expect(page.locator("#ritual-told p").first).not_to_have_text(before)
    expect(told(page)).to_contain_text("The new gradient is only -20.6439: the old one was still inside")
    read += " " + told(page).inner_text()
    assert_in_sight(page, told(page), key(page, "R"))
    assert len(read.split()) < WORDS_PER_MINUTE


def test_the_story_says_at_every_step_what_to_press_and_ends_at_15(page: Page) -> None:
    for letter in "BOBR":
        expect(told(page)).to_have_attribute("data-next", letter)
        expect(page.locator("#ritual-told .told-next b").first).to_have_text(KEYS[letter])
        key(page, letter).click()
    expect(told(page)).to_have_attribute("data-next", "rounds")
    page.get_by_role("button", name="100 rounds").click()
    expect(told(page)).to_contain_text("You are there: 3.4505 × 4.3472 = 15.0000.")


def test_nothing_moves_under_the_hand(page: Page) -> None:
    parts = [*(key(page, letter) for letter in KEYS), page.locator("#product-learning-rate")]
    before = [part.bounding_box() for part in parts]
    page.evaluate(
        """() => {
            // Where the key is laid out: drawn, it goes down under the finger, as keys do.
            const key = "#ritual-presses [data-press=B]";
            window.heights = new Set();
            const look = () => {
                const [around, pressed] = ["#ritual-presses", key].map((each) => document.querySelector(each));
                window.heights.add(`${around.getBoundingClientRect().y} ${pressed.offsetTop}`);
                requestAnimationFrame(look);
            };
            look();
        }"""
    )
    for letter in "BOBRROO":
        key(page, letter).click()
    expect(told(page)).to_contain_text("You pressed … O B R R O O")
    assert [part.bounding_box() for part in parts] == before
    assert page.evaluate("window.heights.size") == 1


def test_the_longest_numbers_fit(page: Page) -> None:
    key(page, "B").click()
    key(page, "O").click()
    expect(page.locator(".values")).to_contain_text("loss was")
    before = key(page, "B").bounding_box()
    values = page.locator(".values")
    values.locator("dd").evaluate_all("all => all.forEach((value) => value.textContent = '-3.4028e+38')")
    assert values.evaluate("all => all.scrollWidth <= all.clientWidth")
    assert key(page, "B").bounding_box() == before


@pytest.mark.parametrize("chapter", ["tensors", "mistakes", "runs"])
def test_the_tab_of_the_open_chapter_is_in_sight(
    context: BrowserContext, app: RunningApp, chapter: str
) -> None:
    page = context.new_page()
    page.set_viewport_size(SIZES[1])
    go_to(page, f"{app.address}?chapter={chapter}")
    assert_in_sight(page, page.get_by_role("tab", selected=True))
    page.locator(f"#{chapter}-closing a").evaluate_all("links => links.map((link) => link.click())")
    expect(page.get_by_role("tab", selected=True)).to_be_in_viewport(ratio=1)
