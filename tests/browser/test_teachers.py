"""The panel for teachers: the link that it makes opens the chapter without what was ticked."""

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenChapter, go_to


def panel(page: Page) -> Locator:
    found = page.locator("#teachers")
    found.locator("summary").click()
    return found


def ticked(teachers: Locator, control: str) -> Locator:
    return teachers.get_by_role("checkbox", name=control, exact=True)


def test_a_link_opens_with_the_settings_and_without_what_was_ticked(open_chapter: OpenChapter) -> None:
    page = open_chapter("training", "&steps=300&learning_rate=0.002")
    expect(page.locator("#memorize-status")).to_contain_text("300 of 300")
    teachers = panel(page)
    link = teachers.get_by_label("The link")
    ticked(teachers, "Engine").check()
    ticked(teachers, "Seed of the first weights").check()
    expect(teachers.get_by_role("status")).to_contain_text(
        "everything but: Seed of the first weights, Engine."
    )
    page.locator("#memorize-steps-text").fill("400")
    page.locator("#memorize-steps-text").press("Tab")
    page.wait_for_url("**steps=400**")
    address = link.input_value()
    browser = page.context.browser
    assert browser is not None
    learner = browser.new_page()
    go_to(learner, address)
    expect(learner.locator("#memorize-status")).to_contain_text("400 of 400")
    expect(learner.locator("#memorize-status")).to_contain_text("0.002")
    expect(learner.locator("#memorize-steps")).to_be_visible()
    expect(learner.locator("#memorize-engine")).to_be_hidden()
    expect(learner.locator("#memorize-seed")).to_be_hidden()
    expect(ticked(panel(learner), "Engine")).to_be_checked()
    learner.close()


def test_it_is_about_the_chapter_that_is_open(open_chapter: OpenChapter) -> None:
    page = open_chapter("autograd")
    teachers = panel(page)
    expect(teachers.get_by_role("group", name="Hide in Autograd")).to_be_visible()
    ticked(teachers, "Momentum").check()
    page.get_by_role("tab", name="6. Mistakes").click()
    expect(teachers.get_by_role("group", name="Hide in Mistakes")).to_be_visible()
    expect(teachers.get_by_role("group", name="Hide in Autograd")).to_be_hidden()
    expect(teachers.get_by_role("status")).to_have_text(
        "A learner starts in Mistakes, with your settings, and sees every control."
    )
    assert "momentum" not in teachers.get_by_label("The link").input_value()


def test_the_link_can_be_copied(open_chapter: OpenChapter) -> None:
    page = open_chapter("module", "&seed=7")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    teachers = panel(page)
    ticked(teachers, "Input vector").check()
    teachers.get_by_role("button", name="Copy").click()
    expect(teachers.get_by_role("status")).to_have_text("The link has been copied.")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == teachers.get_by_label("The link").input_value()
    assert "&seed=7&" in copied
    assert copied.endswith("&hide=vector")
