"""The links of the chapters in a real browser: what they bring back, and what they refuse."""

from playwright.sync_api import expect

from tests.browser.conftest import OpenChapter, graph, query_of, unfold


def test_the_bench_and_the_training_of_one_chapter_have_a_link_together(open_chapter: OpenChapter) -> None:
    page = open_chapter("autograd", "&bench.presses=BOB&bench.learning_rate=0.01&steps=7&start.0=2")
    unfold(page, "kept-part")
    expect(graph(page)).to_contain_text("value 2.5600")
    expect(page.locator("#product-status")).to_contain_text("7 of 7")
    page.locator("#product-steps-text").fill("9")
    page.locator("#product-steps-text").press("Tab")
    expect(page.locator("#product-status")).to_contain_text("9 of 9")
    page.get_by_role("button", name="Undo").click()
    page.wait_for_url("**bench.presses=BO&**")
    asked = query_of(page)
    assert (asked["steps"], asked["start.0"], asked["learning_rate"]) == ("9", "2", "0.01")
    assert "bench.learning_rate" not in asked


def test_a_lesson_s_link_gives_the_same_in_a_fresh_browser(open_chapter: OpenChapter) -> None:
    page = open_chapter("module", "&hidden=4%2C+3&seed=7&activation=tanh&vector=1%2C+0%2C+-2")
    drawing = page.locator("#module-drawing svg")
    unfold(page, "parameters-part")
    expect(page.locator("#module-parameters")).to_contain_text("out_features=4")
    page.locator("#module-seed-text").fill("8")
    page.locator("#module-seed-text").press("Tab")
    page.wait_for_url("**seed=8**")
    expect(page.locator("#module-program code")).to_contain_text("torch.manual_seed(8)")
    words = drawing.get_attribute("aria-label")
    browser = page.context.browser
    assert browser is not None
    other = browser.new_page()
    other.goto(page.url)
    expect(other.locator("#module-drawing svg")).to_have_attribute("aria-label", words or "")
    other.close()


def test_a_training_s_link_gives_the_same_weights_in_a_fresh_browser(open_chapter: OpenChapter) -> None:
    page = open_chapter("training")
    for control, value in (("seed", "5"), ("steps", "400"), ("learning-rate", "0.002")):
        page.locator(f"#memorize-{control}-text").fill(value)
        page.locator(f"#memorize-{control}-text").press("Tab")
    page.wait_for_url("**learning_rate=0.002**")
    assert query_of(page)["steps"] == "400"
    expect(page.locator("#memorize-status")).to_contain_text("0.002")  # the last of the trainings is shown
    expect(page.locator("#memorize-status")).to_contain_text("400 of 400")
    weights = page.locator("#memorize-parameters pre").text_content() or ""
    assert "m1.weight" in weights
    browser = page.context.browser
    assert browser is not None
    other = browser.new_page()
    other.goto(page.url)
    expect(other.locator("#memorize-parameters pre")).to_have_text(weights)
    expect(other.locator("#memorize-seed-text")).to_have_value("5")
    other.close()


def test_a_reload_with_a_link_keeps_the_model_it_led_to(open_chapter: OpenChapter) -> None:
    page = open_chapter("training", "&steps=300&learning_rate=0.001")
    expect(page.locator("#memorize-status")).to_contain_text("300 of 300")
    page.locator("#memorize-parameters").wait_for()
    page.get_by_role("tabpanel").get_by_role("button", name="Continue", exact=True).click()
    expect(page.locator("#memorize-status")).to_contain_text("600 of 600")
    page.reload()
    expect(page.locator("#memorize-status")).to_contain_text("600 of 600")


def test_a_teacher_can_hide_controls(open_chapter: OpenChapter) -> None:
    page = open_chapter("training", "&hide=engine,seed")
    expect(page.locator("#memorize-steps")).to_be_visible()
    expect(page.locator("#memorize-engine")).to_be_hidden()
    expect(page.locator("#memorize-seed")).to_be_hidden()


def test_a_link_that_cannot_be_says_so(open_chapter: OpenChapter) -> None:
    page = open_chapter("module", "&activation=sigmoid")
    toast = page.get_by_test_id("toast-body")
    expect(toast.filter(has_text="Activation must be one of none, relu, tanh").first).to_be_visible()


def test_the_address_follows_the_tab(open_chapter: OpenChapter) -> None:
    page = open_chapter("tensors", "&hide=seed")
    page.get_by_role("tab", name="6. Mistakes").click()
    page.wait_for_url("**chapter=mistakes**")
    assert query_of(page)["hide"] == "seed"
