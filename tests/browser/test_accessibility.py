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


def serious_faults(page: Page, within: str | None = None) -> list[tuple[str, list[str]]]:
    """What axe finds serious or worse, with the elements it finds it in."""
    found: Any = Axe().run(page, within).response["violations"]
    return [
        (violation["id"], [node["html"][:200] for node in violation["nodes"]])
        for violation in found
        if violation["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious(browser: Browser, app: RunningApp, task: str, theme: str) -> None:
    # Without motion, for axe would judge a colour on its way from one to another.
    page = browser.new_page(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    try:
        trained(page, task, f"{app.address}?__theme={theme}")
        assert serious_faults(page) == []
    finally:
        page.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_button_stays_readable_under_the_pointer(browser: Browser, app: RunningApp, theme: str) -> None:
    page = browser.new_page(reduced_motion="reduce")
    try:
        tab = trained(page, "challenge", f"{app.address}?__theme={theme}")
        for name in ("Train", "Continue", "Rewind", "Predict"):
            tab.button(name).hover()
            assert serious_faults(page, ".buttons, #challenge-predict") == [], name
    finally:
        page.close()


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
