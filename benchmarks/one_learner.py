"""`python -m benchmarks.one_learner`: what one learner costs the server; written into docs/scale.md."""

import asyncio
import secrets
import sqlite3
import time
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from benchmarks.report import machine, number, table
from benchmarks.stress.client import Lab, connected
from benchmarks.stress.server import Server
from service import TrainingService
from service.jobs.workers import InlineExecutor
from tests.browser.chromium import FLAGS, find_chromium
from tests.browser.conftest import WIDE, Tab, go_to
from tests.browser.dragging import drag

DOCUMENT = Path(__file__).parents[1] / "docs" / "scale.md"
MARK = "<!-- the table of `python -m benchmarks.one_learner` -->"
HEAD = ["what one learner does", "requests", "kB to her", "server, ms", "workers, ms"]
TIMES = 20
LEARNERS = (10, 1_000, 100_000)
OPENING_SECONDS = 60
"""In which time all of them are to have the page, and below, how often each presses Train."""
PRESS_SECONDS = 30
OPENS = "opens the page, in a browser that has kept nothing"
PRESSES_TRAIN = "presses Train: 50,000 steps of (3,2,5)"
QUIET_SECONDS = 1.0
"""How long it is waited after what is done in a page, for what that leaves behind."""
IDLE_SECONDS = 15.0
"""How long it is looked at what the server takes while nothing is done, without pages and with all."""
MOVES = 30


@dataclass
class Cost:
    """What something took, all times together; processor seconds, and bytes to the browser."""

    server: float = 0.0
    workers: float = 0.0
    requests: int = 0
    bytes: float = 0.0

    def row(self, what: str, times: int) -> list[str]:
        """A line of the table, of one time."""
        milliseconds = (f"{max(1000 * each / times, 0):.1f}" for each in (self.server, self.workers))
        kilobytes = number(self.bytes / 1000 / times) if self.requests else "-"
        return [what, f"{self.requests / times:.0f}" if self.requests else "-", kilobytes, *milliseconds]


class Meter:
    """Adds up what a server takes from `begin` to `end`."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self.cost = Cost()
        self._before = (0.0, 0.0)

    def listen(self, devtools: CDPSession) -> None:
        """Count what a page asks for, too."""

        def asked(event: dict[str, Any]) -> None:
            self.cost.requests += not event["request"]["url"].startswith(("blob:", "data:"))

        streams = set[str]()

        def answered(event: dict[str, Any]) -> None:
            if event["response"]["mimeType"] == "text/event-stream":
                streams.add(event["requestId"])

        def received(event: dict[str, Any]) -> None:  # a stream may never finish, and is not compressed
            if event["requestId"] in streams:
                self.cost.bytes += event["dataLength"]

        def finished(event: dict[str, Any]) -> None:
            if event["requestId"] not in streams:
                self.cost.bytes += event["encodedDataLength"]

        devtools.send("Network.enable")
        devtools.on("Network.requestWillBeSent", asked)
        devtools.on("Network.responseReceived", answered)
        devtools.on("Network.dataReceived", received)
        devtools.on("Network.loadingFinished", finished)

    def begin(self) -> None:
        """Count from here on."""
        self.cost = Cost()
        self._before = self._seconds()

    def end(self) -> Cost:
        """What it took since `begin`."""
        server, workers = self._seconds()
        self.cost.server, self.cost.workers = server - self._before[0], workers - self._before[1]
        return self.cost

    def _seconds(self) -> tuple[float, float]:
        workers = [each.cpu_times() for each in self._server.workers()]
        return self._server.processor_seconds(), sum(each.user + each.system for each in workers)


@dataclass(frozen=True)
class Open:
    """What is taken while nothing is done."""

    server_ms: float
    """Of the processor a minute, by a server without pages."""
    page_ms: float
    """By each page that is open."""
    page_kilobytes: float
    """Of memory, by each page."""


def in_pages(browser: Browser, server: Server, times: int) -> tuple[list[list[str]], Open]:
    """What a page costs that is opened and used, and what one does that stays open."""
    meter = Meter(server)

    def idle() -> float:
        meter.begin()
        time.sleep(IDLE_SECONDS)
        return meter.end().server / IDLE_SECONDS

    def open_page() -> Page:
        context = browser.new_context(viewport=WIDE)
        page = context.new_page()
        meter.listen(context.new_cdp_session(page))
        go_to(page, server.address)
        page.wait_for_timeout(1000 * QUIET_SECONDS)
        return page

    def settle() -> None:
        time.sleep(5 * QUIET_SECONDS)  # what closed pages leave behind is cleared away

    open_page().context.close()
    settle()
    alone = idle()
    meter.begin()
    memory, begin = server.megabytes(), time.monotonic()
    pages = [open_page() for _ in range(times)]
    opened, kilobytes = meter.end(), 1000 * max(server.megabytes() - memory, 0) / times
    opened.server -= alone * (time.monotonic() - begin)
    settle()
    together = idle()
    for page in pages[1:]:
        page.context.close()
    settle()
    tab = Tab(pages[0], "memorize")
    rows = [opened.row(OPENS, times)]

    def measured(what: str, act: Callable[[], object], again: int = times) -> None:
        act()
        pages[0].wait_for_timeout(1000 * QUIET_SECONDS)
        meter.begin()
        begin = time.monotonic()
        for _ in range(again):
            act()
            pages[0].wait_for_timeout(1000 * QUIET_SECONDS)
        cost = meter.end()
        seconds = time.monotonic() - begin
        cost.server -= idle() * seconds
        rows.append(cost.row(what, again))

    def train() -> None:
        tab.button("Train").click()
        tab.expect_state("succeeded")

    def predict() -> None:
        tab.button("Predict").click()

    asked: list[int] = []

    def slide() -> None:
        before = meter.cost.requests
        drag(tab, MOVES)
        asked.append(meter.cost.requests - before)

    tab.open_more()
    tab.panel.get_by_label("Train while a slider moves").check()
    measured(PRESSES_TRAIN, train)
    measured("asks for predictions", predict)
    measured(f"drags a slider, {MOVES} moves, and lets it rest: it is trained once more", slide)
    moving = f"of that, while the slider moves: {MOVES} trainings in the page"
    rows.append([moving, f"{min(asked)}", *"---"])
    return rows, Open(60_000 * alone, 60_000 * (together - alone) / times, kilobytes)


async def by_api(server: Server, times: int) -> list[list[str]]:
    """What calls cost that a notebook makes."""
    meter, rows = Meter(server), list[list[str]]()
    async with connected(server.address) as lab:
        session = secrets.token_hex(6)
        models = [await _model(lab, session) for _ in range(times + 1)]
        calls: dict[str, Callable[[str], Awaitable[object]]] = {
            "calls /tasks in a session of its own": lambda _: lab.call("tasks"),
            "calls /create_model": lambda _: _model(lab, session),
            "calls /train: 50,000 steps of (3,2,5)": lambda id: lab.call(
                "train", session, model_id=id, steps=50_000
            ),
            "calls /predict": lambda id: lab.call("predict", session, model_id=id, vectors=[[1, 2, 3]]),
        }
        for what, call in calls.items():
            await call(models[0])
            meter.begin()
            for model in models[1:]:
                await call(model)
            rows.append(meter.end().row(what, times))
    return rows


async def _model(lab: Lab, session: str) -> str:
    return (await lab.call("create_model", session, task="memorize"))["id"]


def kept(times: int) -> tuple[float, float]:
    """The kB that a model and its run leave in the database, and how many losses."""
    sizes: list[int] = []
    with TemporaryDirectory() as folder:
        for count in (0, 10 * times):
            with TrainingService(Path(folder), workers=1, make_executor=InlineExecutor) as lab:
                for _ in range(count):
                    lab.train(lab.create_model("memorize").id, steps=50_000)
            with closing(sqlite3.connect(Path(folder) / "lab.sqlite")) as database:
                (pages,), (size,) = (database.execute(f"PRAGMA {each}").fetchone() for each in PAGES)
                sizes.append(pages * size)
                (points,) = database.execute("SELECT COUNT(*) FROM points").fetchone()
    return (sizes[1] - sizes[0]) / 1000 / (10 * times), points / (10 * times)


def plan(rows: list[list[str]], page_kilobytes: float, run_kilobytes: float) -> list[str]:
    """What many learners take, by arithmetic from what one does."""
    costs = {what: [float(cell) for cell in cells] for what, *cells in rows if "-" not in cells}
    (_, sent, opening, _), (_, _, pressing, training) = costs[OPENS], costs[PRESSES_TRAIN]
    lines: list[list[str]] = []
    for learners in LEARNERS:
        openings, presses = learners / OPENING_SECONDS, learners / PRESS_SECONDS
        amounts = (
            openings * opening / 1000,
            openings * sent * 8 / 1000,
            presses * pressing / 1000,
            presses * training / 1000,
            presses * run_kilobytes * 3.6,
            learners * page_kilobytes / 1e6,
        )
        lines.append([f"{learners:,}", *map(number, amounts)])
    head = ["learners", f"opening within {OPENING_SECONDS} s: cores of the server", "Mbit/s"]
    head += [f"a press each {PRESS_SECONDS} s: cores of the server", "cores of workers"]
    return table([*head, "database, MB an hour", "open pages, GB of memory"], lines)


PAGES = ("page_count", "page_size")


def run(times: int) -> list[str]:
    """The table; each line is the mean of so many times, on a server with nobody else."""
    path = find_chromium()
    if path is None:
        return ["Not measured: there is no Chromium here."]
    with TemporaryDirectory() as folder:
        server = Server(Path(folder))
        try:
            asyncio.run(by_api(server, 1))
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
                rows, idle = in_pages(browser, server, times)
                browser.close()
            rows += asyncio.run(by_api(server, times))
        finally:
            server.stop()
    kilobytes, losses = kept(times)
    page_ms = f"{idle.page_ms:.0f} ms" if idle.page_ms > 0 else "less than can be told"
    return [
        *table(HEAD, rows),
        "",
        f"Means of {times} times. Milliseconds are the processor's: of the server's one process, and of its "
        f"workers. A page that is open takes {idle.page_kilobytes:.0f} kB of the server's memory, and "
        f"{page_ms} of its processor a minute. The server takes {idle.server_ms:.0f} ms a minute "
        "with nobody there, for Gradio looks into its queue a thousand times a second; that is taken off "
        "what is done in a page. While a browser computes on the same cores it looks less often, so the line "
        "of a drag is too low: a press of Train is in it. A model and its run keep "
        f"{kilobytes:.1f} kB: 2 rows, {losses:.0f} of losses.",
        "",
        *plan(rows, idle.page_kilobytes, kilobytes),
        "",
        "The second table is arithmetic from the first: nobody has measured 1,000 learners.",
    ]


def main(times: int = TIMES) -> None:
    """Print the tables and keep them."""
    lines = run(times)
    print("\n".join(lines))
    text = DOCUMENT.read_text(encoding="utf-8").partition(MARK)[0]
    DOCUMENT.write_text("\n".join([f"{text}{MARK}\n", *machine(), "", *lines, ""]), encoding="utf-8")


if __name__ == "__main__":
    main()
