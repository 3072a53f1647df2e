"""The page's kernels, in Chromium: the server's bits, in both variants, wherever a run is cut."""

import json
from collections.abc import Iterator
from random import Random

import pytest
from playwright.sync_api import Browser, Page

from service.training.advance import advance
from service.training.description import describe
from tests.browser.kernel_runs import RUN, Run, differing, random_run, served, to_its_end, told, with_stops
from tests.service.works import held_out_too_large, make_work, overflowing_unseen, parameters
from wasm.build import VARIANTS

IN_A_WORKER = f"""([folder, ...rest]) => new Promise((resolve, reject) => {{
    const text = `onmessage = async ({{ data }}) => postMessage(await (${{ {RUN} }})(data));`;
    const address = URL.createObjectURL(new Blob([text], {{ type: 'text/javascript' }}));
    const worker = new Worker(address, {{ type: 'module' }});
    worker.onmessage = ({{ data }}) => resolve(data);
    worker.onerror = reject;
    worker.postMessage([folder, ...rest]);
}})"""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Where the page's files are."""
    with served() as found:
        yield found


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A page from there, with nothing on it."""
    opened = browser.new_page()
    opened.goto(f"{address}/kernel.js")
    yield opened
    opened.close()


def test_it_trains_to_the_server_s_bits(page: Page, address: str) -> None:
    runs = [random_run(seed) for seed in range(300)]
    assert_every_kind_is_among(runs)
    diverging = [
        run for run in runs if run.expected["step"] > run.work.start_step and run.expected["diverged_at"]
    ]
    runs += [to_its_end(run) for run in diverging]
    odd = (overflowing_unseen("compiled"), held_out_too_large("compiled"))
    runs += [with_stops(Random(0), work) for work in odd]
    for variant in VARIANTS:
        assert differing(runs, page.evaluate(RUN, [address, variant, told(runs)])) == []


def assert_every_kind_is_among(runs: list[Run]) -> None:
    """What a property of random runs is worth depends on which there are."""
    configs = [run.work.config for run in runs]
    kernels = {
        (
            run.work.task,
            run.work.config.optimizer,
            any(run.work.config.settings.values()),
            run.work.config.batch_size > 1,
        )
        for run in runs
    }
    assert len(kernels) == 3 * 4 + 4  # challenge with and without batches; sgd with and without settings
    diverged = [
        run.expected["diverged_at"] - run.work.start_step
        for run in runs
        if run.expected["diverged_at"] is not None
    ]
    assert sum(step > 1 for step in diverged) >= 10
    assert 0 in diverged
    assert sum(len(run.stops) > 1 for run in runs) >= 100
    assert sum(run.work.start_step > 0 for run in runs) >= 50
    assert sum(config.examples % config.batch_size > 0 for config in configs) >= 20
    assert sum(config.order == "shuffled" and config.held_out > 0 for config in configs) >= 10
    blocks = [(describe(run.work) or {}).get("orders") for run in runs]
    crossing = [
        run
        for run, orders in zip(runs, blocks, strict=True)
        if orders and orders["steps_per_block"] < run.work.target_step
    ]
    assert len(crossing) >= 10


def test_it_tells_every_parameter_by_its_name(page: Page, address: str) -> None:
    work = make_work("challenge", 5, {"hidden": [9, 2]}, engine="compiled", examples=7)
    by_name = """async ([folder, text]) => {
        const { load } = await import(`${folder}/kernel.js`);
        const { named, read } = await import(`${folder}/packing.js`);
        const work = read(JSON.parse(text));
        const { parameters } = (await load(`${folder}/kernels`, 'network_kernel')).train(work);
        return named(work.views, parameters);
    }"""
    trained = parameters(advance(work, 5))
    assert page.evaluate(by_name, [address, json.dumps(describe(work))]) == {
        name: tensor.flatten().tolist() for name, tensor in trained.items()
    }


def test_a_worker_can_use_it_too(page: Page, address: str) -> None:
    runs = [random_run(seed) for seed in range(10)]
    assert differing(runs, page.evaluate(IN_A_WORKER, [address, "exact", told(runs)])) == []


def test_it_takes_the_variant_that_the_browser_has(page: Page, address: str) -> None:
    taken = """async (folder) => {
        const { fused, load } = await import(`${folder}/kernel.js`);
        return [fused(), (await load(`${folder}/kernels`, 'product_kernel')).variant];
    }"""
    has, variant = page.evaluate(taken, address)
    assert variant == ("fused" if has else "exact")


def test_it_goes_no_further_than_the_orders_that_it_was_told(page: Page, address: str) -> None:
    work = make_work("challenge", 100, engine="compiled", examples=3000, order="shuffled", batch_size=50)
    further = """async ([folder, text]) => {
        const { load } = await import(`${folder}/kernel.js`);
        const { read } = await import(`${folder}/packing.js`);
        const kernels = await load(`${folder}/kernels`, 'network_kernel');
        try { kernels.train({ ...read(JSON.parse(text)), target_step: 200 }); } catch (error) { return String(error); }
    }"""
    text = json.dumps(describe(work))
    assert (
        page.evaluate(further, [address, text])
        == "RangeError: the order of the examples at step 120 is not known"
    )


def test_what_cannot_be_fetched_is_an_error(page: Page, address: str) -> None:
    missing = """async (folder) => {
        const { load } = await import(`${folder}/kernel.js`);
        return load(`${folder}/elsewhere`, 'network_kernel', 'exact').catch(String);
    }"""
    assert page.evaluate(missing, address) == f"Error: {address}/elsewhere/network_kernel.exact.wasm: 404"
