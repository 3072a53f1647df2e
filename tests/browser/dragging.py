"""A hand that drags the learning rate's slider, and waits for the curve after every move."""

from typing import Any

from tests.browser.conftest import Tab

# Two frames after the curve has changed it has been painted.
DRAG = """
async ([slider, plot, positions]) => {
  const milliseconds = [];
  for (const position of positions) {
    milliseconds.push(await new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no curve for ${position}`)), 20000);
      const begin = performance.now(), before = plot.textContent;
      const observer = new MutationObserver(() => {
        if (plot.textContent === before) return;
        observer.disconnect();
        clearTimeout(timer);
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
LAST = -5


def positions(count: int) -> list[float]:
    """Learning rates between 1e-6 and 1e-4, as logarithms: no two neighbors the same, and LAST at last."""
    return [*(-6 + 2 * (index * 37 % 101) / 101 for index in range(1, count)), LAST]


def drag(tab: Tab, updates: int) -> list[float]:
    """Move the slider that often; how many milliseconds each move took, up to the painted curve."""
    slider: Any = tab.part("learning-rate").get_by_role("slider").element_handle()
    plot: Any = tab.part("plot").element_handle()
    return tab.page.evaluate(DRAG, [slider, plot, positions(updates)])
