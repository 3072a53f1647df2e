"""The page under another name than its server knows."""

from playwright.sync_api import BrowserContext, expect

from tests.browser.conftest import Tab
from tests.conftest import RunningApp


def test_it_asks_where_it_stands_and_nowhere_else(own_context: BrowserContext, app: RunningApp) -> None:
    page = own_context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    address = app.address.replace("127.0.0.1", "localhost")
    assert address != app.address
    page.goto(f"{address}?chapter=autograd&steps=40")
    tab = Tab(page, "product")
    tab.expect_state("succeeded")
    tab.button("Train").click()
    expect(tab.part("status")).to_contain_text("40 of 40")
    assert [url for url in asked if url.startswith("http") and not url.startswith(address)] == []
