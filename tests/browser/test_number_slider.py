"""What is typed beside a slider: taken if it means one number, and otherwise refused as it was typed."""

from playwright.sync_api import expect

from tests.browser.conftest import OpenTab

WHOLE = ("1.000", "1,00", "01,000", "12.5", "0x10", "9007199254740993")
NUMBERS = ("0,25", "1,000", "0x1", "1e-400", "Infinity", "1_0", "1e", "½")


def test_what_is_not_clearly_a_number_is_named_and_never_trained_with(open_tab: OpenTab) -> None:
    tab = open_tab("product")
    for control, label, texts in (("steps", "Steps", WHOLE), ("learning-rate", "Learning rate", NUMBERS)):
        for typed in texts:
            tab.set(control, typed)
            got = typed if typed == "12.5" else f"'{typed}'"
            tab.expect_message(f"; got {got}.")
            tab.expect_message(f"{label} must be ")
    expect(tab.part("status")).to_contain_text("Not trained yet.")


def test_one_number_may_be_written_in_several_ways(open_tab: OpenTab) -> None:
    tab = open_tab("product")
    for typed, steps in (("1,234", "1,234"), (" 45 ", "45"), ("+67", "67"), ("8e1", "80"), ("9.0", "9")):
        tab.set("steps", typed)
        expect(tab.part("status")).to_contain_text(f"{steps} of {steps}")
    for typed, rate in (("2e-3", "0.002"), (".004", "0.004"), ("+5.E-3", "0.005")):
        tab.set("learning-rate", typed)
        expect(tab.part("status")).to_contain_text(f"learning rate{rate}")
