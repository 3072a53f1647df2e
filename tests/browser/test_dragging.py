"""Sliders that train: the last value wins, nothing piles up, and what was made by hand stays."""

from contextlib import suppress

import pytest
from playwright.sync_api import BrowserContext, Locator, Route, TimeoutError, expect

from tests.browser.conftest import OpenTab, Tab
from tests.browser.dragging import drag, kept, positions
from tests.browser.proxy import Network
from tests.conftest import RunningApp

UPDATES = 500

# Moves the slider once an animation frame, and waits for nothing.
SWEEP = """
async ([slider, positions]) => {
  for (const position of positions) {
    slider.value = position;
    slider.dispatchEvent(new Event('input', { bubbles: true }));
    await new Promise(requestAnimationFrame);
  }
}
"""


def slider(tab: Tab, control: str) -> Locator:
    return tab.part(control).get_by_role("slider")


def test_updates_leave_nothing_behind(own_context: BrowserContext, app: RunningApp) -> None:
    tab = Tab(own_context.new_page(), "product", app.address)
    tab.button("Train").click()
    tab.expect_state("succeeded")
    devtools = own_context.new_cdp_session(tab.page)
    devtools.send("Performance.enable")

    drag(tab, 20)
    before = kept(tab, devtools)
    drag(tab, UPDATES)
    after = kept(tab, devtools)
    assert after.nodes < before.nodes + 50
    assert after.heap < before.heap + 2_000_000


def test_the_last_of_many_values_wins(open_tab: OpenTab) -> None:
    tab = open_tab("memorize")
    tab.page.evaluate(SWEEP, [slider(tab, "learning-rate").element_handle(), [*positions(90), -3]])
    expect(tab.part("status")).to_contain_text("learning rate0.001")
    tab.expect_state("succeeded")
    expect(tab.part("learning-rate-text")).to_have_value("0.001")
    expect(tab.part("predictions")).to_contain_text("1 of 1 right")


def test_a_slow_training_gives_way_to_the_next(open_tab: OpenTab) -> None:
    tab = open_tab("memorize")
    tab.set("steps", "10,000,000")
    tab.choose_engine("PyTorch, step by step")
    tab.expect_state("running")
    tab.expect_step_above(0)
    tab.set("learning-rate", "0.001")
    expect(tab.part("status")).to_contain_text("learning rate0.001")
    tab.expect_step_above(0)
    tab.choose_engine("Compiled")
    tab.set("steps", "2000")
    tab.expect_state("succeeded")
    expect(tab.part("status")).to_contain_text("2,000 of 2,000")


def test_seed_and_start_train_too(open_tab: OpenTab) -> None:
    tab = open_tab("product")
    tab.open_more()
    first = slider(tab, "start-1")
    first.focus()
    first.press("ArrowLeft")
    expect(tab.part("start-1-text")).to_have_value("2.9")
    expect(tab.part("plot").locator("figcaption")).to_contain_text("Loss 11.56 at step 0")
    tab = open_tab("memorize")
    slider(tab, "seed").press("ArrowRight")
    tab.expect_state("succeeded")
    before = tab.part("parameters").text_content() or ""
    slider(tab, "seed").press("ArrowRight")
    expect(tab.part("parameters")).not_to_have_text(before)


def test_a_model_that_was_continued_waits_for_the_button(open_tab: OpenTab) -> None:
    tab = open_tab("memorize")
    tab.button("Train").click()
    tab.expect_state("succeeded")
    tab.button("Continue").click()
    expect(tab.part("status")).to_contain_text("100,000 of 100,000")
    tab.set("learning-rate", "0.001")
    tab.button("Continue").click()
    expect(tab.part("status")).to_contain_text("150,000 of 150,000")
    tab.button("Train").click()
    expect(tab.part("status")).to_contain_text("50,000 of 50,000")


class TestTwoEngines:
    def test_switching_shows_them_side_by_side(self, open_tab: OpenTab) -> None:
        tab = open_tab("memorize")
        tab.set("steps", "3000")
        tab.expect_state("succeeded")
        tab.choose_engine("PyTorch, step by step")
        row = tab.part("comparison").get_by_role("row").filter(has_text="steps/s")
        expect(row).to_contain_text("speed")
        expect(tab.part("comparison").get_by_role("status")).to_contain_text("Largest difference: ")
        expect(tab.part("comparison").get_by_role("columnheader")).to_have_text(["Compiled", "PyTorch"])
        tab.set("learning-rate", "0.001")  # and no longer do the two belong together
        expect(tab.part("comparison")).to_be_empty()

    def test_the_check_finds_the_product_the_same_to_the_bit(self, open_tab: OpenTab) -> None:
        tab = open_tab("product")
        tab.open_more()
        expect(tab.button("Check against PyTorch")).to_be_disabled()
        tab.button("Train").click()
        tab.expect_state("succeeded")
        tab.button("Continue").click()
        expect(tab.part("status")).to_contain_text("200 of 200")
        tab.button("Check against PyTorch").click()
        expect(tab.part("comparison").get_by_role("status")).to_have_text(
            "No difference: every parameter is the same to the bit."
        )
        tab.page.reload()
        expect(tab.part("comparison")).to_contain_text("the same to the bit")

    def test_the_check_goes_the_other_way_too(self, open_tab: OpenTab) -> None:
        tab = open_tab("challenge")
        tab.set_by_hand()
        tab.set("steps", "500")
        tab.choose_engine("PyTorch, step by step")
        tab.button("Train").click()
        tab.expect_state("succeeded")
        tab.button("Check against PyTorch").click()
        expect(tab.part("comparison").get_by_role("status")).to_contain_text("Largest difference: ")

    def test_an_optimizer_that_only_one_engine_knows_is_named(self, open_tab: OpenTab) -> None:
        tab = open_tab("memorize")
        tab.open_more()
        tab.panel.get_by_label("Optimizer").click()
        tab.page.get_by_role("option", name="RMSprop").click()
        tab.set("steps", "100")
        tab.expect_state("succeeded")
        tab.button("Check against PyTorch").click()
        tab.expect_message("Optimizer must be sgd, adam or adamw to be checked; got 'rmsprop'.")


def test_while_an_answer_is_missing_the_page_asks_again(open_tab: OpenTab) -> None:
    """For gradio's client may have stopped listening for it, until something else is asked."""
    tab = open_tab("memorize")
    tab.set("steps", "300")
    tab.expect_state("succeeded")
    held: list[Route] = []
    tab.page.route("**/queue/join*", lambda route: held.append(route), times=1)
    with tab.page.expect_request(lambda request: "queue/join" in request.url and bool(held)):
        slider(tab, "seed").press("ArrowRight")
        expect(tab.part("seed-text")).to_have_value("1")
    held[0].continue_()
    expect(tab.part("program")).to_contain_text("torch.manual_seed(1)")


@pytest.mark.parametrize("task", ["product", "challenge"])
def test_once_all_is_answered_the_page_asks_for_nothing(
    context: BrowserContext, app: RunningApp, task: str
) -> None:
    page = context.new_page()
    page.add_init_script("delete globalThis.Worker")  # the server trains
    with Network(app.port, delay=0.05) as network:
        tab = Tab(page, task, f"http://127.0.0.1:{network.port}/")
        tab.page.evaluate(SWEEP, [slider(tab, "learning-rate").element_handle(), [*positions(60), -3]])
        expect(tab.part("status")).to_contain_text("learning rate0.001")
        with suppress(TimeoutError):  # what follows the training
            while True:
                page.wait_for_event("requestfinished", timeout=1000)
        with pytest.raises(TimeoutError), page.expect_request("**/queue/join*", timeout=2500):
            pass
        page.close()
