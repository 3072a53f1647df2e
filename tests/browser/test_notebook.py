"""Notebook & API: the calls follow the bench, have the page's own address, and are copied as they stand."""

import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenChapter, unfold
from tests.conftest import RunningApp


def go_to_calls(page: Page) -> None:
    page.get_by_role("tab", name="9. Notebook & API").click()


def first_call(page: Page) -> str:
    return page.locator("#calls [data-snippet=train] pre").inner_text()


def test_the_calls_are_those_of_the_bench_that_one_comes_from(
    open_chapter: OpenChapter, app: RunningApp
) -> None:
    page = open_chapter("training", "&seed=3&steps=40&learning_rate=0.002")
    expect(page.locator("#memorize-status")).to_contain_text("40 of 40")
    go_to_calls(page)
    expect(page.locator("#calls [data-of=training]")).to_contain_text("steps=40")
    told = first_call(page)
    assert f'Client("{app.address.rstrip("/")}")' in told
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=False)
    assert "succeeded 40 " in done.stdout, done.stderr
    expect(page.locator("#calls [data-snippet=ask]")).to_have_count(1)


def test_a_bench_is_chosen_and_stays_in_the_address(open_chapter: OpenChapter) -> None:
    page = open_chapter("notebook", "&of=challenge")
    expect(page.locator("#calls [data-of=challenge]")).to_be_visible()
    page.get_by_label("Training", exact=True).check()
    expect(page.locator("#calls [data-of=training]")).to_contain_text('task="memorize"')
    page.wait_for_url("**of=training**")
    page.reload()
    expect(page.locator("#calls [data-of=training]")).to_be_visible()
    page.get_by_role("tab", name="8. Runs").click()
    go_to_calls(page)
    expect(page.locator("#calls [data-of=training]")).to_be_visible()
    page.get_by_role("tab", name="2. Autograd").click()
    go_to_calls(page)
    expect(page.locator("#calls [data-of=autograd]")).to_be_visible()


def test_what_has_only_been_set_is_in_the_calls(open_chapter: OpenChapter) -> None:
    page = open_chapter("training")
    unfold(page, "memorize-more")
    page.get_by_role("tabpanel").get_by_label("Optimizer").click()
    page.get_by_role("option", name="AdamW").click()
    go_to_calls(page)
    calls = page.locator("#calls [data-of=training]")
    expect(calls).to_contain_text('optimizer="adamw"')
    expect(calls).to_contain_text("as the bench is set")
    page.get_by_label("Challenge", exact=True).check()  # whose tab has not been opened
    expect(page.locator("#calls [data-of=challenge]")).to_contain_text("steps=20000")


def test_where_a_bench_is_set_to_what_is_not_allowed_that_is_said(open_chapter: OpenChapter) -> None:
    page = open_chapter("challenge")
    page.get_by_role("tabpanel").get_by_label("Hidden layer widths").fill("many")
    go_to_calls(page)
    calls = page.locator("#calls [data-of=challenge]")
    expect(calls).to_contain_text("The calls have the defaults instead.")
    expect(calls).to_contain_text("Hidden layer widths must be")
    expect(calls).to_contain_text("steps=20000")


def test_each_call_is_copied_by_its_own_button(open_chapter: OpenChapter) -> None:
    page = open_chapter("notebook")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator("#calls summary").filter(has_text="curl").click()
    snippet = page.locator("#calls details").filter(has=page.locator("[data-snippet=curl]"))
    snippet.get_by_role("button", name="Copy").press("Enter")
    expect(snippet.get_by_role("button")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == snippet.locator("code").text_content()


def test_a_notebook_comes_with_the_pages_own_address(open_chapter: OpenChapter, app: RunningApp) -> None:
    page = open_chapter("notebook")
    with page.expect_download() as download:
        page.get_by_role("link", name="First call").press("Enter")
    assert download.value.suggested_filename == "01_first_call.ipynb"
    text = Path(download.value.path()).read_text(encoding="utf-8")
    assert f'LAB = \\"{app.address.rstrip("/")}\\"' in text


def test_the_chapters_and_the_score_stand_beside_each_other(open_chapter: OpenChapter) -> None:
    page = open_chapter("notebook")
    page.set_viewport_size({"width": 1280, "height": 800})
    last = page.get_by_role("tab", name="9. Notebook & API").bounding_box()
    score = page.locator("#score p").bounding_box()
    assert last is not None
    assert score is not None
    assert last["x"] + last["width"] <= score["x"]
