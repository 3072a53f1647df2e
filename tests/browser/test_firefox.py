"""The page in Firefox, driven by Marionette, for Playwright drives no Firefox but its own."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from marionette_driver.marionette import Marionette
from marionette_driver.wait import Wait

from tests.browser.conftest import do_without
from tests.browser.kernel_runs import RUN, differing, random_run, served, told
from tests.conftest import RunningApp
from wasm.build import VARIANTS

Firefox = Any  # the driver has no types
CSS = "css selector"


@pytest.fixture(scope="module")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    """One Firefox, with a profile of its own, for all tests."""
    path = shutil.which("firefox-esr") or shutil.which("firefox")
    if path is None:
        do_without("Firefox", "firefox-esr")
    log: Path = tmp_path_factory.mktemp("firefox") / "log"
    started = Marionette(bin=path, headless=True, gecko_log=str(log), startup_timeout=120)
    try:
        started.start_session()
        yield started
    finally:
        started.quit()
        started.cleanup()


Open = Callable[[str], None]


@pytest.fixture
def open_at(firefox: Firefox, app: RunningApp) -> Open:
    """Opens the page with what is to follow its address, in a browser that remembers nothing."""

    def open_it(query: str) -> None:
        firefox.navigate(app.address)
        firefox.execute_script("localStorage.clear()")
        firefox.navigate(f"{app.address}{query}")
        wait_for(firefox, lambda: firefox.find_elements(CSS, "#score p:not([aria-busy])"))

    return open_it


def wait_for(firefox: Firefox, condition: Callable[[], object]) -> None:
    Wait(firefox, timeout=20, interval=0.05).until(lambda _: condition())


def wait_for_text(firefox: Firefox, selector: str, text: str) -> None:
    wait_for(firefox, lambda: text in shown(firefox, selector))


def shown(firefox: Firefox, selector: str) -> str:
    """What stands in the elements that can be seen."""
    return " ".join(element.text for element in firefox.find_elements(CSS, selector))


def open_chapter(firefox: Firefox, chapter: str) -> None:
    """Click its tab, which is there twice: once only to be measured."""
    (tab,) = [
        tab for tab in firefox.find_elements(CSS, f"[role=tab][data-tab-id={chapter}]") if tab.is_displayed()
    ]
    tab.click()
    wait_for(firefox, lambda: asked(firefox, "chapter") == chapter)


def press(firefox: Firefox, name: str) -> None:
    """Click the chapter's button of that name."""
    buttons = firefox.find_elements("xpath", f"//*[@role='tabpanel']//button[normalize-space()='{name}']")
    next(button for button in buttons if button.is_displayed()).click()


def asked(firefox: Firefox, name: str) -> str | None:
    return firefox.execute_script("return new URLSearchParams(location.search).get(arguments[0])", [name])


def learning_rate(firefox: Firefox) -> str:
    return firefox.find_element(CSS, "#memorize-learning-rate-text").get_property("value")


def test_it_opens_and_trains(firefox: Firefox, open_at: Open) -> None:
    open_at("")
    assert shown(firefox, "[role=tab][aria-selected=true]") == "2. Autograd"
    open_chapter(firefox, "module")
    open_chapter(firefox, "autograd")
    firefox.find_element(CSS, "#product-parameters summary").click()
    press(firefox, "Train")
    wait_for_text(firefox, "#product-parameters", "var_1 = tensor(3.4505)")
    wait_for_text(firefox, "#product-parameters", "var_1 * var_2 = tensor(15.0000)")


def test_a_link_opens_trained(firefox: Firefox, open_at: Open) -> None:
    open_at("?chapter=training&learning_rate=0.001&steps=300")
    wait_for_text(firefox, "#memorize-status", "300 of 300")
    assert shown(firefox, "[role=tab][aria-selected=true]") == "4. Training"
    assert learning_rate(firefox) == "0.001"
    assert asked(firefox, "steps") == "300"


def test_dragging_a_slider_trains_afresh_and_the_address_follows(firefox: Firefox, open_at: Open) -> None:
    open_at("?chapter=training&learning_rate=0.001&steps=300")
    wait_for_text(firefox, "#memorize-status", "300 of 300")
    firefox.find_element(CSS, "#memorize-parameters summary").click()
    before = shown(firefox, "#memorize-details")
    slider = firefox.find_element(CSS, "#memorize-learning-rate input[type=range]")
    hand = firefox.actions.sequence("pointer", "hand", {"pointerType": "mouse"})
    hand.pointer_move(0, 0, origin=slider).pointer_down()
    for distance in (-20, -40, -60):
        hand.pointer_move(distance, 0, duration=50, origin=slider)
    hand.pointer_up().perform()
    assert learning_rate(firefox) != "0.001"
    wait_for(firefox, lambda: float(asked(firefox, "learning_rate") or 0) == float(learning_rate(firefox)))
    wait_for(firefox, lambda: shown(firefox, "#memorize-details") != before)
    wait_for_text(firefox, "#memorize-status", "300 of 300")


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_page_s_kernels_train_to_the_server_s_bits(firefox: Firefox, variant: str) -> None:
    runs = [random_run(seed) for seed in range(20)]
    with served() as address:
        firefox.navigate(f"{address}/kernel.js")
        answer = firefox.execute_async_script(
            f"const [given, done] = arguments; ({RUN})(given).then(done, (error) => done(String(error)));",
            [[address, variant, told(runs)]],
            sandbox=None,
            script_timeout=60_000,
        )
    assert differing(runs, answer) == []


def test_the_page_trains_while_a_slider_moves_and_agrees_with_the_server(
    firefox: Firefox, open_at: Open
) -> None:
    open_at("?chapter=training")
    slider = firefox.find_element(CSS, "#memorize-learning-rate input[type=range]")
    firefox.execute_script("arguments[0].focus()", [slider])
    wait_for(firefox, lambda: firefox.find_elements(CSS, ".bench[data-ready]"))
    move = "const [slider] = arguments; slider.value = -4; slider.dispatchEvent(new Event('input', { bubbles: true }));"
    firefox.execute_script(move, [slider])
    wait_for_text(
        firefox, "#memorize-plot .plot-where", "Computed in this page and on the server: the same bits."
    )
