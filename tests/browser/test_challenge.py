"""The challenge, from the network that cannot to a certificate, a link and files, as a learner meets it."""

import re
from pathlib import Path

import onnxruntime
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import OpenTab, Tab, fill, go_to
from tests.conftest import RunningApp

RATES = "0.0001, 0.0003, 0.001, 0.003"
SAME = "the same weights to the bit"


def trained(tab: Tab, hidden: str = "3") -> None:
    tab.panel.get_by_label("Hidden layer widths", exact=True).fill(hidden)
    tab.button("Train").click()
    tab.expect_state("succeeded")
    expect(tab.part("certificate").locator(".badge")).to_be_visible()


def link_of(tab: Tab) -> str:
    tab.part("share").locator("summary").click()
    return tab.part("share").get_by_role("link").evaluate("link => link.href")


def test_one_more_neuron_makes_the_impossible_network_provable(open_tab: OpenTab) -> None:
    tab = open_tab("challenge")
    tab.button("Train").click()
    why = tab.part("certificate")
    asked = why.get_by_text("Can this network learn the rule?")
    asked.click()
    expect(why).to_contain_text("its rank is 2")
    expect(tab.part("plot")).to_contain_text("no weights get below")
    why.get_by_role("button", name="Give it one more neuron").click()
    expect(tab.panel.get_by_label("Hidden layer widths", exact=True)).to_have_value("3")
    expect(why.locator("[data-certificate=proved]")).to_have_text(re.compile(r"Proved up to \d{3},\d{3}"))
    expect(asked).to_have_count(0)
    expect(tab.part("plot")).not_to_contain_text("no weights get below")


def test_a_link_trains_the_run_again_elsewhere(open_tab: OpenTab, context: BrowserContext) -> None:
    tab = open_tab("challenge")
    tab.set_by_hand()
    tab.set("steps", "300")
    trained(tab)
    tab.set("learning-rate", "0.0005")
    tab.button("Continue").click()
    expect(tab.part("status")).to_contain_text("600 of 600")
    link = link_of(tab)
    assert context.browser is not None
    elsewhere = context.browser.new_page()
    other = Tab(elsewhere, "challenge", link)
    expect(other.part("status")).to_contain_text("600 of 600")
    expect(other.part("status")).to_contain_text(SAME)
    expect(other.part("parameters")).to_have_text(tab.part("parameters").text_content() or "")
    other.button("Continue").click()
    expect(other.part("status")).to_contain_text("900 of 900")
    expect(other.part("status")).not_to_contain_text("Trained again")
    wrong = re.sub(r"fingerprint=.", "fingerprint=x", link)
    go_to(elsewhere, wrong)
    expect(other.part("status")).to_contain_text("the weights are not the same")
    elsewhere.close()


def test_a_link_that_was_cut_is_explained(app: RunningApp, context: BrowserContext) -> None:
    page = context.new_page()
    page.goto(f"{app.address}?chapter=challenge&run=eNoli9EOwiAQ")
    toast = page.get_by_test_id("toast-body")
    expect(toast).to_contain_text("run must be a run that this page has made a link of, in full")


def test_the_files_are_downloaded(open_tab: OpenTab, tmp_path: Path) -> None:
    tab = open_tab("challenge")
    tab.set_by_hand()
    tab.set("steps", "100")
    trained(tab)
    tab.part("share").locator("summary").click()
    with tab.page.expect_download() as download:
        tab.part("share").get_by_role("button", name="onnx").click()
    assert download.value.suggested_filename == "challenge-3-3-5-step-100.onnx"
    path = tmp_path / "network.onnx"
    download.value.save_as(path)
    session = onnxruntime.InferenceSession(path)
    (outputs,) = session.run(None, {"vectors": [[1.0, 2.0, 3.0]]})
    assert outputs.shape == (1, 5)  # pyright: ignore[reportAttributeAccessIssue]
    expect(tab.part("share")).to_contain_text("has been downloaded")


def swept(page: Page) -> None:
    page.locator("#sweep-part button.label-wrap").click()
    fill(page.get_by_label("Learning rates"), RATES, "0.001, 0.1")
    fill(page.get_by_label(re.compile("Hidden layer widths, ;")), "2; 3; 8", "2; 3")
    fill(page.get_by_label("Seeds", exact=True), "0-4", "0-1")
    page.locator("#challenge-sweep-run").click()


def test_a_sweep_is_a_map_whose_cells_open_their_runs(open_tab: OpenTab) -> None:
    tab = open_tab("challenge")
    tab.set_by_hand()
    tab.set("steps", "3000")
    swept(tab.page)
    sweep = tab.part("sweep")
    expect(sweep.get_by_role("status")).to_have_text("8 of 8 trainings have ended")
    expect(sweep).to_contain_text("4 diverged.")
    sweep.get_by_role("radio", name="radius").check()
    best = sweep.locator(".sweep-radius [data-shade='5'] a").first
    radius = best.inner_text()
    best.click()
    expect(tab.part("certificate").locator(".badge")).to_have_text(re.compile(f"Proved up to {radius}"))
    expect(tab.panel.get_by_label("Hidden layer widths", exact=True)).to_have_value("3")
    tab.page.locator("#sweep-part button.label-wrap").click()
    expect(sweep.get_by_role("status")).to_have_text("8 of 8 trainings have ended")


def test_a_sweep_that_cannot_be_says_why(open_tab: OpenTab) -> None:
    tab = open_tab("challenge")
    tab.page.locator("#sweep-part button.label-wrap").click()
    fill(tab.page.get_by_label("Seeds", exact=True), "0-4", "0-100")
    tab.page.locator("#challenge-sweep-run").click()
    tab.expect_message("The number of runs of a sweep must be at most 200")
