"""The loss curve as the page's scripts draw it: what is drawn, and what is said."""

from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page

from tests.browser.conftest import WIDE
from tests.browser.plots import SVG, XHTML, Curve, bare_page, curve, figure, picture
from ui.components.chart import MAX_CURVE_POINTS

losses = st.lists(st.floats(0, 1e30), min_size=1, max_size=600)
both_losses = st.lists(
    st.tuples(st.floats(0, 1e30), st.none() | st.floats(0, 1e30)), min_size=1, max_size=600
)


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """A page with nothing but a plot."""
    opened = bare_page(browser, WIDE)
    yield opened
    opened.close()


def lines(drawn: ElementTree.Element, style: str) -> list[list[tuple[float, float]]]:
    """The points of the lines of that class."""
    found = [node.attrib for node in drawn.iter(f"{SVG}polyline") if node.attrib["class"] == style]
    return [
        [(float(x), float(y)) for x, y in (point.split(",") for point in line["points"].split())]
        for line in found
    ]


def inside(points: list[tuple[float, float]]) -> bool:
    return all(-1 <= value <= 1001 for point in points for value in point)


def key(drawn: ElementTree.Element) -> str:
    """The legend in sight."""
    shown = [ul for ul in drawn.findall(f"{XHTML}ul") if "hidden" not in ul.attrib]
    assert len(shown) == 1
    return "".join(shown[0].itertext())


def told(page: Page, drawn: Curve) -> str:
    found = figure(page, drawn)
    caption = found.find(f"{XHTML}figcaption")
    assert caption is not None
    assert caption.text == found.attrib["aria-label"]
    return str(caption.text)


def steps(drawn: dict[str, Any]) -> list[int]:
    return drawn["steps"]


class TestTheLine:
    @pytest.mark.parametrize("log", [False, True], ids=["linear", "log"])
    @given(values=losses)
    def test_every_history_gives_a_well_formed_figure(
        self, page: Page, log: bool, values: list[float]
    ) -> None:
        drawn = figure(page, curve(values), log=log)
        (line,) = lines(drawn, "trained")
        assert len(line) == min(len(values), MAX_CURVE_POINTS)
        assert inside(line)
        panels = [node for node in drawn.iter(f"{XHTML}div") if "plot-panel" in node.get("class", "")]
        assert [panel.get("class") for panel in panels] == [f"plot-panel plot-{'log' if log else 'linear'}"]

    @given(st.lists(st.integers(1, 1000), min_size=1, max_size=2000))
    def test_thinning_keeps_the_ends_and_the_order(self, page: Page, gaps: list[int]) -> None:
        at = [sum(gaps[:index]) for index in range(len(gaps))]
        kept = steps(picture(page, curve([1.0] * len(at), step=at)))
        assert len(kept) == min(len(at), MAX_CURVE_POINTS)
        assert (kept[0], kept[-1]) == (at[0], at[-1])
        remaining = iter(at)
        assert all(step in remaining for step in kept)

    def test_it_ends_in_a_dot(self, page: Page) -> None:
        (dot,) = picture(page, curve([4, 2, 1]))["ends"]
        assert dot == {"style": "trained", "place": [1000, 750]}


def test_without_a_step_it_says_what_to_do(page: Page) -> None:
    for nothing in (None, curve([])):
        page.evaluate("([drawn, before]) => plot.draw(drawn, before)", [nothing, curve([1])])
        assert page.locator(".empty").is_visible()
        assert page.locator(".empty").inner_text() == "Press Train to start."
        assert page.locator("figure").is_hidden()
    figure(page, curve([1]))
    assert page.locator(".empty").is_hidden()
    assert page.locator("figure").is_visible()


def test_the_text_says_what_the_curve_shows(page: Page) -> None:
    assert told(page, curve([9])) == "Loss 9 at step 0."
    assert told(page, curve([9, 4, 1.5])) == "Loss 9 at step 0, 1.5 at step 2."
    assert told(page, curve([9, 0.5, 1.5])) == "Loss 9 at step 0, 1.5 at step 2; lowest 0.5 at step 1."
    long = curve([9, 1.23456e-7], step=[1000, 1234567])
    assert told(page, long) == "Loss 9 at step 1,000, 1.235e-07 at step 1,234,567."


class TestHeldOut:
    @pytest.mark.parametrize("log", [False, True], ids=["linear", "log"])
    @given(values=both_losses)
    def test_it_is_a_curve_of_its_own(
        self, page: Page, log: bool, values: list[tuple[float, float | None]]
    ) -> None:
        drawn = figure(
            page, curve([loss for loss, _ in values], [held_out for _, held_out in values]), log=log
        )
        held_out = lines(drawn, "held-out")
        assert all(map(inside, held_out))
        assert len(lines(drawn, "trained")) == 1
        measured = any(held_out is not None for _, held_out in values)
        assert bool(held_out) == measured == ("the examples held out" in key(drawn))

    @pytest.mark.parametrize("log", [False, True], ids=["linear", "log"])
    def test_a_curve_is_not_drawn_over_a_job_that_held_nothing_out(self, page: Page, log: bool) -> None:
        drawn = figure(page, curve([5, 4, 3, 2, 1], [6, 5, None, 3, 2]), log=log)
        assert [len(line) for style in ("trained", "held-out") for line in lines(drawn, style)] == [5, 2, 2]

    def test_the_text_says_both(self, page: Page) -> None:
        assert told(page, curve([9, 2, 1], [8, 3, 4], step=[0, 5, 9])) == (
            "Loss 9 at step 0, 1 at step 9. "
            "On the examples held out 8 at step 0, 4 at step 9; lowest 3 at step 5."
        )

    def test_without_it_the_key_says_what_there_is(self, page: Page) -> None:
        shown = key(figure(page, curve([2, 1])))
        assert "line: the mean loss over the examples trained on" in shown
        assert "held out" not in shown


class TestTheCurveBefore:
    @pytest.mark.parametrize("log", [False, True], ids=["linear", "log"])
    @given(values=losses, before=losses, begin=st.integers(0, 600), stride=st.integers(1, 10_000))
    def test_it_keeps_to_the_axes_of_the_curve(
        self, page: Page, log: bool, values: list[float], before: list[float], begin: int, stride: int
    ) -> None:
        was = curve(before, step=[begin + stride * index for index in range(len(before))])
        drawn = figure(page, curve(values), was, log)
        assert all(map(inside, lines(drawn, "before")))
        assert all(len(line) > 1 for line in lines(drawn, "before"))
        alone = figure(page, curve(values), None, log)
        for part in ("plot-x", "plot-y", "plot-ends"):
            axes = [each.find(f".//{XHTML}div[@class='{part}']") for each in (drawn, alone)]
            first, second = (ElementTree.tostring(axis) for axis in axes if axis is not None)
            assert first == second

    def test_where_it_leaves_the_panel_it_is_cut(self, page: Page) -> None:
        drawn = figure(page, curve([4, 4, 4, 4]), curve([2, 6, 6, 2]))
        assert lines(drawn, "before") == [[(0, 500), (166.7, 0)], [(833.3, 0), (1000, 500)]]
        longer = figure(page, curve([4, 4]), curve([0, 4], step=[0, 2]))
        assert lines(longer, "before") == [[(0, 1000), (1000, 500)]]

    def test_the_legend_names_it_and_keeps_its_place(self, page: Page) -> None:
        entry = page.get_by_text("faint: before")
        figure(page, curve([2, 1]), curve([3, 1]))
        assert entry.is_visible()
        place, below = entry.bounding_box(), page.locator("figcaption").bounding_box()
        figure(page, curve([2, 1]))
        assert entry.is_hidden()
        assert (entry.bounding_box(), page.locator("figcaption").bounding_box()) == (place, below)

    def test_far_off_it_is_not_drawn(self, page: Page) -> None:
        low, high = curve([1e-3, 1e-4]), curve([1e5, 1e9])
        assert lines(figure(page, low, high), "before") == []
        assert lines(figure(page, low, high, log=True), "before") == []


def test_what_is_drawn_does_not_depend_on_what_was_drawn_before(page: Page) -> None:
    """And it is empty again as it was at first."""
    floor = {"at": 0.5, "label": "a floor"}
    cases: list[list[Curve | None]] = [
        [curve([9, 4, 1]), None],
        [{**curve([9, 4, 1e-9, 2], [1, None, 2, 3]), "floor": floor}, curve([1, 20, 3])],
        [curve([0.1] * 900, [2.0] * 900), curve([1e9])],
        [None, None],
    ]
    different = page.evaluate(
        """(cases) => {
            const drawn = (drawing) => {
                plot.draw(...drawing);
                return document.querySelector('#plot').innerHTML;
            };
            const alone = cases.map(drawn);
            const pairs = cases.flatMap((first) => cases.map((second, index) => {
                drawn(first);
                return drawn(second) === alone[index];
            }));
            return [new Set(alone).size, pairs.filter((same) => !same).length];
        }""",
        cases,
    )
    assert different == [len(cases), 0]


def test_drawing_leaves_nothing_behind(browser: Browser) -> None:
    opened = bare_page(browser, WIDE)
    devtools = opened.context.new_cdp_session(opened)
    devtools.send("Performance.enable")

    def draw(times: int) -> tuple[float, float]:
        """The nodes and the bytes that are in use afterwards."""
        opened.evaluate(
            """(times) => {
                const curves = [1, 2, 3].map((seed) => {
                    const step = Array.from({ length: 200 + 100 * seed }, (_, index) => index * seed);
                    const loss = step.map((at) => 9 * Math.exp(-at / 100) + 1e-3 * (at * 37 % 11));
                    return { step, loss, held_out_loss: loss.map((each) => seed > 1 ? 2 * each : null), floor: null };
                });
                for (let index = 0; index < times; index++) {
                    plot.draw(curves[index % 3], index % 5 ? curves[(index + 1) % 3] : null);
                }
                plot.draw(curves[0], curves[1]);
            }""",
            times,
        )
        for _ in range(3):  # what is freed only frees something else at first
            opened.evaluate("new Promise(requestIdleCallback)")
            devtools.send("HeapProfiler.collectGarbage")
        found: Any = devtools.send("Performance.getMetrics")["metrics"]
        metrics = {metric["name"]: metric["value"] for metric in found}
        return metrics["Nodes"], metrics["JSHeapUsedSize"]

    nodes, heap = draw(100)
    nodes_after, heap_after = draw(2000)
    assert nodes_after == nodes
    assert heap_after < heap + 200_000
    opened.close()
