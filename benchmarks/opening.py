"""Opening the page over a network, against an empty page of Gradio's: how long it takes, and how much."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from playwright.sync_api import Browser, BrowserContext, sync_playwright

from benchmarks.distance import distant
from benchmarks.report import number, table
from tests.browser.chromium import FLAGS, find_chromium
from tests.conftest import ROOT, free_port, running_app

TITLE = "Opening the page over a network, against an empty Gradio page"
ROUND_TRIPS = (0, 150)
"""In milliseconds."""
ROUNDS = 7
GOAL_RATIO = 1.5
GOAL_MEGABYTES = 0.6
QUIET_SECONDS = 1.5
"""For how long nothing has been asked for once a page has been opened."""

EMPTY = """
import sys, threading
import gradio as gr
with gr.Blocks() as page:
    pass
page.launch(server_port=int(sys.argv[1]), ssr_mode=False, prevent_thread_lock=True, quiet=True)
print("served", flush=True)
threading.Event().wait()
"""

NOTE_TIMES = """
window.noted = {};
const look = () => {
  for (const [name, selector] of Object.entries(SELECTORS))
    if (!(name in noted) && document.querySelector(selector)) noted[name] = performance.now();
  requestAnimationFrame(look);
};
requestAnimationFrame(look);
"""


@dataclass(frozen=True)
class Subject:
    """A page that is opened, and CSS selectors of what shows how far that is."""

    name: str
    drawn: str
    """Is there once the first screen is."""
    ready: str
    """Is there once what is pressed is answered."""


SUBJECTS = (
    Subject("empty", "footer button", "footer button"),
    Subject(
        "this page",
        "#ritual-surface svg",
        "body:has(#score p:not([aria-busy])):has([role=tabpanel]:not([inert]))",
    ),
)


@dataclass(frozen=True)
class Opened:
    """What an opening took."""

    drawn: float
    """Milliseconds from the navigation on; and below."""
    ready: float
    megabytes: float
    requests: float


@contextmanager
def empty_page() -> Iterator[int]:
    """The port of an empty Gradio page, in a process of its own."""
    port = free_port()
    command = [sys.executable, "-c", EMPTY, str(port)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert any("served" in line for line in process.stdout)
            yield port
        finally:
            process.terminate()


def open_page(context: BrowserContext, port: int, subject: Subject) -> Opened:
    """Open the page in a tab of its own, and wait until it asks for nothing more."""
    page = context.new_page()
    selectors = json.dumps({"drawn": subject.drawn, "ready": subject.ready})
    page.add_init_script(f"{{ const SELECTORS = {selectors}; {NOTE_TIMES} }}")
    devtools = context.new_cdp_session(page)
    devtools.send("Network.enable")
    sizes: list[float] = []
    asked: list[float] = []

    def note_request(event: dict[str, Any]) -> None:
        if not event["request"]["url"].startswith(("blob:", "data:")):
            asked.append(perf_counter())

    def note_answer(event: dict[str, Any]) -> None:
        sizes.append(event["encodedDataLength"])

    devtools.on("Network.requestWillBeSent", note_request)
    devtools.on("Network.loadingFinished", note_answer)
    page.goto(f"http://127.0.0.1:{port}/")
    page.locator(subject.ready).first.wait_for(state="attached")
    while perf_counter() < asked[-1] + QUIET_SECONDS:
        page.wait_for_timeout(100)
    noted = page.evaluate("noted")
    page.close()
    return Opened(noted["drawn"], noted["ready"], sum(sizes) / 1e6, len(asked))


def open_twice(browser: Browser, port: int, subject: Subject) -> tuple[Opened, Opened]:
    """Open the page in a profile that has kept nothing, and once more."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    opened = open_page(context, port, subject), open_page(context, port, subject)
    context.close()
    return opened


def rounds(browser: Browser, ports: tuple[int, int], count: int) -> list[list[tuple[Opened, Opened]]]:
    """Each page opened twice in each of the rounds, for both share the noise."""
    return [
        [open_twice(browser, port, subject) for subject, port in zip(SUBJECTS, ports, strict=True)]
        for _ in range(count)
    ]


def summary(openings: list[list[tuple[Opened, Opened]]], milliseconds: int) -> list[list[str]]:
    """A row for each profile and page; the second says how many times as long it takes."""
    rows: list[list[str]] = []
    for which, kept in enumerate(("nothing kept", "opened before")):
        empty, page = (_medians([each[index][which] for each in openings]) for index in range(len(SUBJECTS)))
        for subject, opened in zip(SUBJECTS, (empty, page), strict=True):
            cells = [number(value) for value in (opened.drawn, opened.ready, opened.megabytes)]
            ratio = "" if opened is empty else number(page.ready / empty.ready)
            name = f"{milliseconds} ms, {kept}: {subject.name}"
            rows.append([name, *cells, f"{opened.requests:.0f}", ratio])
    return rows


def _medians(openings: list[Opened]) -> Opened:
    return Opened(*(median(measure) for measure in zip(*map(astuple, openings), strict=True)))


def run() -> list[str]:
    """The medians of alternating openings, in a headless Chromium on the same machine as both pages."""
    path = find_chromium()
    if path is None:
        return ["Not measured: there is no Chromium here."]
    rows: list[list[str]] = []
    with (
        tempfile.TemporaryDirectory() as folder,
        running_app(Path(folder)) as app,
        empty_page() as empty_port,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        rounds(browser, (empty_port, app.port), 1)  # warms up
        for milliseconds in ROUND_TRIPS:
            seconds = milliseconds / 1e3
            with distant(empty_port, seconds) as far_empty, distant(app.port, seconds) as far_app:
                openings = rounds(browser, (far_empty, far_app), ROUNDS)
            rows += summary(openings, milliseconds)
        browser.close()
    return [
        *table(
            [
                "round trip, profile: page",
                "first screen, ms",
                "ready, ms",
                f"MB (goal <= {GOAL_MEGABYTES})",
                "requests",
                f"ready / empty (goal <= {GOAL_RATIO})",
            ],
            rows,
        ),
        "",
        f"Medians of {ROUNDS} rounds. HTTP/1.1, six connections, as between any browser and Gradio; a proxy "
        "holds every byte back, and costs each connection one round trip more. Ready is a page that answers "
        "what is pressed; an empty one is, once its footer is there. Bytes and requests are all there are "
        f"until nothing is asked for {QUIET_SECONDS} s long.",
    ]


if __name__ == "__main__":
    print("\n".join(run()))
