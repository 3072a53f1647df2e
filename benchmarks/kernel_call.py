"""What training in the page takes: one call of kernel.js, the first of a browser and those after it."""

import json
from statistics import median

from benchmarks.chromium import LOAD, kernel_page
from benchmarks.report import number, table
from benchmarks.rows import MEMORIZE, Row
from service.training.description import describe
from wasm.build import VARIANTS

TITLE = "Training in the page: milliseconds per call of its kernels"
CASES = {
    "50,000 steps of (3,2,5)": (MEMORIZE, 50_000),
    "20,000 steps of (3,3,5)": (Row("(3,3,5)", "challenge", 1e-3, {"hidden": [3]}), 20_000),
}
BROWSERS = 5
CALLS = 50
WARM_UP = 20

TIMED = """async ([train, count]) => {
  const milliseconds = [];
  for (let call = 0; call < count; call++) {
    const begin = performance.now();
    train();
    milliseconds.push(performance.now() - begin);
    await new Promise(requestAnimationFrame);
  }
  return milliseconds;
}"""
"""As a page would call it: with frames in between, in which the browser compiles further."""


def run() -> list[str]:
    """The medians of the first calls and of the warm ones."""
    rows: list[list[str]] = []
    for title, (row, steps) in CASES.items():
        description = json.dumps(describe(row.work("compiled", steps)))
        for variant in VARIANTS:
            try:
                calls = [_calls(variant, description) for _ in range(BROWSERS)]
            except FileNotFoundError:
                return ["Not measured: there is no Chromium here."]
            first = median(each[0] for each in calls)
            warm = median(time for each in calls for time in each[WARM_UP:])
            rows.append([title, variant, number(first), number(warm)])
    return [
        *table(["", "variant", "first call", "warm"], rows),
        "",
        f"Plain SGD, 500 losses recorded, in headless Chromium. Medians of {BROWSERS} fresh browsers, and of "
        f"{CALLS} calls in each after {WARM_UP}. The first call has the kernel as the browser compiles it at "
        "once; what it compiles better meanwhile serves the calls after it.",
    ]


def _calls(variant: str, description: str) -> list[float]:
    with kernel_page() as page:
        train = page.evaluate_handle(LOAD, [variant, description])
        return page.evaluate(TIMED, [train, WARM_UP + CALLS])
