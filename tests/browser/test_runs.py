"""The table of runs, as a learner uses it, and by keyboard alone."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import WIDE, OpenTab, Tab, fill, scripts_checked
from tests.conftest import RunningApp

PIN = re.compile("^Pin ")


class Table:
    """The chapter of runs, opened on a page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.get_by_role("tab", name="8. Runs").click()
        self.table = page.locator("#runs-table")
        self.compared = page.locator("#runs-compared")
        expect(self.table).to_be_visible()

    def row(self, number: int) -> Locator:
        """The run of that number, whatever it is called."""
        field = self.page.get_by_label(f"Name of run {number}", exact=True)
        return self.table.get_by_role("row").filter(has=field)

    def expect_runs(self, count: int) -> None:
        expect(self.table.get_by_role("row")).to_have_count(count + 1 if count else 0)


@pytest.fixture(scope="module")
def two_runs(browser: Browser, app: RunningApp) -> Iterator[Page]:
    """A page with two runs: 1 is a product at 0.003, 2 at 0.01."""
    page = browser.new_page(viewport=WIDE)
    tab = Tab(page, "product", app.address)
    tab.set_by_hand()
    tab.button("Train").click()
    tab.expect_state("succeeded")
    tab.set("learning-rate", "0.01")
    tab.button("Train").click()
    expect(tab.part("status")).to_contain_text("0.01")
    yield page
    page.close()


@pytest.fixture
def table(two_runs: Page) -> Iterator[Table]:
    """The two runs, of which none is pinned, chosen, or called anything else than by its number."""
    with scripts_checked(two_runs.context):
        opened = Table(two_runs)
        opened.expect_runs(2)
        yield opened
        two_runs.get_by_label("Filter").fill("")
        opened.expect_runs(2)
        for box in ("Choose", "Pin"):
            for number in (1, 2):
                opened.row(number).get_by_role("checkbox", name=box).uncheck()
        name = two_runs.get_by_label("Name of run 1", exact=True)
        name.fill("Run 1")
        name.press("Enter")
        expect(opened.row(1).get_by_label(PIN)).to_have_attribute("aria-label", "Pin Run 1")


def test_before_any_training_it_says_what_to_do(open_tab: OpenTab) -> None:
    table = Table(open_tab("product").page)
    expect(table.table).to_contain_text("Train something in one of the chapters first")
    expect(table.compared).to_contain_text("No run is pinned yet.")


def test_pinned_runs_are_compared(table: Table) -> None:
    table.row(1).get_by_label(PIN).check()
    expect(table.compared).to_contain_text("Run 1: loss ")
    table.row(2).get_by_label(PIN).check()
    expect(table.compared.locator(".plot-log polyline")).to_have_count(2)
    row = table.compared.get_by_role("row", name=re.compile("Learning rate"))
    expect(row).to_have_text(re.compile(r"0\.003\s*0\.01"))
    table.row(1).get_by_label(PIN).uncheck()
    expect(table.compared.locator(".plot-log polyline")).to_have_count(1)


def test_names_deleting_and_undo_survive_a_reload(table: Table) -> None:
    name = table.page.get_by_label("Name of run 1", exact=True)
    name.fill("the lab's <own>")
    name.press("Enter")
    expect(table.row(1).get_by_label(PIN)).to_have_attribute("aria-label", "Pin the lab's <own>")
    table.row(2).get_by_role("button", name="Delete Run 2").click()
    table.expect_runs(1)
    table.page.reload()
    table.expect_runs(1)
    expect(name).to_have_value("the lab's <own>")
    table.table.get_by_role("button", name="Undo delete").click()
    table.expect_runs(2)
    expect(table.row(2)).to_contain_text("0.01")


def test_a_run_is_opened_where_it_was_trained_and_trained_on(table: Table) -> None:
    table.row(1).get_by_role("link", name="Open Run 1").click()
    tab = Tab(table.page, "product")
    expect(tab.part("status")).to_contain_text("100 of 100")
    expect(tab.part("learning-rate-text")).to_have_value("0.003")
    tab.button("Continue").click()
    expect(tab.part("status")).to_contain_text("200 of 200")
    again = Table(table.page)
    again.expect_runs(2)
    expect(again.row(1)).to_contain_text("200")


def test_the_keyboard_keeps_its_place(table: Table) -> None:
    pin = table.row(1).get_by_label(PIN)
    pin.focus()
    table.page.keyboard.press("Space")
    expect(table.compared).to_contain_text("Run 1: loss ")
    expect(pin).to_be_focused()
    expect(pin).to_be_checked()


def test_a_name_is_shown_and_never_run(table: Table) -> None:
    evil = "<img src=x onerror=window.hacked=1>"
    name = table.page.get_by_label("Name of run 1", exact=True)
    name.fill(evil)
    name.press("Enter")
    pin = table.row(1).get_by_label(PIN)
    expect(pin).to_have_attribute("aria-label", f"Pin {evil}")
    pin.check()
    expect(table.compared).to_contain_text(evil)
    assert table.page.evaluate("window.hacked") is None


def test_a_sliders_move_leaves_one_run(open_tab: OpenTab) -> None:
    tab = open_tab("product")
    slider = tab.part("learning-rate").get_by_role("slider")
    slider.focus()
    for _ in range(20):
        tab.page.keyboard.press("ArrowRight")
    tab.expect_state("succeeded")
    Table(tab.page).expect_runs(1)


def test_the_filter_finds_runs_as_one_types(table: Table) -> None:
    table.page.get_by_label("Filter").press_sequentially("0.01 fin", delay=50)
    expect(table.table.get_by_role("status")).to_have_text("1 of 2 runs")
    table.expect_runs(1)
    expect(table.row(2)).to_be_visible()
    expect(table.page.get_by_label("Filter")).to_be_focused()
    table.page.get_by_label("Filter").fill("nonsense")
    expect(table.table).to_contain_text("No run has all of these words")
    table.page.get_by_label("Filter").fill("")
    table.expect_runs(2)


def test_several_are_deleted_together_and_come_back_together_by_keyboard(table: Table) -> None:
    for number in (1, 2):
        table.page.get_by_label(f"Choose Run {number}", exact=True).focus()
        table.page.keyboard.press("Space")
        expect(table.table.get_by_role("status")).to_have_text(f"2 runs, {number} chosen")
    expect(table.page.get_by_label("Choose Run 2", exact=True)).to_be_focused()
    table.table.get_by_role("button", name="Delete 2").focus()
    table.page.keyboard.press("Enter")
    table.expect_runs(0)
    undo = table.table.get_by_role("button", name="Undo delete of 2")
    expect(undo).to_be_focused()
    table.page.keyboard.press("Enter")
    table.expect_runs(2)
    expect(table.table.get_by_role("status")).to_have_text("2 runs")
    expect(table.table.get_by_label("Order")).to_be_focused()


def test_what_the_filter_hides_is_no_longer_chosen(table: Table) -> None:
    table.table.get_by_label("Choose all 2 runs listed").check()
    expect(table.table.get_by_role("button", name="Delete 2")).to_be_visible()
    table.page.get_by_label("Filter").fill("0.01")
    expect(table.table.get_by_role("button", name="Delete 1")).to_be_visible()
    table.page.get_by_label("Filter").fill("")
    expect(table.table.get_by_role("status")).to_have_text("2 runs, 1 chosen")


def test_a_sweep_folds_under_one_row(open_tab: OpenTab) -> None:
    tab = open_tab("challenge")
    tab.set_by_hand()
    tab.set("steps", "50")
    tab.page.locator("#sweep-part button.label-wrap").click()
    fill(tab.page.get_by_label("Seeds", exact=True), "0-4", "5, 6")
    tab.page.locator("#challenge-sweep-run").click()
    expect(tab.part("sweep")).to_contain_text("24 of 24 trainings have ended")
    table = Table(tab.page)
    table.expect_runs(1)
    fold = table.table.get_by_role("button", name="Sweep of 24: runs 1 to 24", exact=True)
    expect(fold).to_have_attribute("aria-expanded", "false")
    expect(table.table.get_by_role("row").nth(1)).to_contain_text("best ")
    fold.focus()
    tab.page.keyboard.press("Enter")
    expect(fold).to_have_attribute("aria-expanded", "true")
    expect(fold).to_be_focused()
    table.expect_runs(25)
    tab.page.get_by_label("Filter").fill("0.0001")
    expect(table.table.get_by_role("status")).to_have_text("6 of 24 runs")
    tab.page.get_by_label("Filter").fill("")
    table.table.get_by_role("button", name="Delete Sweep of 24").click()
    table.expect_runs(0)
    table.table.get_by_role("button", name="Undo delete of 24").click()
    table.expect_runs(25)
