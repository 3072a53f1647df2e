"""Start-up: the app until it serves, against importing gradio and torch and nothing else."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from time import perf_counter

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


def run() -> Iterator[str]:
    """The medians of alternating starts."""
    for warm_up in (imports, app):
        warm_up()
    times = [(imports(), app()) for _ in range(ROUNDS)]
    bare, started = (median(column) for column in zip(*times, strict=True))
    ratio = median(second / first for first, second in times)
    yield f"{'imports':>10}{'app':>10}{'ratio':>8}   (median of {ROUNDS})"
    yield f"{bare:>9.2f}s{started:>9.2f}s{ratio:>8.2f}"
