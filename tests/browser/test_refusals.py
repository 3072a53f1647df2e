"""What is refused on the page: named by its label, marked, and never run."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, expect

from tests.browser.conftest import OpenTab, fill, go_to
from tests.conftest import RunningApp

EVIL = "<img src=x onerror=window.hacked=1>"


def test_a_refused_control_is_named_by_its_label_and_marked_until_it_is_right(open_tab: OpenTab) -> None:
    tab = open_tab("product")
    field = tab.part("learning-rate-text")
    tab.set("learning-rate", "-1")
    tab.expect_message("Learning rate must be a number above 0 and at most 1000; got -1.")
    expect(field).to_have_attribute("aria-invalid", "true")
    found: Any = Axe().run(tab.page, "#product-learning-rate").response  # the toast is gradio's
    assert found["violations"] == []
    tab.set("learning-rate", "0.003")
    tab.expect_state("succeeded")
    expect(field).not_to_have_attribute("aria-invalid", "true")


def test_what_is_typed_or_linked_is_shown_and_not_run(context: BrowserContext, app: RunningApp) -> None:
    page = context.new_page()
    go_to(page, f"{app.address}?chapter=autograd&learning_rate={EVIL}&hide={EVIL}")
    toast = page.get_by_test_id("toast-body").filter(has_text=EVIL)
    expect(toast.first).to_be_visible()
    page.get_by_role("tab", name="1. Tensors").click()
    fill(page.get_by_label("Left", exact=True), "[1, 2, 3]", EVIL)
    expect(page.locator("#tensors-message")).to_contain_text(EVIL)
    expect(page.get_by_label("Left", exact=True)).to_have_attribute("aria-invalid", "true")
    page.get_by_label("Left", exact=True).fill("[1., 2.]")
    expect(page.locator("#tensors-message")).to_have_text("")
    assert page.evaluate("window.hacked") is None
