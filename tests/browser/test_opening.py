"""The page while it opens over a slow network, and settings that no training has used yet."""

from playwright.sync_api import BrowserContext, expect

from service.takeaway.recipes import Recipe, packed
from tests.browser.conftest import OpenTab, Tab, go_to, held_back
from tests.conftest import RunningApp


def test_nothing_can_be_pressed_before_a_link_has_been_restored(
    context: BrowserContext, app: RunningApp
) -> None:
    page = context.new_page()
    with held_back(page):
        page.goto(f"{app.address}?chapter=autograd&learning_rate=0.005&steps=40&start.0=2")
        waits = page.locator(".opening")
        expect(waits).to_have_text("Restoring what the link says. The controls wait for it.")
        expect(page.locator("[role=tabpanel]:visible")).to_have_attribute("inert", "")
        page.keyboard.press("b")
        page.get_by_role("tab", name="4. Training").click()  # what is opened meanwhile waits, too
        expect(page.locator("[role=tabpanel]:visible")).to_have_attribute("inert", "")
        page.get_by_role("tab", name="2. Autograd").click()
    tab = Tab(page, "product")
    tab.expect_state("succeeded")
    expect(waits).to_have_count(0)
    expect(page.locator("#ritual-presses-line")).to_have_value("")
    expect(tab.part("steps-text")).to_have_value("40")
    tab.button("Train").click()
    tab.expect_state("succeeded")
    expect(tab.part("status")).to_contain_text("40 of 40")
    expect(tab.part("status")).to_contain_text("0.005")


def test_no_chapter_needs_more_of_gradio_than_the_page_and_its_parcel_bring(
    own_context: BrowserContext, app: RunningApp
) -> None:
    page = own_context.new_page()
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url.removeprefix(app.address)))
    go_to(page, app.address)
    tabs = page.get_by_role("tab")
    for number in range(tabs.count()):
        tabs.nth(number).click()
        expect(page.locator("[role=tabpanel]:visible .closing")).to_be_visible()
    modules = [name for name in fetched if name.startswith("assets/")]
    assert len(modules) == 2, modules  # the page names them itself: the entry, and its styles
    assert len([name for name in fetched if name.startswith("parcel/")]) == 2


def test_a_page_whose_parcel_does_not_arrive_opens_all_the_same(
    own_context: BrowserContext, app: RunningApp
) -> None:
    page = own_context.new_page()
    page.route("**/parcel/*", lambda route: route.abort())
    tab = Tab(page, "product", app.address)
    tab.button("Train").click()
    tab.expect_state("succeeded")


def test_a_run_under_way_is_found_again_before_anything_can_replace_it(
    open_tab: OpenTab,
) -> None:
    tab = open_tab("memorize")
    tab.train_for_long()
    reached = tab.expect_step_above(0)
    with held_back(tab.page):
        tab.page.reload()
        expect(tab.page.locator("[role=tabpanel]:visible")).to_have_attribute("inert", "")
    tab.expect_state("running")
    tab.expect_step_above(reached)
    tab.button("Stop").click()
    tab.expect_state("cancelled")


def test_a_page_that_the_server_does_not_answer_can_be_used_all_the_same(
    context: BrowserContext, app: RunningApp
) -> None:
    page = context.new_page()
    page.route("**/gradio_api/queue/join*", lambda route: route.fulfill(status=503, json={"detail": "full"}))
    page.goto(f"{app.address}?chapter=autograd")
    expect(page.locator("[role=tabpanel]:visible")).not_to_have_attribute("inert", "")
    page.unroute("**/gradio_api/queue/join*")
    tab = Tab(page, "product")
    tab.button("Train").click()
    tab.expect_state("succeeded")


def test_after_continue_a_slider_says_that_train_uses_it(open_tab: OpenTab) -> None:
    tab = open_tab("product")
    said = tab.part("unapplied")
    tab.button("Train").click()
    tab.expect_state("succeeded")
    tab.button("Continue").click()
    expect(tab.part("status")).to_contain_text("200 of 200")
    tab.set("learning-rate", "0.001")
    expect(said).to_have_text("The settings have changed. Press Train to start over with them.")
    expect(tab.part("status")).to_contain_text("200 of 200")
    tab.set("learning-rate", "0.003")  # as it was
    expect(said).to_have_text("")
    tab.set("learning-rate", "0.001")
    tab.button("Train").click()
    expect(tab.part("status")).to_contain_text("100 of 100")
    expect(said).to_have_text("")


def test_a_slider_does_not_replace_what_a_link_is_still_training(
    context: BrowserContext, app: RunningApp
) -> None:
    training = {"learning_rate": 1e-6, "steps": 200_000, "engine": "autograd"}
    recipe = packed(Recipe(task="memorize", options={}, seed=0, trainings=[training, training]))
    tab = Tab(context.new_page(), "memorize", f"{app.address}?chapter=training&run={recipe}")
    tab.expect_state("running")
    expect(tab.button("Train")).to_be_disabled()
    tab.set("learning-rate", "0.001")
    expect(tab.part("unapplied")).to_contain_text("The training under way still uses the old ones")
    expect(tab.part("status")).to_contain_text("of 200,000")
    tab.button("Stop").click()
    tab.expect_state("cancelled")
    tab.button("Train").click()
    expect(tab.part("status")).to_contain_text("0.001")


def test_what_only_a_button_trains_with_says_so(open_tab: OpenTab) -> None:
    tab = open_tab("challenge")
    said = tab.part("unapplied")
    tab.set("steps", "500")
    tab.expect_state("succeeded")
    widths = tab.panel.get_by_label("Hidden layer widths", exact=True)
    widths.fill("3")
    expect(said).to_contain_text("Press Train")
    tab.button("Train").click()
    expect(said).to_have_text("")
    tab.expect_state("succeeded")
    tab.set_by_hand()
    tab.set("steps", "600")
    expect(said).to_contain_text("Press Train")
    widths.fill("three")  # what cannot be read is said once it is trained with
    expect(said).to_have_text("")
