"""The page where the browser grants it nothing: no storage, no origin, no address of its own."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, FrameLocator, Page, expect

from tests.browser.chromium import FLAGS, find_chromium
from tests.conftest import RunningApp

DENIED = """
for (const name of ['localStorage', 'sessionStorage', 'indexedDB'])
  Object.defineProperty(window, name, {
    configurable: true,
    get() { throw new DOMException('The document is sandboxed', 'SecurityError'); },
  });
"""
ABSENT = """
for (const name of ['localStorage', 'sessionStorage'])
  Object.defineProperty(window, name, { configurable: true, value: null });
"""
FULL = """
Storage.prototype.setItem = () => { throw new DOMException('Full', 'QuotaExceededError'); };
"""


def train_and_switch(page: Page | FrameLocator) -> None:
    """What must work everywhere: to train, to switch chapters, and to train there."""
    page.get_by_role("tab", name="2. Autograd").click()
    page.get_by_role("tabpanel").get_by_role("button", name="Train", exact=True).click()
    expect(page.locator("#product-parameters")).to_contain_text("var_1 = tensor(3.4505)")
    page.get_by_role("tab", name="3. nn.Module").click()
    expect(page.locator("#module-layers")).to_contain_text("m1: a 2 x 3 matrix")
    page.get_by_role("tab", name="4. Training").click()
    page.get_by_role("tabpanel").get_by_role("button", name="Train", exact=True).click()
    expect(page.locator("#memorize-status")).to_contain_text("50,000 of 50,000")
    expect(page.locator("#score p:not([aria-busy])")).to_be_visible()


@pytest.mark.parametrize("browser_says", [DENIED, ABSENT], ids=["denied", "absent"])
def test_without_storage_it_works_and_remembers_nothing(
    context: BrowserContext, app: RunningApp, browser_says: str
) -> None:
    page = context.new_page()
    page.add_init_script(browser_says)
    page.goto(app.address)
    train_and_switch(page)
    page.goto(app.address)
    expect(page.get_by_role("tab", selected=True)).to_have_text("2. Autograd")
    page.get_by_role("tab", name="4. Training").click()
    expect(page.locator("#memorize-status")).to_contain_text("Not trained yet.")


def test_with_a_full_storage_it_works(browser: Browser, app: RunningApp) -> None:
    page = browser.new_page()  # Gradio reports on the console that it could not write
    page.add_init_script(FULL)
    page.goto(app.address)
    train_and_switch(page)
    page.close()


def in_a_frame(context: BrowserContext, app: RunningApp, attributes: str = "") -> Page:
    """A page of another site that has the lab in a frame."""
    outside = "http://localhost/outside"
    local = "local-network-access; loopback-network"  # else Chromium keeps the app's address from it
    frame = (
        f'<iframe {attributes} allow="{local}" style="width: 100%; height: 860px" '
        f'src="{app.address}"></iframe>'
    )
    context.grant_permissions(["local-network-access"])
    context.route(outside, lambda route: route.fulfill(body=frame, content_type="text/html"))
    page = context.new_page()
    page.goto(outside)
    return page


Set = Callable[[dict[str, Any]], BrowserContext]


@pytest.fixture
def set_so(browser: Browser, tmp_path: Path) -> Iterator[Set]:
    """Starts a Chromium whose own settings are these."""
    opened: list[BrowserContext] = []

    def start(profile: dict[str, Any]) -> BrowserContext:
        preferences = tmp_path / "Default" / "Preferences"
        preferences.parent.mkdir()
        preferences.write_text(json.dumps({"profile": profile}), encoding="utf-8")
        opened.append(
            browser.browser_type.launch_persistent_context(
                tmp_path, executable_path=find_chromium(), args=FLAGS
            )
        )
        return opened[0]

    yield start
    for context in opened:
        context.close()


def test_where_the_browser_is_set_to_keep_no_site_data_it_works(set_so: Set, app: RunningApp) -> None:
    page = set_so({"default_content_setting_values": {"cookies": 2}}).new_page()
    page.goto(f"{app.address}gradio_api/info")
    assert "SecurityError" in page.evaluate(
        "() => { try { localStorage } catch (error) { return error.name } }"
    )
    page.goto(app.address)
    train_and_switch(page)


def test_where_the_browser_is_set_to_grant_frames_nothing_it_works(set_so: Set, app: RunningApp) -> None:
    page = in_a_frame(set_so({"block_third_party_cookies": True, "cookie_controls_mode": 1}), app)
    train_and_switch(page.frame_locator("iframe"))
    assert page.frames[1].evaluate("() => { document.cookie = 'a=1'; return document.cookie; }") == ""


@pytest.mark.parametrize("granted", ["allow-scripts", "allow-scripts allow-forms allow-downloads"])
def test_in_a_sandboxed_frame_it_works(context: BrowserContext, app: RunningApp, granted: str) -> None:
    train_and_switch(in_a_frame(context, app, f'sandbox="{granted}"').frame_locator("iframe"))


def test_in_a_frame_of_another_site_it_works(own_context: BrowserContext, app: RunningApp) -> None:
    train_and_switch(in_a_frame(own_context, app).frame_locator("iframe"))
