"""Tensors and the bench of Autograd, in a browser: typed at, and pressed."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import WIDE, OpenChapter, go_to, graph, scripts_checked, unfold
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
