"""Take the pictures in docs/: every chapter, trained, wide, on a phone, and dark (`make screenshots`)."""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

from tests.browser.chromium import FLAGS, find_chromium
from tests.browser.conftest import Tab
from tests.conftest import ROOT, running_app

VIEWS = {"wide": (1280, 800, "light"), "phone": (375, 740, "light"), "dark": (1280, 800, "dark")}
RUNS = {
    "product": {"learning-rate": "0.003", "steps": "100"},
    "memorize": {"learning-rate": "0.001", "steps": "150"},
    "challenge": {"learning-rate": "0.001", "steps": "6000"},
}


def main() -> None:
    """Write docs/<task>-<view>.png for every task and view."""
    path = find_chromium()
    if path is None:
        sys.exit("no Chromium found: install it (Debian: apt-get install chromium) to take the pictures")
    with (
        tempfile.TemporaryDirectory() as data,
        running_app(Path(data)) as app,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        for view, (width, height, theme) in VIEWS.items():
            for task, settings in RUNS.items():
                page = browser.new_page(viewport={"width": width, "height": height})
                tab = Tab(page, task, f"{app.address}?__theme={theme}")
                for control, value in settings.items():
                    tab.set(control, value)
                tab.button("Train").click()
                tab.expect_state("succeeded")
                if task != "product":
                    expect(tab.part("predictions")).to_contain_text("right")
                page.mouse.move(0, 0)
                page.screenshot(path=ROOT / "docs" / f"{task}-{view}.png", full_page=True)
                page.close()
        browser.close()


if __name__ == "__main__":
    main()
