"""axe, narrow screens, and touch targets, in both themes."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Tab
from tests.conftest import RunningApp

TASKS = ["product", "memorize", "challenge"]


def trained(page: Page, task: str, address: str) -> Tab:
    tab = Tab(page, task, address)
    tab.set("steps", "50")
    tab.button("Train").click()
    tab.expect_state("succeeded")
    if task != "product":
        tab.button("Predict").click()
        expect(tab.part("predictions")).to_contain_text("Predictions at step 50")
    tab.open_more()
    return tab


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious(browser: Browser, app: RunningApp, task: str, theme: str) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    try:
        trained(page, task, f"{app.address}?__theme={theme}")
        found: Any = Axe().run(page).response["violations"]
    finally:
        page.close()
    serious = [
        (violation["id"], [node["html"][:200] for node in violation["nodes"]])
        for violation in found
        if violation["impact"] in ("serious", "critical")
    ]
    assert serious == []


@pytest.mark.parametrize("task", TASKS)
def test_a_narrow_phone_never_scrolls_sideways(browser: Browser, app: RunningApp, task: str) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 740}, has_touch=True)
    try:
        tab = trained(page, task, app.address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        for control in tab.panel.locator("button:visible, input[type=range], .plot-scale").all():
            box = control.bounding_box()
            assert box is not None
            assert box["height"] >= 40, control.evaluate("element => element.outerHTML")
    finally:
        page.close()
