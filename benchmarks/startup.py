"""Start-up: the app until it serves, against importing gradio and torch and nothing else."""

import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

from benchmarks.report import number, table
from tests.conftest import ROOT, running_app

TITLE = "Seconds from a cold process to a served page, against the bare imports"
ROUNDS = 5


def imports() -> float:
    """Import what the app stands on."""
    begin = perf_counter()
    subprocess.run([sys.executable, "-c", "import gradio, torch"], check=True, cwd=ROOT)
    return perf_counter() - begin


def app() -> float:
    """Start the app, until it prints its address."""
    with tempfile.TemporaryDirectory() as folder:
        begin = perf_counter()
        with running_app(Path(folder)):
            return perf_counter() - begin


def run() -> list[str]:
    """The medians of alternating starts."""
    for warm_up in (imports, app):
        warm_up()
    times = [(imports(), app()) for _ in range(ROUNDS)]
    ratio = median(second / first for first, second in times)
    bare, started = (median(column) for column in zip(*times, strict=True))
    return [
        *table(
            ["", "s"], [["bare imports", number(bare)], ["app", number(started)], ["ratio", number(ratio)]]
        ),
        "",
        f"Medians of {ROUNDS} rounds.",
    ]
