"""The lessons in a real browser: by hand, by keyboard, and by link."""

from playwright.sync_api import expect

from tests.browser.conftest import OpenChapter, fill, query_of, unfold


class TestExperiments:
    def test_they_are_in_the_link(self, open_chapter: OpenChapter) -> None:
        page = open_chapter("autograd")
        assert "orders.steps" not in query_of(page)
        page.locator("#orders-part button.label-wrap").click()
        expect(page.locator("#orders-result")).to_contain_text("Arrives: product 15.0000.")
        page.locator("#orders-steps-text").fill("1")
        page.locator("#orders-steps-text").press("Tab")
        expect(page.locator("#orders-result")).to_contain_text("After 1 round")
        page.wait_for_url("**orders.steps=1**")
        assert "rates.steps" not in query_of(page)
        told = page.locator("#orders-result").inner_text()
        browser = page.context.browser
        assert browser is not None
        other = browser.new_page()
        other.goto(page.url)
        expect(other.locator("#orders-result figcaption").first).to_be_visible()
        assert other.locator("#orders-result").inner_text() == told
        expect(other.locator("#orders-steps-text")).to_have_value("1")
        expect(other.locator("#rates-result figure")).to_have_count(0)
        other.close()

    def test_what_was_run_follows_the_bench_and_nothing_else_does(self, open_chapter: OpenChapter) -> None:
        page = open_chapter("autograd", "&bench.start.0=2&rates.steps=50")
        rates = page.locator("#rates-result")
        expect(rates).to_contain_text("Loss after 50 steps")
        expect(rates).not_to_contain_text("from the start")
        unfold(page, "product-more")
        page.locator("#product-start-1-text").fill("3.75")
        page.locator("#product-start-1-text").press("Tab")
        expect(rates).to_contain_text(
            "The product is 15 from the start: the gradients are 0, and nothing moves."
        )
        expect(page.locator("#orders-result figure")).to_have_count(0)

    def test_the_steps_of_one_that_cannot_be_are_named(self, open_chapter: OpenChapter) -> None:
        page = open_chapter("autograd", "&never.steps=0&orders.steps=7")
        toast = page.get_by_test_id("toast-body")
        expect(
            toast.filter(has_text="teps must be a whole number from 1 to 3,000; got 0").first
        ).to_be_visible()
        expect(page.locator("#orders-result")).to_contain_text("After 7 rounds")


class TestTraining:
    def test_a_divergence_offers_a_rate_that_holds(self, open_chapter: OpenChapter) -> None:
        page = open_chapter("training", "&learning_rate=0.2&steps=2000")
        status = page.locator("#memorize-status")
        expect(status.locator("[data-status=diverged]")).to_contain_text("Diverged at step")
        expect(page.locator("#memorize-plot svg").first).to_be_visible()
        expect(page.locator("#memorize-parameters pre")).not_to_contain_text("nan")
        offer = status.locator(".run-status-offer")
        rate = offer.inner_text().removeprefix("Train again from the start with learning rate ")
        offer.click()
        expect(status.locator("[data-status=succeeded]")).to_contain_text("2,000 of 2,000")
        expect(page.locator("#memorize-learning-rate-text")).to_have_value(rate)
        expect(offer).to_have_count(0)

    def test_the_seeds_wait_for_a_training(self, open_chapter: OpenChapter) -> None:
        page = open_chapter("training")
        page.locator("#seeds-part button.label-wrap").click()
        page.locator("#seeds-run").click()
        expect(page.locator("#memorize-seeds")).to_contain_text("Train the network first.")

    def test_one_can_scrub_and_play(self, open_chapter: OpenChapter) -> None:
        page = open_chapter("training", "&learning_rate=0.001&steps=20")
        expect(page.locator("#memorize-status")).to_contain_text("20 of 20")
        page.locator("#replay-part button.label-wrap").click()
        page.locator("#replay-run").click()
        now = page.locator(".replay-now")
        expect(now).to_contain_text("Step 20, loss")
        final = page.locator(".replay-stage svg").get_attribute("aria-label")
        page.locator(".replay-slider").focus()
        page.keyboard.press("Home")
        expect(now).to_contain_text("Step 0, loss")
        assert page.locator(".replay-stage svg").get_attribute("aria-label") != final
        page.get_by_role("button", name="Play", exact=True).click()
        expect(now).to_contain_text("Step 20, loss")
        expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()

    def test_a_seed_among_others(self, open_chapter: OpenChapter) -> None:
        page = open_chapter("training", "&learning_rate=0.001&steps=50&seed=3")
        expect(page.locator("#memorize-status")).to_contain_text("50 of 50")
        page.locator("#seeds-part button.label-wrap").click()
        page.locator("#seeds-run").click()
        expect(page.locator("#memorize-seeds")).to_contain_text("200 seeds, 50 steps each")
        expect(page.locator("#memorize-seeds")).to_contain_text("Yours, seed 3, ends at")


class TestMistakes:
    def test_found_by_running_repaired_and_only_then_explained(self, open_chapter: OpenChapter) -> None:
        page = open_chapter("mistakes", "&mistake=reset")
        mistake = page.locator("#mistakes-program")
        expect(mistake.locator("code").first).to_contain_text("zero_grad")
        mistake.get_by_role("button", name="Break it").click()
        program = mistake.get_by_role("textbox")
        expect(program).to_be_focused()
        assert "zero_grad" not in program.input_value()
        why = mistake.get_by_role("button", name="Why?")
        expect(why).to_be_disabled()
        program.press("Control+Enter")
        expect(mistake).to_contain_text("The gradient of round 1 was still there in round 2")
        why.click()
        expect(mistake.get_by_role("listitem")).to_contain_text(["each Backprop adds to"])
        program.fill(program.input_value().replace("step()\n", "step()\n    my_sgd.zero_grad()\n"))
        program.press("Control+Enter")
        expect(mistake).to_contain_text("Passed.")
        expect(mistake).to_contain_text("After 100 rounds the product of var_1 and var_2 is 15.")

    def test_another_one_stands_there_right_and_what_was_written_is_kept(
        self, open_chapter: OpenChapter
    ) -> None:
        page = open_chapter("mistakes", "&mistake=zero")
        mistake = page.locator("#mistakes-program")
        mistake.get_by_role("button", name="Break it").click()
        mistake.get_by_role("textbox").fill("print('mine')")
        page.get_by_label("The second Backprop").check()
        expect(mistake.get_by_role("button", name="Break it")).to_be_visible()
        expect(mistake.get_by_role("textbox")).to_have_count(0)
        page.get_by_label("Nothing moves").check()
        expect(mistake.locator("code").first).to_contain_text("0.1")
        mistake.get_by_role("button", name="Break it").click()
        expect(mistake.get_by_role("textbox")).to_have_value("print('mine')")
        mistake.get_by_role("button", name="Start again").click()
        assert "tensor(0., requires_grad=True)" in mistake.get_by_role("textbox").input_value()


def test_a_program_can_be_copied(open_chapter: OpenChapter) -> None:
    page = open_chapter("module")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator("#module-program summary").click()
    page.locator("#module-program .program-copy").click()
    expect(page.locator("#module-program .program-copy")).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.locator("#module-program code").text_content()


def test_a_program_stays_open_when_it_is_drawn_again(open_chapter: OpenChapter) -> None:
    page = open_chapter("tensors")
    program = page.locator("#tensors-program")
    program.locator("summary").click()
    fill(page.get_by_label("Left", exact=True), "[1, 2, 3]", "[7, 8, 9]")
    expect(program.locator("code")).to_contain_text("left = torch.tensor([7, 8, 9])")
    expect(program.locator("code")).to_be_visible()


COUNTED = """() => {
    const wake = window.labWake;
    window.asked = 0;
    window.labWake = () => { window.asked += 1; wake(); };
}"""
"""Counts how often the page asks the server for nothing."""


def test_some_time_after_a_button_the_server_is_asked_once_more(open_chapter: OpenChapter) -> None:
    page = open_chapter("tensors")
    page.evaluate(COUNTED)
    for number in range(2):
        page.locator(".presets button").nth(number).click()
    page.wait_for_function("window.asked > 0")
    assert page.evaluate("window.asked") == 1


def test_a_page_that_has_its_answers_asks_for_nothing(open_chapter: OpenChapter) -> None:
    page = open_chapter("tensors")
    page.clock.install()
    page.evaluate(COUNTED)
    for name in ("Matrix @ vector", "Vector @ vector"):
        page.get_by_role("button", name=name).click()
    expect(page.locator("#tensors-drawing pre")).to_have_text("tensor(32)")
    page.get_by_label("-", exact=True).check()
    expect(page.locator("#tensors-drawing pre")).to_have_text("tensor([-3, -3, -3])")
    page.wait_for_function("window.asked > 0")  # once after the buttons
    asked = page.evaluate("window.asked")
    page.clock.run_for(60_000)
    assert page.evaluate("window.asked") <= asked + 1
