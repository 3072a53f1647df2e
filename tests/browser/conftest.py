"""A browser, a fresh page in it, and what a chapter's tab looks like to a test."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NoReturn
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Route,
    ViewportSize,
    WebError,
    expect,
    sync_playwright,
)

from tests.browser.chromium import FLAGS, find_chromium
from tests.conftest import RunningApp

PATIENCE = 60_000
"""Milliseconds that a busy machine is given for whatever is awaited."""

WIDE: ViewportSize = {"width": 1280, "height": 900}

expect.set_options(timeout=PATIENCE)


def do_without(name: str, package: str) -> NoReturn:
    """Skip the tests that need what is not installed; where everything has to be tested, fail them."""
    message = f"no {name} found: install it (Debian: apt-get install {package}) to run these tests"
    if os.environ.get("CI"):
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all browser tests."""
    path = find_chromium()
    if path is None:
        do_without("Chromium", "chromium")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield launched
        launched.close()


def go_to(page: Page, address: str) -> None:
    """Open the address, and wait until the page has been told what the browser kept.

    The answer to a click that falls into the very moment in which gradio's client closes the stream of the
    answer before waits until something else is asked.
    """
    page.goto(address)
    page.locator("#score p:not([aria-busy])").wait_for(
        timeout=PATIENCE
    )  # `expect` reads the whole page each time


class Tab:
    """A chapter's tab, opened on the page that is at `address`, or that is open already."""

    def __init__(self, page: Page, task: str, address: str | None = None) -> None:
        self.page = page
        self.task = task
        if address:
            go_to(page, address)
        self.open()

    def open(self) -> None:
        """Go to the tab."""
        number = {"product": "2. Autograd", "memorize": "4. Training", "challenge": "5. Challenge"}[self.task]
        self.page.get_by_role("tab", name=number).click()
        expect(self.panel).to_be_visible()
        until_made(self.page)

    @property
    def panel(self) -> Locator:
        return self.page.get_by_role("tabpanel").filter(has=self.page.locator(f"#{self.task}-status"))

    def part(self, name: str) -> Locator:
        return self.page.locator(f"#{self.task}-{name}")

    def set(self, control: str, value: str) -> None:
        field = self.part(f"{control}-text")
        field.fill(value)
        field.press("Tab")

    def set_by_hand(self) -> None:
        """From now on sliders only set, and buttons train."""
        self.open_more()
        self.panel.get_by_label("Train while a slider moves").uncheck()

    def choose_engine(self, name: str) -> None:
        """Switch the engine, which trains unless by hand."""
        self.open_more()
        self.panel.get_by_label(name, exact=True).check()

    def train_for_long(self, steps: str = "900000") -> None:
        """Train by hand, until it is stopped.

        By hand, for a slider would train with the steps before it trains with the engine.
        """
        self.set_by_hand()
        self.set("steps", steps)
        self.choose_engine("PyTorch, step by step")
        self.button("Train").click()
        self.expect_state("running")

    def button(self, name: str) -> Locator:
        return self.panel.get_by_role("button", name=name, exact=True)

    def expect_state(self, state: str) -> None:
        expect(self.part("status").locator(f"[data-status={state}]")).to_be_visible()

    def open_more(self) -> None:
        """Unfold the rest of the controls, unless they are."""
        unfold(self.page, f"{self.task}-more")

    def step(self) -> int:
        text = self.part("status").locator("dd").first.inner_text()
        return int(text.split(" of ")[0].replace(",", ""))

    def expect_step_above(self, step: int) -> int:
        self.page.wait_for_function(
            """([selector, step]) => {
                const shown = document.querySelector(selector + ' dd');
                return shown && Number(shown.textContent.split(' of ')[0].replaceAll(',', '')) > step;
            }""",
            arg=[f"#{self.task}-status", step],
            timeout=PATIENCE,
        )
        return self.step()

    def expect_message(self, words: str) -> None:
        toast = self.page.get_by_test_id("toast-body").filter(has_text=words)
        expect(toast.first).to_be_visible()


def until_made(page: Page) -> None:
    """Wait until what has just come into sight has been made: what is typed before is not always kept."""
    page.evaluate("new Promise(requestIdleCallback)")


def unfold(page: Page, name: str) -> None:
    """Open a fold, unless it is."""
    head = page.locator(f"#{name} button.label-wrap")
    closed = head.locator(".icon[style*='90deg']")  # all that gradio says of it
    if closed.count():
        head.click()
        expect(closed).to_have_count(0)


def fill(field: Locator, before: str, value: str) -> None:
    """Type into a field that has just come into sight, once it holds what it held `before`."""
    expect(field).to_have_value(before)
    until_made(field.page)
    field.fill(value)
    field.press("Tab")
    expect(field).to_have_value(value)


@contextmanager
def held_back(page: Page) -> Iterator[None]:
    """Until the end of the block, nothing that the page asks the server for is sent."""
    held: list[Route] = []
    page.route("**/gradio_api/queue/join*", lambda route: held.append(route))
    yield
    for route in held:
        route.continue_()
    page.unroute("**/gradio_api/queue/join*")


OpenTab = Callable[..., Tab]


@pytest.fixture
def own_context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser profile of its own, for tests that change what a profile cannot forget."""
    with scripts_checked(browser.new_context(viewport=WIDE)) as opened:
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def profile(browser: Browser) -> BrowserContext:
    """One browser profile for all tests, for a page opens in half the time where its scripts are kept."""
    return browser.new_context(viewport=WIDE)


@pytest.fixture
def context(profile: BrowserContext) -> Iterator[BrowserContext]:
    """The profile, which has never seen the page."""
    with scripts_checked(profile) as opened:
        yield opened
        for page in opened.pages:
            page.close()
        opened.unroute_all()
        opened.clear_permissions()
        opened.set_storage_state({"cookies": [], "origins": []})


@contextmanager
def scripts_checked(context: BrowserContext) -> Iterator[BrowserContext]:
    """Fails the test on errors of the page's scripts."""
    errors: list[str] = []

    def note_error(error: WebError) -> None:
        errors.append(str(error.error))

    def note_message(message: ConsoleMessage) -> None:
        if "Error " in message.text:
            errors.append(message.text)

    context.on("weberror", note_error)
    context.on("console", note_message)
    yield context
    context.remove_listener("weberror", note_error)
    context.remove_listener("console", note_message)
    assert errors == []


@pytest.fixture
def open_tab(context: BrowserContext, app: RunningApp) -> OpenTab:
    """Opens a chapter in a new page of the profile."""
    return lambda task: Tab(context.new_page(), task, app.address)


OpenChapter = Callable[..., Page]


@pytest.fixture
def open_chapter(context: BrowserContext, app: RunningApp) -> OpenChapter:
    """Opens a chapter by its link."""

    def open_it(name: str, query: str = "", within: BrowserContext = context) -> Page:
        page = within.new_page()
        go_to(page, f"{app.address}?chapter={name}{query}")
        expect(page.get_by_role("tab", selected=True)).to_have_attribute("data-tab-id", name)
        return page

    return open_it


def query_of(page: Page) -> dict[str, str]:
    """What the address says, by name."""
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


def graph(page: Page) -> Locator:
    """The drawing of the bench in the Autograd chapter."""
    return page.locator("#ritual-graph svg")
