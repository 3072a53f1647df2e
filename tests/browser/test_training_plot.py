"""Which curve is drawn behind that of a bench: that of the training before."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import WIDE, OpenTab
from tests.browser.plots import Curve, bare_page, curve
from ui.components.loss_plot import SCRIPT

# As gradio gives a component its script.
LOAD = """(script) => {
    const props = { value: { curve: null, hand: null, working: false, result: null } };
    const callbacks = [];
    new Function('element', 'props', 'watch', script)(
        document.querySelector('#plot'), props, (name, callback) => callbacks.push(callback));
    globalThis.become = (value) => { props.value = value; callbacks.forEach((callback) => callback()); };
}"""

FIRST = curve([9, 8, 7])
SECOND = curve([9, 4, 1])
THIRD = curve([9, 6, 3])


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    opened = bare_page(browser, WIDE)
    opened.evaluate(LOAD, SCRIPT)
    yield opened
    opened.close()


def last_losses(page: Page, *drawn: Curve | None) -> tuple[str, str | None]:
    """After these curves: the text, and the last loss of the curve before, if one is drawn."""
    for each in drawn:
        page.evaluate("curve => become({ curve, hand: null, working: false, result: null })", each)
    words = page.locator(".plot-reader").get_attribute("aria-valuetext") or ""
    _, _, before = words.partition("before the change ")
    return page.locator("figcaption").inner_text(), before or None


def test_the_first_training_has_none_before(page: Page) -> None:
    assert last_losses(page, FIRST) == ("Loss 9 at step 0, 7 at step 2.", None)
    assert last_losses(page, FIRST) == ("Loss 9 at step 0, 7 at step 2.", None)


def test_a_training_under_way_stays_the_same(page: Page) -> None:
    assert last_losses(page, curve([9]), curve([9, 8]), FIRST)[1] is None


def test_another_training_is_drawn_over_it(page: Page) -> None:
    assert last_losses(page, FIRST, SECOND) == ("Loss 9 at step 0, 1 at step 2.", "7")
    assert last_losses(page, SECOND)[1] == "7"
    assert last_losses(page, THIRD)[1] == "1"


def test_a_training_that_is_continued_keeps_what_was_before(page: Page) -> None:
    drawn = last_losses(page, FIRST, SECOND, curve([9, 4, 1, 0.5]))
    assert drawn == ("Loss 9 at step 0, 0.5 at step 3.", None)  # for the first ended at step 2
    assert page.locator("polyline.before").count() == 1


def test_what_was_drawn_before_a_rewind_is_before_the_next(page: Page) -> None:
    last_losses(page, FIRST, None)
    assert page.locator(".empty").is_visible()
    assert last_losses(page, SECOND)[1] == "7"


def test_on_the_page_a_change_leaves_the_last_curve_behind_and_moves_nothing(open_tab: OpenTab) -> None:
    tab = open_tab("product")
    tab.button("Train").click()
    tab.expect_state("succeeded")
    plot = tab.part("plot")
    expect(plot.locator("polyline")).to_have_count(1)
    expect(plot.get_by_text("faint: before")).to_be_hidden()
    below = tab.part("details").bounding_box()
    tab.set("learning-rate", "0.001")
    expect(plot.locator("polyline.before")).to_have_count(1)
    expect(plot.get_by_text("faint: before")).to_be_visible()
    assert tab.part("details").bounding_box() == below
    reader = plot.get_by_role("slider", name="Read the curve")
    reader.focus()
    reader.press("Home")
    expect(reader).to_have_attribute("aria-valuetext", "step 0: loss 9, before the change 9")
    tab.button("Continue").click()
    expect(tab.part("status")).to_contain_text("200 of 200")
    expect(plot.locator("figcaption")).to_contain_text("at step 200")
    expect(plot.locator("polyline.before")).to_have_count(1)
