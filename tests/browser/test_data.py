"""The data of the challenge: looked at, held out, uploaded, and refused."""

import re

import pytest
from playwright.sync_api import FilePayload, Locator, expect

from tests.browser.conftest import OpenTab, Tab, fill

HEAD = "a,b,c,y1,y2,y3,y4,y5"
ROWS = [f"{a},{b},{c},{a},{b},{c},{c + 1},{c + 2}" for a in range(3) for b in range(3) for c in range(3)]


def file(content: str | bytes, name: str = "mine.csv") -> FilePayload:
    binary = content if isinstance(content, bytes) else content.encode()
    return {"name": name, "mimeType": "text/csv", "buffer": binary}


@pytest.fixture
def tab(open_tab: OpenTab) -> Tab:
    """The challenge with its data in sight."""
    opened = open_tab("challenge")
    opened.set_by_hand()
    opened.set("steps", "4000")
    opened.panel.get_by_label("Hidden layer widths", exact=True).fill("3")
    opened.page.locator("#data-part button.label-wrap").click()
    return opened


def chooser(tab: Tab) -> Locator:
    return tab.page.locator("#data-part input[type=file]")


def test_the_tested_vectors_lie_among_the_examples_or_far_away(tab: Tab) -> None:
    tab.button("Train").click()
    tab.expect_state("succeeded")
    tab.button("Look at the data").click()
    data = tab.part("data")
    expect(data).to_contain_text("3 vectors tested: 2 inside the range for training, 1 outside.")
    expect(data).to_contain_text("[100, -50, 25]: outside, a is 10 times the largest in training")
    expect(data.get_by_role("row", name=re.compile("in the range of the examples"))).to_contain_text("✓ all")
    expect(data).to_contain_text("and 950 more, not shown.")
    tab.part("vectors").get_by_role("textbox").fill("1 1 1")
    tab.button("Predict").click()
    expect(data).to_contain_text("1 vector tested: 1 inside the range for training, 0 outside.")


def test_examples_held_out_have_a_curve_of_their_own(tab: Tab) -> None:
    tab.open_more()
    fill(tab.panel.get_by_label("Fraction held out of training"), "0", "0.25")
    tab.button("Train").click()
    tab.expect_state("succeeded")
    expect(tab.part("plot")).to_contain_text("dashed: the examples held out")
    expect(tab.part("plot").locator("figcaption")).to_contain_text("On the examples held out")
    tab.button("Look at the data").click()
    expect(tab.part("data")).to_contain_text("1,000 examples: 750 for training, 250 held out.")


def test_an_upload_is_trained_on_and_survives_a_reload(tab: Tab) -> None:
    chooser(tab).set_input_files(file("\n".join([HEAD, *ROWS]), "../../etc/<b>passwd.csv"))
    tab.expect_message("Your 27 examples are ready: press Train.")
    tab.button("Train").click()
    tab.expect_state("succeeded")
    tab.button("Look at the data").click()
    called = re.compile(r"^<b>passwd\.csv \(upload-[0-9a-f]{8}…\)$")
    expect(tab.part("data").get_by_role("heading", name="The examples")).to_contain_text(
        "<b>passwd.csv (upload-"
    )
    expect(tab.page).to_have_url(re.compile("dataset=upload-[0-9a-f]{32}"))
    tab.page.reload()
    tab.expect_state("succeeded")
    tab.open_more()
    expect(tab.panel.get_by_label("Data set", exact=True)).to_have_value(called)
    tab.part("details").locator(".share summary").click()
    expect(tab.part("share")).to_contain_text("It needs <b>passwd.csv (upload-")
    expect(tab.part("program")).to_contain_text("# The examples of <b>passwd.csv (upload-")
    tab.page.get_by_role("tab", name="8. Runs").click()
    fill(tab.page.get_by_label("Filter"), "", "passwd.csv")
    expect(tab.page.locator("#runs-table")).to_contain_text("1 of 1 run")
    expect(tab.page.locator("#runs-table tbody")).to_contain_text("<b>passwd.csv (upload-")


def test_a_second_upload_leaves_the_first_to_choose(tab: Tab) -> None:
    tab.open_more()
    examples = tab.panel.get_by_label("Data set", exact=True)
    for name, count in (("first.csv", 27), ("second.csv", 26)):
        chooser(tab).set_input_files(file("\n".join([HEAD, *ROWS[:count]]), name))
        expect(examples).to_have_value(re.compile(f"^{name.replace('.', '[.]')} "))
    examples.click()
    offered = tab.page.get_by_role("option")
    expect(offered.filter(has_text="second.csv")).to_be_visible()
    offered.filter(has_text="first.csv").click()
    expect(examples).to_have_value(re.compile("^first[.]csv "))


def test_a_sweep_says_on_which_file_it_trained(tab: Tab) -> None:
    chooser(tab).set_input_files(file("\n".join([HEAD, *ROWS]), "grid.csv"))
    tab.expect_message("Your 27 examples are ready: press Train.")
    tab.set("steps", "50")
    tab.page.locator("#sweep-part button.label-wrap").click()
    fill(tab.page.get_by_label("Seeds", exact=True), "0-4", "0")
    tab.page.locator("#challenge-sweep-run").click()
    expect(tab.part("sweep")).to_contain_text(re.compile(r"trainings have ended.*, on grid\.csv \(upload-"))


BAD: dict[str, str | bytes] = {
    "The CSV must be the names of the columns a, b, c and then 5 targets": "",
    "Line 1 of the CSV must be the names of the columns a, b, c and then 5 targets": "a,b\n1,2",
    "Line 3, column c must be a finite number": f"{HEAD}\n1,2,3,1,2,3,4,5\n1,2,x,1,2,3,4,5",
    "The CSV must be text": b"\x89PNG\r\n\x1a\n\x00\xff",
    "The size of the CSV must be at most 5,000,000 bytes": "x" * 5_500_000,
    "exceed the maximum allowed size of 10.0 Mb": "x" * 11_000_000,
}
"""What is uploaded, by the sentence that it gets."""


def test_it_is_said_how_a_file_was_read(tab: Tab) -> None:
    content = "\n".join([";" + HEAD.replace(",", ";"), *(f"0;{row.replace(',', ';')}" for row in ROWS)])
    chooser(tab).set_input_files(file(content.encode("utf-16"), "Unicode Text.txt"))
    tab.expect_message(
        "Your 27 examples are ready: press Train. Cells are separated by semicolons. The first column, an index, "
        "was left out."
    )
    tab.open_more()
    examples = tab.panel.get_by_label("Data set", exact=True)
    expect(examples).to_have_value(re.compile(r"^Unicode Text\.txt \(upload-[0-9a-f]{8}…\)$"))


def test_a_bad_upload_gets_one_clear_sentence(tab: Tab) -> None:
    for sentence, content in BAD.items():
        chooser(tab).set_input_files(file(content))
        tab.expect_message(sentence)
    tab.open_more()
    expect(tab.panel.get_by_label("Data set", exact=True)).to_have_value("Generate")


EVIL = "<img src=x onerror=window.hacked=1>"


def test_what_a_file_says_is_shown_and_never_run(tab: Tab) -> None:
    chooser(tab).set_input_files(file(HEAD.replace("a,", f"{EVIL},", 1) + "\n" + ROWS[0]))
    tab.expect_message(EVIL)
    chooser(tab).set_input_files(file("\n".join([HEAD, EVIL + ROWS[0]])))
    tab.expect_message("line 2")
    chooser(tab).set_input_files(file("\n".join([HEAD, *ROWS]), f"{EVIL}.csv"))
    tab.expect_message("Your 27 examples are ready")
    tab.button("Train").click()
    tab.expect_state("succeeded")
    tab.button("Look at the data").click()
    expect(tab.part("data").get_by_role("heading", name="The examples")).to_contain_text("onerror")
    assert tab.page.evaluate("window.hacked") is None


def test_a_set_that_is_not_here_is_explained(tab: Tab) -> None:
    tab.open_more()
    examples = tab.panel.get_by_label("Data set", exact=True)
    examples.fill("upload-" + "0" * 32)
    examples.press("Enter")
    tab.button("Train").click()
    tab.expect_message("another server")
