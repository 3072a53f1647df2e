"""The page while a slider is dragged: from its event to the new curve, near the server and far away."""

import tempfile
from pathlib import Path
from statistics import quantiles
from typing import NamedTuple

from playwright.sync_api import Browser, sync_playwright

from benchmarks.report import number, table
from tests.browser.chromium import FLAGS, find_chromium
from tests.browser.conftest import WIDE, Tab
from tests.browser.dragging import Kept, Move, drag, kept
from tests.browser.proxy import Network
from tests.conftest import running_app

TITLE = "Dragging: from the slider's event to the new curve"
UPDATES = 300
MORE_UPDATES = 2000
"""What is kept is looked at after so many."""
WARM_UP = 30
ROUND_TRIPS = (0, 150)
"""Milliseconds to the server and back."""
CHANGED_GOAL, PAINTED_GOAL = 12, 50
LONG_TASK = 50
"""Milliseconds; what is shorter, browsers do not tell."""

WATCH_TASKS = """
window.longTasks = [];
new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) longTasks.push(duration);
}).observe({ type: 'longtask' });
"""


class Case(NamedTuple):
    """A training that the slider runs again."""

    title: str
    task: str
    steps: int
    hidden: str


CASES = (
    Case("memorize, 50,000 steps of (3,2,5)", "memorize", 50_000, "2"),
    Case("challenge, 20,000 steps of (3,3,5)", "challenge", 20_000, "3"),
)


def run() -> list[str]:
    """The times of each training at each distance, in a headless Chromium on the same machine as the app."""
    path = find_chromium()
    if path is None:
        return ["Not measured: there is no Chromium here."]
    rows: list[list[str]] = []
    with (
        tempfile.TemporaryDirectory() as folder,
        running_app(Path(folder)) as app,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        for round_trip in ROUND_TRIPS:
            with Network(app.port, delay=round_trip / 2000) as network:
                for case in CASES:
                    tab = _opened(browser, case, f"http://127.0.0.1:{network.port}/")
                    rows.append([case.title, str(round_trip), *_told(tab)])
                    tab.page.close()
        tab = _opened(browser, CASES[0], app.address)
        before, after = _kept(tab)
        browser.close()
    head = [
        *("", "round trip, ms", "changed, median ms", f"95th percentile (goal <= {CHANGED_GOAL})"),
        *("painted, median ms", f"95th percentile (goal <= {PAINTED_GOAL})"),
        f"longest task (goal: none over {LONG_TASK})",
    ]
    return [
        *table(head, rows),
        "",
        f"{UPDATES} moves after {WARM_UP} more, one after another as fast as they are painted. Changed: the "
        "page holds the new curve; painted: two frames later. The goals are the same at both distances. The "
        "network in between delays what is sent, but connects at once.",
        "",
        *table(
            [f"{MORE_UPDATES:,} moves, {CASES[0].title}", "before", "after"],
            [
                ["DOM nodes", f"{before.nodes:,.0f}", f"{after.nodes:,.0f}"],
                ["JavaScript heap, MB", number(before.heap / 1e6), number(after.heap / 1e6)],
            ],
        ),
    ]


def _opened(browser: Browser, case: Case, address: str) -> Tab:
    """The chapter, trained, and dragged until every first move has been answered."""
    tab = Tab(browser.new_page(viewport=WIDE), case.task, address)
    tab.set_by_hand()
    tab.set("steps", str(case.steps))
    tab.panel.get_by_label("Hidden layer widths", exact=True).fill(case.hidden)
    tab.panel.get_by_label("Train while a slider moves").check()
    tab.button("Train").click()
    tab.expect_state("succeeded")
    drag(tab, WARM_UP)
    tab.expect_state("succeeded")
    return tab


def _told(tab: Tab) -> list[str]:
    tab.page.evaluate(WATCH_TASKS)
    moves = drag(tab, UPDATES)
    longest = max(tab.page.evaluate("longTasks"), default=0)
    return [
        *_percentiles(moves, "changed"),
        *_percentiles(moves, "painted"),
        number(longest) if longest else "none",
    ]


def _percentiles(moves: list[Move], name: str) -> list[str]:
    found = quantiles((getattr(move, name) for move in moves), n=20)
    return [number(found[9]), number(found[18])]


def _kept(tab: Tab) -> tuple[Kept, Kept]:
    devtools = tab.page.context.new_cdp_session(tab.page)
    devtools.send("Performance.enable")
    before = kept(tab, devtools)
    drag(tab, MORE_UPDATES)
    return before, kept(tab, devtools)
