"""A page in a headless Chromium that has the page's kernels, and nothing else."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, sync_playwright

from tests.browser.chromium import FLAGS, find_chromium
from tests.browser.kernel_runs import served


@contextmanager
def kernel_page() -> Iterator[Page]:
    """A page of a browser of its own; raises FileNotFoundError if there is no Chromium."""
    path = find_chromium()
    if path is None:
        raise FileNotFoundError("Chromium")
    with served() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        page = browser.new_page()
        page.goto(f"{address}/kernel.js")
        yield page
        browser.close()


LOAD = """async ([variant, text]) => {
    const { load } = await import('/kernel.js');
    const { read } = await import('/packing.js');
    const work = read(JSON.parse(text));
    const kernels = await load('/kernels', work.kernel, variant);
    return () => ({ ...work, ...kernels.train(work) });
}"""
"""A function that trains what is described, on the kernels of a variant."""
