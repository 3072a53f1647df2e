"""A hand that drags the learning rate's slider, and waits for the curve after every move."""

from typing import Any, NamedTuple

from playwright.sync_api import CDPSession

from tests.browser.conftest import Tab

# Two frames after the curve has changed it has been painted. The curve's own words tell one from another.
DRAG = """
async ([slider, plot, positions]) => {
  const told = () => plot.textContent + plot.querySelector('[aria-label]')?.ariaLabel;
  const moves = [];
  for (const position of positions) {
    moves.push(await new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no curve for ${position}`)), 20000);
      const begin = performance.now(), before = told();
      const observer = new MutationObserver(() => {
        if (told() === before) return;
        const changed = performance.now() - begin;
        observer.disconnect();
        clearTimeout(timer);
        requestAnimationFrame(() => requestAnimationFrame(() => resolve([changed, performance.now() - begin])));
      });
      observer.observe(plot, { subtree: true, childList: true, attributes: true, characterData: true });
      slider.value = position;
      slider.dispatchEvent(new Event('input', { bubbles: true }));
    }));
  }
  return moves;
}
"""
LAST = -5


class Move(NamedTuple):
    """How many milliseconds after a move of the slider something was so."""

    changed: float
    """The page holds the new curve."""
    painted: float
    """It is on the screen."""


class Kept(NamedTuple):
    """What a page holds on to."""

    nodes: float
    """Of its document, and those that scripts still know."""
    heap: float
    """Bytes of its scripts."""


def positions(count: int) -> list[float]:
    """Learning rates between 1e-6 and 1e-4, as logarithms: no two neighbors the same, and LAST at last."""
    return [*(-6 + 2 * (index * 37 % 101) / 101 for index in range(1, count)), LAST]


def drag(tab: Tab, updates: int) -> list[Move]:
    """Move the slider that often; how long each move took."""
    slider: Any = tab.part("learning-rate").get_by_role("slider").element_handle()
    plot: Any = tab.part("plot").element_handle()
    return [Move(*move) for move in tab.page.evaluate(DRAG, [slider, plot, positions(updates)])]


def kept(tab: Tab, devtools: CDPSession) -> Kept:
    """What the page still holds once all garbage is gone; `devtools` has `Performance` enabled."""
    for _ in range(3):  # what is freed only frees something else at first
        tab.page.evaluate("new Promise(requestIdleCallback)")
        devtools.send("HeapProfiler.collectGarbage")
    found: Any = devtools.send("Performance.getMetrics")["metrics"]
    metrics = {metric["name"]: metric["value"] for metric in found}
    return Kept(metrics["Nodes"], metrics["JSHeapUsedSize"])
