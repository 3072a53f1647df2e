"""The page while a slider is dragged: from the slider's event until the new curve has been painted."""

import tempfile
from pathlib import Path
from statistics import quantiles

from playwright.sync_api import Page, sync_playwright

from benchmarks.report import number, table
from tests.browser.chromium import FLAGS, find_chromium
from tests.browser.conftest import Tab
from tests.browser.dragging import drag
from tests.conftest import running_app

TITLE = "Dragging: from the slider's event to the repainted curve, 50,000 steps of memorize each"
UPDATES = 300
WARM_UP = 30
GOAL = 150


def run() -> list[str]:
    """The median and the 95th percentile, in a headless Chromium on the same machine as the app."""
    path = find_chromium()
    if path is None:
        return ["Not measured: there is no Chromium here."]
    with (
        tempfile.TemporaryDirectory() as folder,
        running_app(Path(folder)) as app,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        times = _drag(page, app.address)
        browser.close()
    percentiles = quantiles(times, n=100)
    rows = [["ms", number(percentiles[49]), number(percentiles[94]), number(max(times))]]
    return [
        *table(["", "median", f"95th percentile (goal <= {GOAL})", "longest"], rows),
        "",
        f"{UPDATES} updates after {WARM_UP} more, one after another as fast as they are painted.",
    ]


def _drag(page: Page, address: str) -> list[float]:
    tab = Tab(page, "memorize", address)
    tab.button("Train").click()
    tab.expect_state("succeeded")
    return drag(tab, WARM_UP + UPDATES)[WARM_UP:]
