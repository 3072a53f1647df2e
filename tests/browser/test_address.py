"""The page's address: what it says, what it leaves alone, and the browser's Back and Forward."""

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import go_to
from tests.conftest import RunningApp

Open = Callable[..., Page]


@pytest.fixture
def open_at(context: BrowserContext, app: RunningApp) -> Open:
    """Opens the page with what is to follow its address."""

    def open_it(query: str = "") -> Page:
        page = context.new_page()
        go_to(page, f"{app.address}{query}")
        return page

    return open_it


def asked(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def choose(page: Page, chapter: str) -> None:
    page.get_by_role("tab", name=chapter).click()
    expect_chapter(page, chapter)


def expect_chapter(page: Page, chapter: str) -> None:
    tab = page.get_by_role("tab", selected=True)
    expect(tab).to_contain_text(chapter)
    name = tab.get_attribute("data-tab-id")
    expect(page).to_have_url(re.compile(rf"chapter={name}\b"))


def test_back_and_forward_go_through_the_chapters(open_at: Open) -> None:
    page = open_at("?chapter=tensors")
    for chapter in ("Autograd", "Training", "Challenge"):
        choose(page, chapter)
    for chapter in ("Training", "Autograd", "Tensors"):
        page.go_back()
        expect_chapter(page, chapter)
    page.go_forward()
    expect_chapter(page, "Autograd")
    choose(page, "Mistakes")
    page.go_back()
    expect_chapter(page, "Autograd")


def test_back_trains_nothing(open_at: Open) -> None:
    page = open_at("?chapter=training&steps=150")
    expect(page.locator("#memorize-status")).to_contain_text("150 of 150")
    page.get_by_role("tabpanel").get_by_role("button", name="Continue", exact=True).click()
    expect(page.locator("#memorize-status")).to_contain_text("300 of 300")
    choose(page, "Runs")
    page.go_back()
    expect_chapter(page, "Training")
    expect(page.locator("#memorize-status")).to_contain_text("300 of 300")


def test_back_after_a_reload_still_knows_the_chapters(open_at: Open) -> None:
    page = open_at("?chapter=tensors")
    choose(page, "Autograd")
    page.reload()
    expect_chapter(page, "Autograd")
    page.go_back()
    expect_chapter(page, "Tensors")


def test_moving_a_slider_adds_nothing_to_the_history(open_at: Open) -> None:
    page = open_at("?chapter=tensors")
    choose(page, "nn.Module")
    before = page.evaluate("history.length")
    for value in ("3", "4", "5"):
        page.locator("#module-seed-text").fill(value)
        page.locator("#module-seed-text").press("Tab")
        page.wait_for_url(f"**seed={value}*")
    assert page.evaluate("history.length") == before


def test_a_chapter_chosen_by_keyboard_is_in_the_address(open_at: Open) -> None:
    page = open_at("?chapter=tensors")
    page.get_by_role("tab", name="Challenge").focus()
    page.keyboard.press("Enter")
    expect_chapter(page, "Challenge")


def test_what_belongs_to_others_stays(open_at: Open) -> None:
    page = open_at("?utm_source=a+b&chapter=module&seed=3&__theme=dark&__sign=secret&hide=activation#part")
    page.locator("#module-seed-text").fill("8")
    page.locator("#module-seed-text").press("Tab")
    page.wait_for_url("**seed=8**")
    choose(page, "Runs")
    choose(page, "nn.Module")
    query = asked(page.url)
    assert (query["utm_source"], query["__theme"], query["__sign"]) == ("a b", "dark", "secret")
    assert (query["hide"], query["seed"]) == ("activation", "8")
    assert urlsplit(page.url).fragment == "part"


def test_the_settings_of_a_chapter_leave_with_it(open_at: Open) -> None:
    page = open_at("?chapter=module&seed=3&hidden=4")
    choose(page, "Runs")
    assert asked(page.url) == {"chapter": "runs"}


def test_a_shared_link_has_no_key_and_a_link_of_the_page_keeps_it(open_at: Open) -> None:
    page = open_at("?chapter=training&steps=5&__sign=secret&utm_source=a")
    expect(page.locator("#memorize-status")).to_contain_text("5 of 5")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator("#memorize-details .share summary").click()
    page.get_by_role("button", name="Copy the link").click()
    expect(page.locator(".share-said")).to_have_text("The link has been copied.")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert set(asked(copied)) == {"chapter", "run", "fingerprint"}
    page.get_by_role("link", name="A link to this run").click()
    expect(page.locator(".run-verdict")).to_contain_text("the same weights to the bit")
    assert (asked(page.url)["__sign"], asked(page.url)["utm_source"]) == ("secret", "a")


class TestReload:
    """A reload while the server has not yet answered."""

    @pytest.fixture
    def unanswered(self, open_at: Open) -> Callable[[str], Page]:
        """Opens a page whose changes do not reach the server."""

        def open_it(query: str) -> Page:
            page = open_at(query)
            page.route("**/queue/join*", lambda route: route.abort())
            return page

        return open_it

    def test_a_slider_of_a_training_is_kept(self, unanswered: Callable[[str], Page]) -> None:
        page = unanswered("?chapter=training")
        page.locator("#memorize-steps-text").fill("77")
        page.locator("#memorize-steps-text").press("Tab")
        page.wait_for_url("**steps=77**")
        page.unroute_all()
        page.reload()
        expect(page.locator("#memorize-steps-text")).to_have_value("77")
        expect(page.locator("#memorize-status")).to_contain_text("77 of 77")


class TestSpace:
    """In the frame of a Space."""

    def test_the_outer_address_follows(self, own_context: BrowserContext, app: RunningApp) -> None:
        address = "https://huggingface.co/spaces/someone/lab"
        body = f"""
            <iframe allow="local-network-access; loopback-network" src="{app.address}?chapter=module&utm_source=a&__sign=secret&__theme=dark#part"
                    style="width: 100%; height: 860px"></iframe>
            <script>
              window.told = [];
              addEventListener('message', ({{ data }}) => {{
                if (data.queryString !== undefined) told.push(data);
              }});
            </script>"""
        own_context.route(address, lambda route: route.fulfill(body=body, content_type="text/html"))
        own_context.grant_permissions(["local-network-access"])
        page = own_context.new_page()
        page.goto(address)
        frame = page.frame_locator("iframe")
        expect(frame.locator("#score p:not([aria-busy])")).to_be_visible()
        frame.locator("#module-seed-text").fill("8")
        frame.locator("#module-seed-text").press("Tab")
        page.wait_for_function("told.at(-1)?.queryString.includes('seed=8')")
        frame.get_by_role("tab", name="6. Mistakes").click()
        page.wait_for_function("told.at(-1).queryString.includes('chapter=mistakes')")
        told = page.evaluate("told.at(-1)")
        assert asked("?" + told["queryString"]) == {"chapter": "mistakes", "utm_source": "a"}
        assert told["hash"] == "#part"
