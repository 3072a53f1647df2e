"""The questions of the page in a real browser: answered, scored, remembered, and asked again."""

from playwright.sync_api import expect

from tests.browser.conftest import OpenChapter


def test_an_answer_is_replied_to_scored_and_remembered(open_chapter: OpenChapter) -> None:
    page = open_chapter("tensors")
    question = page.locator("#types-question")
    question.locator("summary").click()
    run = question.get_by_role("button", name="Run it and see")
    expect(run).to_be_disabled()
    question.get_by_label("an error").check()
    run.click()
    expect(question.locator("[data-verdict=right]")).to_contain_text("must have the same dtype")
    expect(page.locator("#score")).to_contain_text("1 of 14 predicted, 1 right")
    question.get_by_label("a vector of floats").check()
    run.click()
    expect(question.get_by_role("status")).to_contain_text("Many think integers turn into floats")
    expect(page.locator("#score")).to_contain_text("1 of 14 predicted, 1 right")
    page.reload()
    expect(page.locator("#score")).to_contain_text("1 of 14 predicted, 1 right")


def test_the_keyboard_alone_answers_and_the_reply_moves_nothing(open_chapter: OpenChapter) -> None:
    page = open_chapter("tensors")
    question, bench = page.locator("#shapes-question"), page.locator("#tensors-left")
    question.locator("summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    expect(question.get_by_role("group", name="What is tensor(")).to_be_visible()
    before = bench.bounding_box()
    page.keyboard.press("Enter")
    expect(question.locator("[data-verdict=wrong]")).to_contain_text("✗ You predicted: a vector of 2")
    expect(question.get_by_role("radio").first).to_be_focused()
    assert bench.bounding_box() == before


def test_one_comes_back_in_a_later_chapter(open_chapter: OpenChapter) -> None:
    page = open_chapter("tensors")
    again = page.locator("#shapes-again-question")
    page.get_by_role("tab", name="3. nn.Module").click()
    expect(page.locator("#losses-question summary")).to_be_visible()
    expect(again.locator("summary")).to_have_count(0)
    page.get_by_role("tab", name="1. Tensors").click()
    question = page.locator("#shapes-question")
    question.locator("summary").click()
    question.get_by_label("an error").check()
    question.get_by_role("button", name="Run it and see").click()
    page.get_by_role("tab", name="3. nn.Module").click()
    again.locator("summary").click()
    again.get_by_label("a 3 x 2 matrix").check()
    again.get_by_role("button", name="Run it and see").click()
    expect(again.locator("[data-verdict=right]")).to_contain_text("the vector meets every row")
    expect(page.locator("#score")).to_contain_text("1 of 14 predicted, 0 right; 1 of 3 asked again")
