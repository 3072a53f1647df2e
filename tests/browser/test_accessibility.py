"""axe, narrow screens, and touch targets: every chapter with all of it in sight, in both themes."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import WIDE, Tab, fill, go_to
from tests.conftest import RunningApp


def trained(page: Page, task: str) -> None:
    tab = Tab(page, task)
    tab.set("steps", "50")
    tab.button("Train").click()
    tab.expect_state("succeeded")
    if task != "product":
        tab.button("Predict").click()
        expect(tab.part("predictions")).to_contain_text("Predictions at step 50")
    tab.open_more()


def unfold(page: Page, part: str, words: str) -> None:
    """Open a fold, which runs what is in it."""
    page.locator(f"#{part}-part button.label-wrap").click()
    expect(page.locator(f"#{part}-part")).to_contain_text(words)


def tensors(page: Page) -> None:
    page.get_by_role("button", name="Types that differ").click()
    expect(page.locator("#tensors-drawing")).to_contain_text("RuntimeError")


def autograd(page: Page) -> None:
    trained(page, "product")
    for part, words in (
        ("orders", "Never moves"),
        ("never", "the same to the bit"),
        ("downhill", "The product goes below 0"),
        ("rates", "the curvature is"),
    ):
        unfold(page, part, words)
    page.locator("#kept-part button.label-wrap").click()
    page.get_by_role("button", name=re.compile("Backprop B")).click()
    expect(page.locator("#ritual-graph")).to_contain_text("grad -24.0000")
    page.locator("#ritual-program summary").click()


def module(page: Page) -> None:
    page.locator("#module-program summary").click()
    page.locator("#parameters-part button.label-wrap").click()
    question = page.locator("#losses-question")
    question.locator("summary").click()
    question.get_by_role("radio").first.check()
    question.get_by_role("button", name="Run it and see").click()
    expect(question.locator("[data-verdict]")).to_be_visible()


def training(page: Page) -> None:
    trained(page, "memorize")
    unfold(page, "replay", "Step 50, loss")
    unfold(page, "seeds", "200 seeds, 50 steps each")


def challenge(page: Page) -> None:
    trained(page, "challenge")
    page.locator("#challenge-share summary").click()
    for title in ("Why, and where it ends", "Can this network learn the rule?"):
        page.locator("#challenge-certificate").get_by_text(title).click()
    page.locator("#sweep-part button.label-wrap").click()
    fill(page.get_by_label("Learning rates"), "0.0001, 0.0003, 0.001, 0.003", "0.001, 0.1")
    fill(page.get_by_label("Seeds", exact=True), "0-4", "0")
    page.locator("#challenge-sweep-run").click()
    expect(page.locator("#challenge-sweep")).to_contain_text("6 of 6 trainings have ended")
    unfold(page, "data", "Train on little, test far away")


def mistakes(page: Page) -> None:
    page.get_by_label("It swings past 15").check()
    mistake = page.locator("#mistakes-program")
    expect(mistake).to_contain_text("zero_grad")
    mistake.get_by_role("button", name="Break it").click()
    mistake.get_by_role("textbox").press("Control+Enter")
    mistake.get_by_role("button", name="Why?").click()


def write(page: Page) -> None:
    page.get_by_role("button", name="Forget all").click()
    exercise = page.locator("#exercise-order")
    exercise.get_by_role("button", name=re.compile("^Use: ")).first.click()
    for name in ("Hint 1 of 4", "Run and check"):
        exercise.get_by_role("button", name=name).click()
    expect(exercise.locator(".editor-verdict")).to_be_visible()
    exercise.get_by_role("button", name="Solution").click()
    expect(exercise.get_by_label("A solution")).to_be_visible()


def runs(page: Page) -> None:
    go_to(page, page.url.replace("chapter=runs", "chapter=challenge&steps=50"))
    expect(page.locator("#challenge-status [data-status=succeeded]")).to_be_visible()
    page.get_by_role("tab", name="8. Runs").click()
    table = page.locator("#runs-table")
    table.get_by_label(re.compile("^Pin ")).check()
    expect(page.locator("#runs-compared")).to_contain_text("Pin another run")


def notebook(page: Page) -> None:
    for summary in page.locator("#calls summary").all():
        summary.click()


CHAPTERS: dict[str, Callable[[Page], None]] = {
    each.__name__: each
    for each in (tensors, autograd, module, training, challenge, mistakes, write, runs, notebook)
}


@pytest.fixture(scope="module", params=CHAPTERS)
def page(browser: Browser, app: RunningApp, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A chapter with all of it in sight."""
    # Without motion, for axe would judge a colour on its way from one to another.
    opened = browser.new_page(viewport=WIDE, has_touch=True, reduced_motion="reduce")
    go_to(opened, f"{app.address}?chapter={request.param}&__theme=light")
    expect(opened.get_by_role("tab", selected=True)).to_have_attribute("data-tab-id", request.param)
    CHAPTERS[request.param](opened)
    opened.evaluate(Axe().axe_script)
    yield opened
    opened.close()


@contextmanager
def theme(page: Page, name: str) -> Iterator[None]:
    """The page in this theme: gradio's dark one is a class of the body."""
    page.evaluate("dark => document.body.classList.toggle('dark', dark)", name == "dark")
    yield
    page.evaluate("document.body.classList.remove('dark')")


def serious_faults(page: Page, within: str = "html") -> list[tuple[str, list[str]]]:
    """What axe finds serious or worse, with the elements it finds it in."""
    found: Any = page.evaluate(
        "async (within) => (await axe.run(within, { resultTypes: ['violations'] })).violations", within
    )
    return [
        (violation["id"], [node["html"][:200] for node in violation["nodes"]])
        for violation in found
        if violation["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("name", ["light", "dark"])
def test_axe_finds_nothing_serious(page: Page, name: str) -> None:
    with theme(page, name):
        assert serious_faults(page) == []


@pytest.mark.parametrize("name", ["light", "dark"])
def test_a_button_stays_readable_under_the_pointer(page: Page, name: str) -> None:
    buttons = page.locator("button.primary:visible:enabled, button.secondary:visible:enabled").all()
    one_of_each_kind = {button.get_attribute("class"): button for button in buttons}
    with theme(page, name):
        for button in one_of_each_kind.values():
            button.hover()
            assert serious_faults(page, "button:hover") == [], button.inner_text()


def test_a_narrow_phone_never_scrolls_sideways(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    panel = page.get_by_role("tabpanel").filter(visible=True)
    rights = panel.locator(".figure:visible > *").evaluate_all(
        "parts => parts.map(part => part.getBoundingClientRect().right)"
    )
    assert max(rights) <= 361
    for control in panel.locator(
        "button:not(.term):visible, summary, input[type=range]:visible, .plot-scale:visible, fieldset label:visible"
    ).all():
        box = control.bounding_box()
        assert box is not None
        assert box["height"] >= 40, control.evaluate("element => element.outerHTML")
    page.set_viewport_size(WIDE)
