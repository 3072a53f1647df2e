"""The page while a slider is dragged: from the slider's event until the new curve has been painted."""

import tempfile
from pathlib import Path
from statistics import quantiles
from typing import Any

from playwright.sync_api import Page, sync_playwright

from benchmarks.report import number, table
from tests.browser.chromium import FLAGS, find_chromium
from tests.browser.conftest import Tab
from tests.conftest import running_app

TITLE = "Dragging: from the slider's event to the repainted curve, 50,000 steps of memorize each"
UPDATES = 300
WARM_UP = 30
GOAL = 150

# Two frames after the curve has changed it has been painted.
DRAG = """
async ([slider, plot, positions]) => {
  const milliseconds = [];
  for (const position of positions) {
    milliseconds.push(await new Promise((resolve) => {
      const begin = performance.now(), before = plot.textContent;
      const observer = new MutationObserver(() => {
        if (plot.textContent === before) return;
        observer.disconnect();
        requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - begin)));
      });
      observer.observe(plot, { subtree: true, childList: true, attributes: true, characterData: true });
      slider.value = position;
      slider.dispatchEvent(new Event('input', { bubbles: true }));
    }));
  }
  return milliseconds;
}
"""


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
    slider: Any = tab.part("learning-rate").get_by_role("slider").element_handle()
    plot: Any = tab.part("plot").element_handle()
    # No two neighbors give the same curve, nor does the first give the one that is there.
    positions = [-6 + 2 * (index * 37 % 101) / 101 for index in range(1, 1 + WARM_UP + UPDATES)]
    return page.evaluate(DRAG, [slider, plot, positions])[WARM_UP:]
