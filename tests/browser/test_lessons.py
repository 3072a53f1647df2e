"""The lessons in a real browser: by hand, by keyboard, and by link."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import WIDE, OpenChapter, go_to, graph, query_of, scripts_checked, unfold
from tests.conftest import RunningApp


@pytest.fixture(scope="module")
def shared(browser: Browser, app: RunningApp) -> Iterator[Page]:
    """One page for what can be done on a page that has been used."""
    page = browser.new_page(viewport=WIDE)
    go_to(page, f"{app.address}?chapter=autograd")
    unfold(page, "kept-part")
    with scripts_checked(page.context):
        yield page
    page.close()


@pytest.fixture
def tensors(shared: Page) -> Page:
    """The chapter with 1, 2, 3 times 4, 5, 6, as at first."""
    shared.get_by_role("tab", name="1. Tensors").click()
    shared.get_by_label("*", exact=True).check()
    shared.get_by_label("Left", exact=True).fill("[1, 2, 3]")
    shared.get_by_label("Right", exact=True).fill("[4, 5, 6]")
    expect(shared.locator("#tensors-drawing pre")).to_have_text("tensor([ 4, 10, 18])")
    return shared


@pytest.fixture
def bench(shared: Page) -> Page:
    """The bench of the Autograd chapter, on which nothing is pressed."""
    shared.get_by_role("tab", name="2. Autograd").click()
    over = shared.get_by_role("button", name="Start over")
    if over.is_enabled():
        over.click()
    expect(shared.get_by_label("Pressed")).to_have_value("")
    expect(shared.locator("#ritual-formulas")).to_contain_text("Forward has run once")
    shared.locator("h1").click()  # the focus is on no button
    return shared


class TestTensors:
    def test_typing_calculates(self, tensors: Page) -> None:
        page = tensors
        page.get_by_label("Left", exact=True).fill("[[1., 2.], [3., 4.]]")
        page.get_by_label("Right", exact=True).fill("[10., 100.]")
        page.get_by_label("@", exact=True).check()
        expect(page.locator("#tensors-drawing pre")).to_have_text("tensor([210., 430.])")

    def test_what_cannot_be_read_is_said_and_the_drawing_stays(self, tensors: Page) -> None:
        page = tensors
        page.get_by_label("Left", exact=True).fill("[1, 2")
        expect(page.locator("#tensors-message")).to_contain_text("Left must be a number, a list of")
        expect(page.locator("#tensors-drawing pre")).to_have_text("tensor([ 4, 10, 18])")
        page.get_by_label("Left", exact=True).fill("1e39")
        expect(page.locator("#tensors-drawing pre")).to_have_text("tensor([inf, inf, inf])")
        page.get_by_label("Left", exact=True).fill("[1, 2, 5]")
        expect(page.locator("#tensors-drawing pre")).to_have_text("tensor([ 4, 10, 30])")
        expect(page.locator("#tensors-message")).to_be_empty()

    def test_a_preset_shows_torch_s_error_and_the_reason(self, tensors: Page) -> None:
        page = tensors
        page.get_by_role("button", name="Sizes that differ").click()
        expect(page.locator("#tensors-drawing")).to_contain_text("must match the size of tensor b (4)")
        expect(page.locator("#tensors-drawing")).to_contain_text("Here they are [3] and [4].")


class TestRitual:
    def test_the_keyboard_alone_completes_it(self, open_chapter: OpenChapter) -> None:
        page = open_chapter("autograd")
        unfold(page, "kept-part")
        page.keyboard.press("b")
        expect(graph(page)).to_contain_text("grad -24.0000")
        page.keyboard.press("o")
        expect(page.locator("#ritual-formulas")).to_contain_text("var_1 = 3.0000 - 0.003 * -24.0000 = 3.0720")
        page.keyboard.press("r")
        expect(page.locator("#ritual-formulas")).to_contain_text("var_1.grad = None")
        for name, words in (
            ("orders", "The same to the bit"),
            ("never", "are the same to the bit"),
            ("downhill", "The product goes below 0 at step"),
            ("rates", "pushes away whatever comes near"),
        ):
            page.locator(f"#{name}-part button.label-wrap").focus()
            page.keyboard.press("Enter")
            expect(page.locator(f"#{name}-result")).to_contain_text(words)

    def test_however_fast_one_presses_no_press_is_lost(self, bench: Page) -> None:
        page = bench
        expect(page.locator("#ritual-presses button").first).to_be_visible()
        for key in "bor" * 15:
            page.keyboard.press(key)
        expect(page.get_by_label("Pressed")).to_have_value("BOR" * 15)
        expect(page.locator("#ritual-surface .surface svg")).to_have_attribute(
            "aria-label", re.compile("15 updates")
        )

    def test_letters_typed_into_a_field_press_nothing(self, open_chapter: OpenChapter) -> None:
        page = open_chapter("autograd")
        field = page.locator("#product-learning-rate-text")
        field.click()
        page.keyboard.type("bor")
        expect(page.get_by_label("Pressed")).to_have_value("")

    def test_undo_takes_back_what_was_pressed_last(self, open_chapter: OpenChapter) -> None:
        page = open_chapter("autograd")
        pressed, undo = page.get_by_label("Pressed"), page.get_by_role("button", name="Undo")
        page.get_by_role("button", name=re.compile("Backprop B")).click()
        page.get_by_role("button", name="100 rounds").click()
        expect(pressed).to_have_value("B" + "BOR" * 100)
        page.get_by_role("button", name="Start over").click()
        expect(pressed).to_have_value("")
        for expected in ("B" + "BOR" * 100, "B", ""):
            undo.click()
            expect(pressed).to_have_value(expected)
        expect(undo).to_be_disabled()

    def test_undo_after_a_link_takes_back_letter_by_letter(self, open_chapter: OpenChapter) -> None:
        page = open_chapter("autograd", "&bench.presses=BOR")
        expect(page.get_by_label("Pressed")).to_have_value("BOR")
        page.get_by_role("button", name="Undo").click()
        expect(page.get_by_label("Pressed")).to_have_value("BO")

    def test_a_key_that_is_held_down_is_one_press(self, bench: Page) -> None:
        page = bench
        for _ in range(5):
            page.keyboard.down("o")
        page.keyboard.up("o")
        expect(page.get_by_label("Pressed")).to_have_value("O")
        page.get_by_role("button", name=re.compile("Reset R")).focus()
        for _ in range(5):
            page.keyboard.down("Enter")
        page.keyboard.up("Enter")
        expect(page.get_by_label("Pressed")).to_have_value("OR")

    def test_the_keys_are_where_they_are_on_layouts_without_latin_letters(self, bench: Page) -> None:
        page = bench
        press = """([key, code, ctrlKey]) =>
            document.body.dispatchEvent(new KeyboardEvent('keydown', { key, code, ctrlKey, bubbles: true }))"""
        for key, code, control in (
            ("и", "KeyB", False),  # Russian
            ("щ", "KeyO", False),
            ("и", "KeyB", True),
            ("\N{GREEK SMALL LETTER RHO}", "KeyR", False),
            ("o", "KeyS", False),  # Dvorak: what is printed on the key counts
            ("r", "KeyO", False),
            ("é", "KeyF", False),
        ):
            page.evaluate(press, [key, code, control])
        expect(page.get_by_label("Pressed")).to_have_value("BORO" + "R")

    def test_a_ticked_box_does_not_swallow_the_keys(self, open_chapter: OpenChapter) -> None:
        page = open_chapter("autograd")
        unfold(page, "product-more")
        page.get_by_label("Backprop runs Forward first").uncheck()
        unfold(page, "kept-part")
        page.keyboard.press("b")
        page.keyboard.press("b")
        expect(page.locator("#ritual-formulas .raised")).to_contain_text(
            "backward through the graph a second"
        )
        expect(page.locator("#ritual-program samp")).to_contain_text("backward through the graph a second")

    def test_undo_takes_back_one_press_and_start_over_all(self, bench: Page) -> None:
        page = bench
        for name in ("Backprop B", "Optimize O", "Reset R"):
            page.get_by_role("button", name=re.compile(name)).click()
        page.get_by_role("button", name="Undo").click()
        expect(page.get_by_label("Pressed")).to_have_value("BO")
        expect(graph(page)).to_contain_text("grad -24.0000")
        page.get_by_role("button", name="Start over").click()
        expect(graph(page)).not_to_contain_text("grad -24.0000")
        expect(page.locator("#ritual-formulas")).to_contain_text("Forward has run once")

    def test_torch_s_error_is_shown(self, open_chapter: OpenChapter) -> None:
        page = open_chapter("autograd", "&bench.fresh=false&bench.presses=BB")
        unfold(page, "kept-part")
        expect(page.locator("#ritual-formulas .raised")).to_contain_text(
            "backward through the graph a second"
        )

    def test_the_same_presses_with_another_learning_rate(self, open_chapter: OpenChapter) -> None:
        page = open_chapter("autograd", "&bench.presses=BO")
        unfold(page, "kept-part")
        expect(graph(page)).to_contain_text("value 3.0720")
        page.locator("#product-learning-rate-text").fill("0.01")
        page.locator("#product-learning-rate-text").press("Tab")
        expect(graph(page)).to_contain_text("value 3.2400")


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
    def test_the_first_press_on_a_link_runs_what_it_names(self, open_chapter: OpenChapter) -> None:
        page = open_chapter("mistakes", "&mistake=stranger")
        page.locator("#mistakes-run-broken").click()
        expect(page.locator("#mistakes-happened")).to_contain_text("63.4518")

    def test_run_it_then_run_the_fix(self, open_chapter: OpenChapter) -> None:
        page = open_chapter("mistakes")
        page.get_by_label("No Reset").check()
        expect(page.locator("#mistakes-fixed code")).to_contain_text("zero_grad")
        page.locator("#mistakes-run-broken").click()
        expect(page.locator("#mistakes-happened")).to_contain_text("Loss 9 at first")
        page.locator("#mistakes-run-fixed").click()
        expect(page.locator("#mistakes-happened-fixed")).to_contain_text("tensor(15.0000")
        page.get_by_label("Backprop twice").check()
        expect(page.locator("#mistakes-happened")).to_be_empty()


def test_a_program_can_be_copied(open_chapter: OpenChapter) -> None:
    page = open_chapter("module")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator("#module-program summary").click()
    page.locator("#module-program .program-copy").click()
    expect(page.locator("#module-program .program-copy")).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.locator("#module-program code").text_content()
