"""The chapters' layout: at most two screens, and nothing that moves when one trains."""

from itertools import combinations

import pytest
from playwright.sync_api import FloatRect, Locator, Page, ViewportSize, expect

from tests.browser.conftest import OpenChapter, Tab

SCREEN: ViewportSize = {"width": 1280, "height": 800}
MAX_SCREENS = 2
TASKS = {"autograd": "product", "training": "memorize", "challenge": "challenge"}
"""What is trained, by the chapters that train."""
DIVERGES = "1"
"""A learning rate that is too large in every chapter."""


@pytest.fixture(
    params=["tensors", "autograd", "module", "training", "challenge", "mistakes", "write", "runs", "notebook"]
)
def chapter(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(params=TASKS)
def trained(request: pytest.FixtureRequest) -> str:
    return request.param


def open_on_a_screen(open_chapter: OpenChapter, chapter: str) -> Page:
    page = open_chapter(chapter)
    page.set_viewport_size(SCREEN)
    return page


def top(part: Locator) -> float:
    box = part.bounding_box()
    assert box is not None
    return box["y"]


def height(page: Page) -> int:
    return page.evaluate("document.documentElement.scrollHeight")


def test_a_chapter_is_at_most_two_screens(open_chapter: OpenChapter, chapter: str) -> None:
    page = open_on_a_screen(open_chapter, chapter)
    assert height(page) <= MAX_SCREENS * SCREEN["height"]


def test_nothing_below_moves_when_one_trains_or_a_training_diverges(
    open_chapter: OpenChapter, trained: str
) -> None:
    page = open_on_a_screen(open_chapter, trained)
    task = TASKS[trained]
    tab = Tab(page, task)
    end = page.locator(f"#{trained}-closing")
    parts = [tab.part("details"), page.locator(".folds").locator("visible=true").first, end]
    before = list(map(top, parts))
    tab.button("Train").click()
    tab.expect_state("succeeded")
    expect(tab.part("program").locator("pre")).to_be_attached()
    assert list(map(top, parts)) == before
    tab.set("learning-rate", DIVERGES)
    tab.expect_state("diverged")
    expect(tab.part("status").locator(".run-status-error")).to_be_visible()
    assert list(map(top, parts)) == before
    assert height(page) <= MAX_SCREENS * SCREEN["height"]


def test_a_fold_stays_open_while_a_slider_trains_again(open_chapter: OpenChapter) -> None:
    page = open_on_a_screen(open_chapter, "training")
    tab = Tab(page, "memorize")
    tab.set("learning-rate", "0.001")
    tab.expect_state("succeeded")
    fold = tab.part("parameters")
    fold.locator("summary").click()
    shown = fold.locator("pre")
    expect(shown).to_contain_text("m1.weight")
    before = shown.inner_text()
    tab.set("learning-rate", "0.0001")
    expect(shown).not_to_have_text(before)
    expect(shown).to_be_visible()
    fold.locator("summary").click()
    tab.set("learning-rate", "0.001")
    expect(shown).to_have_text(before)
    expect(shown).to_be_hidden()


def test_what_no_weights_get_below_is_told_to_whoever_has_predicted_or_asks(
    open_chapter: OpenChapter,
) -> None:
    page = open_on_a_screen(open_chapter, "challenge")
    tab = Tab(page, "challenge")
    tab.button("Train").click()
    tab.expect_state("succeeded")
    floor = tab.part("plot").get_by_text("no weights get below").locator("visible=true")
    asked = page.locator(".bottleneck > summary")
    expect(asked).to_be_visible()
    expect(floor).to_have_count(0)
    asked.click()
    expect(floor).to_have_count(1)


@pytest.mark.parametrize("width", [360, 780, 900, 1100, 1279, 1280])
def test_nothing_lies_over_the_curve_or_its_status_however_wide_the_page(
    open_chapter: OpenChapter, trained: str, width: int
) -> None:
    page = open_on_a_screen(open_chapter, trained)
    page.set_viewport_size({"width": width, "height": 800})
    tab = Tab(page, TASKS[trained])
    tab.set("learning-rate", DIVERGES)
    tab.expect_state("diverged")
    plot = tab.part("plot")
    parts = [plot.locator(".plot-head"), plot.locator(".plot-panel"), plot.locator("figcaption")]
    parts += [plot.locator(".plot-where"), tab.part("status").locator(".run-status"), tab.part("details")]
    for one, other in combinations(map(box_of, parts), 2):
        assert apart(one, other), (one, other)
    last_tab, score = page.get_by_role("tab").last, page.locator("#score p")
    assert apart(box_of(last_tab), box_of(score))


def box_of(part: Locator) -> FloatRect:
    box = part.bounding_box()
    assert box is not None
    return box


def apart(one: FloatRect, other: FloatRect) -> bool:
    """Whether two boxes share no more than an edge, or a pixel that both round."""
    beside = one["x"] + one["width"] <= other["x"] + 1 or other["x"] + other["width"] <= one["x"] + 1
    above = one["y"] + one["height"] <= other["y"] + 1 or other["y"] + other["height"] <= one["y"] + 1
    return beside or above
