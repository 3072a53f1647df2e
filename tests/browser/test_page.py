"""The page, used as a learner uses it."""

import re

from playwright.sync_api import Browser, Request, Route, expect

from tests.browser.conftest import OpenTab, Tab, fill
from tests.browser.proxy import Network
from tests.conftest import RunningApp


def test_the_first_press_of_the_first_button_trains_to_15(open_tab: OpenTab) -> None:
    tab = open_tab("product")
    expect(tab.part("status")).to_contain_text("Not trained yet.")
    expect(tab.button("Continue")).to_be_disabled()
    tab.button("Train").click()
    tab.expect_state("succeeded")
    expect(tab.part("parameters")).to_contain_text("var_1 = tensor(3.4505)")
    expect(tab.part("parameters")).to_contain_text("var_1 * var_2 = tensor(15.0000)")
    expect(tab.part("plot").locator("figcaption")).to_have_text("Loss 9 at step 0, 1.455e-11 at step 100.")


def test_one_step_then_a_hundred_more_then_rewind(open_tab: OpenTab) -> None:
    tab = open_tab("product")
    tab.set_by_hand()
    tab.set("steps", "1")
    tab.button("Train").click()
    tab.expect_state("succeeded")
    expect(tab.part("parameters")).to_contain_text("var_1 = tensor(3.0720)\nvar_2 = tensor(4.0540)")
    tab.set("steps", "100")
    tab.button("Continue").click()
    expect(tab.part("status")).to_contain_text("101 of 101")
    expect(tab.part("parameters")).to_contain_text("var_1 = tensor(3.4505)\nvar_2 = tensor(4.3472)")
    tab.button("Rewind").click()
    tab.expect_state("ready")
    expect(tab.part("parameters")).to_contain_text("var_1 = tensor(3.)\nvar_2 = tensor(4.)")
    expect(tab.part("plot")).to_contain_text("Press Train to start.")


def test_stop_and_continue(open_tab: OpenTab) -> None:
    tab = open_tab("memorize")
    tab.train_for_long("1,000,000")
    first = tab.expect_step_above(0)
    expect(tab.button("Train")).to_be_disabled()
    tab.expect_step_above(first)
    tab.button("Stop").click()
    tab.expect_state("cancelled")
    stopped = tab.step()
    expect(tab.button("Stop")).to_be_disabled()
    tab.set("steps", "200")
    tab.button("Continue").click()
    tab.expect_state("succeeded")
    assert tab.step() == stopped + 200


def test_predict_vectors(open_tab: OpenTab) -> None:
    tab = open_tab("challenge")
    tab.part("vectors").get_by_role("textbox").fill("1 2 3\n\n[100, -50, 25]\n-7, 0, 9")
    tab.button("Predict").click()
    expect(tab.part("predictions")).to_contain_text("Predictions at step 0: 0 of 3 right")
    tab.panel.get_by_label("Hidden layer widths", exact=True).fill("3")
    tab.set("steps", "6000")
    tab.button("Train").click()
    tab.expect_state("succeeded")
    expect(tab.part("predictions")).to_contain_text("Predictions at step 6,000: 3 of 3 right")
    row = tab.part("predictions").get_by_role("row").nth(2)
    expect(row).to_contain_text("✓ right")
    expect(row).to_contain_text("[100, -50, 25, 26, 27]")


def test_reloading_goes_on_watching_the_run(open_tab: OpenTab) -> None:
    tab = open_tab("memorize")
    tab.set_by_hand()
    tab.set("learning-rate", "2e-6")
    tab.train_for_long()
    before = tab.expect_step_above(0)
    expect(tab.page).to_have_url(re.compile("engine=autograd"))
    tab.page.reload()
    tab.expect_state("running")
    expect(tab.part("learning-rate-text")).to_have_value("2e-6")
    expect(tab.part("steps-text")).to_have_value("900000")
    after = tab.expect_step_above(before)
    tab.expect_step_above(after)
    tab.button("Stop").click()
    tab.expect_state("cancelled")
    tab.page.reload()
    tab.open()
    tab.expect_state("cancelled")
    expect(tab.part("plot").locator("figcaption")).to_contain_text("at step 0")


def test_a_lost_connection_comes_back_to_the_run(browser: Browser, app: RunningApp) -> None:
    page = browser.new_page()
    with Network(app.port) as network:
        tab = Tab(page, "memorize", f"http://127.0.0.1:{network.port}/")
        tab.train_for_long()
        tab.expect_step_above(0)
        network.cut()
        expect(page.get_by_text("Connection to the server was lost").first).to_be_visible()
        before = tab.step()
        network.mend()
        tab.expect_step_above(before)  # in the same tab, and without a hand's turn
        tab.button("Stop").click()
        tab.expect_state("cancelled")
    page.close()


def test_an_answer_that_never_comes_ends_no_watch(open_tab: OpenTab) -> None:
    tab = open_tab("memorize")
    tab.train_for_long("1,000,000")
    tab.expect_step_above(0)
    swallowed: list[Request] = []

    def swallow(route: Route, request: Request) -> None:
        swallowed.append(request)
        route.fulfill(json={"event_id": "0" * 32})

    with tab.page.expect_response("**/queue/join*"):
        tab.page.route("**/queue/join*", swallow, times=1)
    step = tab.step()
    for _ in range(3):  # one may still be the answer to a look from before
        step = tab.expect_step_above(step)
    assert len(swallowed) == 1
    tab.button("Stop").click()
    tab.expect_state("cancelled")


def test_two_browsers_do_not_see_each_other_s_models(
    open_tab: OpenTab, browser: Browser, app: RunningApp
) -> None:
    mine = open_tab("product")
    mine.button("Train").click()
    mine.expect_state("succeeded")
    stranger = browser.new_context()
    try:
        other = Tab(stranger.new_page(), "product", app.address)
        expect(other.part("status")).to_contain_text("Not trained yet.")
    finally:
        stranger.close()
    mine.page.reload()
    mine.expect_state("succeeded")


def test_divergence_keeps_the_last_finite_state_on_the_screen(open_tab: OpenTab) -> None:
    tab = open_tab("product")
    tab.set("learning-rate", "0.1")
    tab.button("Train").click()
    tab.expect_state("diverged")
    expect(tab.part("status").get_by_role("alert")).to_contain_text("Diverged at step 5")
    expect(tab.part("plot").locator("figcaption")).to_contain_text("at step 4")
    expect(tab.part("parameters")).not_to_contain_text("nan")


BAD_VALUES = [
    ("learning-rate", "fast", "Learning rate must be a number above 0 and at most 1000; got 'fast'."),
    ("learning-rate", "0", "Learning rate must be a number above 0 and at most 1000; got 0."),
    ("learning-rate", "", "Learning rate must be a number above 0 and at most 1000; got ''."),
    ("steps", "2.5", "Steps must be a whole number from 1 to 100,000,000 with engine compiled; got 2.5."),
    ("steps", "100000001", "Steps must be a whole number from 1 to 100,000,000 with engine compiled"),
]


def test_a_bad_value_is_answered_with_the_service_s_sentence(open_tab: OpenTab) -> None:
    tab = open_tab("product")
    tab.button("Train").click()
    tab.expect_state("succeeded")
    good = {control: tab.part(f"{control}-text").input_value() for control, _, _ in BAD_VALUES}
    for control, value, sentence in BAD_VALUES:
        tab.set(control, value)
        tab.expect_message(sentence)
        tab.expect_state("succeeded")
        expect(tab.part("parameters")).to_contain_text("tensor(3.4505)")
        tab.set(control, good[control])


BAD_VECTORS = {
    "": "Vectors must be one or more lines such as 1 2 3; got ''.",
    "1 2 x": "Vectors, line 1, must be numbers such as 1 2 3, 1, 2, 3 or [1, 2, 3]; got 'x'.",
    "1 2": "Vectors, vector 1, must be a list of 3 finite numbers of at most 3.4e+38; got [1, 2].",
    "1 2 1e39": "Vectors, vector 1, number 3, must be a finite number of at most 3.4e+38; got 1e+39.",
    "1 2 nan": "Vectors, line 1, must be numbers such as 1 2 3, 1, 2, 3 or [1, 2, 3]; got 'nan'.",
}


def test_a_bad_vector_is_answered_too(open_tab: OpenTab) -> None:
    tab = open_tab("challenge")
    before = "1 2 3\n-7, 0, 9\n[100, -50, 25]"
    for text, sentence in BAD_VECTORS.items():
        fill(tab.part("vectors").get_by_role("textbox"), before, text)
        before = text
        tab.button("Predict").click()
        tab.expect_message(sentence)


def test_the_sliders_work_by_keyboard_and_show_the_real_value(open_tab: OpenTab) -> None:
    tab = open_tab("product")
    slider = tab.part("learning-rate").get_by_role("slider")
    expect(slider).to_have_attribute("aria-valuetext", "0.003")
    slider.focus()
    slider.press("End")
    expect(tab.part("learning-rate-text")).to_have_value("1")
    slider.press("Home")
    expect(tab.part("learning-rate-text")).to_have_value("1e-6")
    steps = tab.part("steps").get_by_role("slider")
    steps.focus()
    steps.press("Home")
    expect(tab.part("steps-text")).to_have_value("1")
    for _ in range(30):
        steps.press("ArrowRight")
    assert int(tab.part("steps-text").input_value()) > 1
    tab.set("steps", "77")
    expect(steps).to_have_attribute("aria-valuetext", "77")


def test_the_loss_axis_can_be_switched(open_tab: OpenTab) -> None:
    tab = open_tab("product")
    tab.button("Train").click()
    tab.expect_state("succeeded")
    expect(tab.part("plot").locator(".plot-linear")).to_be_visible()
    tab.part("plot").get_by_label("log").check()
    expect(tab.part("plot").locator(".plot-log")).to_be_visible()
    expect(tab.part("plot").locator(".plot-linear")).to_be_hidden()
    tab.button("Continue").click()
    expect(tab.part("status")).to_contain_text("200 of 200")
    expect(tab.part("plot").locator(".plot-log")).to_be_visible()


def test_an_optimizer_shows_its_own_settings(open_tab: OpenTab) -> None:
    tab = open_tab("memorize")
    tab.open_more()
    expect(tab.panel.get_by_label("Momentum", exact=True)).to_be_visible()
    tab.panel.get_by_label("Optimizer").click()
    tab.page.get_by_role("option", name="AdamW").click()
    expect(tab.panel.get_by_label("Betas")).to_be_visible()
    expect(tab.panel.get_by_label("Momentum", exact=True)).to_be_hidden()
    tab.set("learning-rate", "0.01")
    tab.set("steps", "500")
    tab.button("Train").click()
    tab.expect_state("succeeded")
    expect(tab.part("predictions")).to_contain_text("1 of 1 right")
