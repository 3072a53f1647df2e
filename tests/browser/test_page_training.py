"""While a slider moves the page trains by itself; once it rests, the server trains the same, and the two agree."""

from hashlib import sha256

import pytest
from playwright.sync_api import BrowserContext, Locator, Request, expect

from tests.browser.conftest import OpenTab, Tab, held_back
from tests.conftest import RunningApp

TASKS = ["product", "memorize", "challenge"]
PAGE = "Computed in this page."
WAITING = "Computed in this page. The server is training the same."
SERVER = "Computed on the server."
AGREED = "Computed in this page and on the server: the same bits."

# As a hand moves it: once an animation frame. Gives the caption of the curve, as often as there was another one.
MOVE = """async ([slider, plot, positions]) => {
    const seen = new Set();
    const caption = plot.querySelector('figcaption');
    const observer = new MutationObserver(() => seen.add(caption.textContent));
    observer.observe(caption, { childList: true, characterData: true, subtree: true });
    for (const position of positions) {
        slider.value = position;
        slider.dispatchEvent(new Event('input', { bubbles: true }));
        await new Promise(requestAnimationFrame);
    }
    return seen.size;
}"""


def slider(tab: Tab, control: str = "learning-rate") -> Locator:
    return tab.part(control).get_by_role("slider")


def where(tab: Tab) -> Locator:
    return tab.part("plot").locator(".plot-where")


def get_ready(tab: Tab, control: str = "learning-rate") -> None:
    """Touch the slider, and wait until the page has what it needs."""
    slider(tab, control).focus()
    expect(tab.page.locator(".bench[data-ready]").filter(has=tab.part("status"))).to_be_visible()


def move(tab: Tab, *positions: float, control: str = "learning-rate") -> int:
    handles = [slider(tab, control).element_handle(), tab.part("plot").element_handle()]
    return tab.page.evaluate(MOVE, [*handles, positions])


@pytest.fixture(params=TASKS)
def tab(open_tab: OpenTab, request: pytest.FixtureRequest) -> Tab:
    opened = open_tab(request.param)
    get_ready(opened)
    return opened


def test_while_the_thumb_moves_the_server_hears_nothing(tab: Tab) -> None:
    heard: list[str] = []
    tab.page.on("request", lambda request: heard.append(request.url))
    expect(where(tab)).to_be_empty()
    assert move(tab, *(-6 + index / 20 for index in range(40))) > 4
    assert heard == []
    expect(where(tab)).to_have_text(AGREED)
    assert heard


def test_what_the_server_has_to_say_moves_no_pixel(tab: Tab) -> None:
    plot = tab.part("plot").locator(".loss-plot")
    status = tab.part("plot").locator(".page-status .run-status-line")
    with held_back(tab.page):
        move(tab, -3, -3.5)
        expect(where(tab)).to_have_text(WAITING)
        before, told = plot.screenshot(), status.inner_text()
    expect(where(tab)).to_have_text(AGREED)
    now = plot.screenshot()
    assert sha256(now).hexdigest() == sha256(before).hexdigest()
    # The two have not been equally fast.
    server = tab.part("status").locator(".run-status-line").inner_text()
    assert [line for line in server.split("\n") if "steps/s" not in line] == [
        line for line in told.split("\n") if "steps/s" not in line
    ]


@pytest.mark.parametrize(
    ("task", "control", "to"),
    [
        ("memorize", "steps", 3.3),
        ("memorize", "seed", 41),
        ("product", "start-1", -2.5),
        ("product", "start-2", 7.5),
        ("challenge", "momentum", 0.5),
        ("challenge", "steps", 2.5),
    ],
)
def test_every_slider_trains(open_tab: OpenTab, task: str, control: str, to: float) -> None:
    tab = open_tab(task)
    tab.open_more()
    get_ready(tab, control)
    with held_back(tab.page):
        move(tab, to, control=control)
        expect(where(tab)).to_have_text(WAITING)
        said = tab.part("plot").locator("figcaption").inner_text()
    expect(where(tab)).to_have_text(AGREED)
    expect(tab.part("plot").locator("figcaption")).to_have_text(said)


@pytest.mark.parametrize("task", ["memorize", "challenge"])
def test_the_answers_to_the_vectors_follow_the_thumb(open_tab: OpenTab, task: str) -> None:
    tab = open_tab(task)
    get_ready(tab)
    move(tab, -6)
    expect(where(tab)).to_have_text(AGREED)
    answers = tab.part("predictions")
    before = answers.inner_text()
    with held_back(tab.page):
        move(tab, -3.2)
        expect(where(tab)).to_have_text(WAITING)
        told = answers.inner_text()
    assert told != before
    expect(where(tab)).to_have_text(AGREED)
    assert answers.inner_text() == told


def test_what_no_weights_get_below_is_told_as_the_server_tells_it(open_tab: OpenTab) -> None:
    tab = open_tab("challenge")
    get_ready(tab)
    move(tab, -3)
    expect(where(tab)).to_have_text(AGREED)
    tab.panel.locator(".bottleneck > summary").click()
    floor = tab.part("plot").get_by_text("no weights get below")
    told = floor.inner_text()
    with held_back(tab.page):
        move(tab, -3.5)
        expect(where(tab)).to_have_text(WAITING)
        expect(floor).to_have_text(told)


def test_a_divergence_is_seen_at_once_and_then_what_to_do(tab: Tab) -> None:
    status = tab.part("plot").locator(".page-status")
    with held_back(tab.page):
        move(tab, 0)
        expect(where(tab)).to_have_text(WAITING)
        expect(status).to_have_attribute("data-status", "diverged")
        assert "Diverged at step " in status.inner_text()
    expect(where(tab)).to_have_text(AGREED)
    expect(tab.part("status").get_by_role("button", name="Train again from the start")).to_be_visible()


# A worker that is told what the server tells, but for a bit of each seed's first weight.
ANOTHER_BIT = """
const changed = () => {
    const whole = fetch;
    globalThis.fetch = async (url) => {
        const answer = await whole(url);
        if (!String(url).includes('/lab/training')) return answer;
        const told = await answer.json();
        for (const first of Object.values(told.first)) {
            const weights = atob(first.weights);
            first.weights = btoa(weights.slice(0, 1) + String.fromCharCode(weights.charCodeAt(1) ^ 1) + weights.slice(2));
        }
        return new Response(JSON.stringify(told));
    };
};
globalThis.Worker = class extends Worker {
    constructor(url, options) {
        const text = `import '${url}'; (${changed})();`;
        super(URL.createObjectURL(new Blob([text], { type: 'text/javascript' })), options);
    }
};
"""


def test_a_disagreement_is_said_loudly(context: BrowserContext, app: RunningApp) -> None:
    page = context.new_page()
    page.add_init_script(ANOTHER_BIT)
    tab = Tab(page, "memorize", app.address)
    get_ready(tab)
    move(tab, -6)
    expect(where(tab)).to_contain_text("This page and the server disagree: weights differ.")
    expect(where(tab)).to_have_class("plot-where disagreed")
    told = where(tab).inner_text()
    *_, here, there = [word for word in told.replace(",", "").split() if len(word) == 16]
    assert here != there
    expect(tab.part("share")).to_contain_text(there)


def test_without_the_server_dragging_goes_on(own_context: BrowserContext, app: RunningApp) -> None:
    tab = Tab(own_context.new_page(), "memorize", app.address)
    get_ready(tab)
    own_context.set_offline(True)
    assert move(tab, *(-6 + index / 10 for index in range(20))) > 5
    expect(where(tab)).to_have_text("Computed in this page. The server does not answer.")
    assert move(tab, *(-4 + index / 20 for index in range(10))) > 3
    own_context.set_offline(False)


def test_what_takes_too_long_stays_with_the_server(open_tab: OpenTab) -> None:
    tab = open_tab("challenge")
    tab.set("steps", "60000000")
    get_ready(tab)
    move(tab, -6)
    tab.expect_state("running")
    expect(where(tab)).to_have_text(SERVER)
    tab.expect_state("succeeded")


def test_so_does_everything_without_workers(context: BrowserContext, app: RunningApp) -> None:
    page = context.new_page()
    page.add_init_script("delete globalThis.Worker")
    tab = Tab(page, "memorize", app.address)
    slider(tab).focus()
    move(tab, -4)
    tab.expect_state("succeeded")
    expect(tab.part("plot").locator("figcaption")).to_contain_text("at step 50,000")
    expect(where(tab)).to_have_text(SERVER)


def test_and_what_only_pytorch_trains(open_tab: OpenTab) -> None:
    tab = open_tab("product")
    get_ready(tab)
    tab.open_more()
    tab.choose_engine("PyTorch, step by step")
    tab.expect_state("succeeded")
    expect(where(tab)).to_have_text(SERVER)
    move(tab, -3)
    expect(tab.part("status")).to_contain_text("learning rate0.001")
    expect(where(tab)).to_have_text(SERVER)


def test_after_another_change_the_server_says_first_what_a_move_trains(open_tab: OpenTab) -> None:
    tab = open_tab("challenge")
    get_ready(tab)
    hidden = tab.panel.get_by_label("Hidden layer widths").first
    hidden.fill("3")
    hidden.press("Tab")
    with held_back(tab.page):
        assert move(tab, *(-4 + index / 20 for index in range(21))) == 0
    expect(where(tab)).to_have_text(SERVER)
    expect(tab.part("program")).to_contain_text("nn.Linear(3, 3)")
    get_ready(tab)
    move(tab, -3.3)
    expect(where(tab)).to_have_text(AGREED)


def test_so_it_does_after_a_choice_by_keyboard(open_tab: OpenTab) -> None:
    tab = open_tab("memorize")
    tab.open_more()
    get_ready(tab)
    optimizer = tab.panel.get_by_label("Optimizer")
    optimizer.focus()
    optimizer.press("ArrowDown")
    optimizer.press("ArrowDown")
    optimizer.press("Enter")
    expect(optimizer).not_to_have_value("SGD")
    with held_back(tab.page):
        assert move(tab, *(-4 + index / 20 for index in range(21))) == 0
    expect(where(tab)).to_have_text(SERVER)
    expect(tab.part("program")).not_to_contain_text("torch.optim.SGD")


def test_a_check_against_pytorch_is_of_the_page_too(open_tab: OpenTab) -> None:
    tab = open_tab("product")
    get_ready(tab)
    move(tab, -3)
    expect(where(tab)).to_have_text(AGREED)
    tab.open_more()
    tab.button("Check against PyTorch").click()
    expect(tab.part("comparison").get_by_role("status")).to_contain_text("the same to the bit")
    expect(tab.part("comparison").get_by_text("What this page computed")).to_be_visible()
    tab.button("Train").click()
    expect(where(tab)).to_have_text(AGREED)  # for it is the same training


def test_nothing_is_fetched_before_a_slider_is_touched_and_then_one_kernel(
    own_context: BrowserContext, app: RunningApp
) -> None:
    fetched: list[Request] = []
    page = own_context.new_page()
    page.on("requestfinished", lambda request: fetched.append(request) if "/lab/" in request.url else None)
    tab = Tab(page, "memorize", app.address)
    assert fetched == []
    get_ready(tab)
    (kernel,) = [request for request in fetched if ".wasm" in request.url]
    assert "network_kernel" in kernel.url
    assert kernel.sizes()["responseBodySize"] < 40_000


def test_a_description_that_does_not_arrive_is_asked_for_with_the_next_touch(
    own_context: BrowserContext, app: RunningApp
) -> None:
    tab = Tab(own_context.new_page(), "memorize", app.address)
    tab.button("Train").focus()
    with tab.page.expect_event("requestfailed", lambda request: "trainer.js" in request.url):
        own_context.set_offline(True)
        slider(tab).focus()
    own_context.set_offline(False)
    slider(tab, "steps").focus()
    expect(tab.page.locator(".bench[data-ready]").filter(has=tab.part("status"))).to_be_visible()
