"""Reading the loss curve: by keys, under the pointer, and under a finger."""

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import WIDE
from tests.browser.plots import Curve, bare_page, curve

PHONE_WIDTH = 360

FIVE = curve([16, 8, 4, 2, 1], step=[0, 10, 20, 30, 1000])


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    opened = bare_page(browser, WIDE)
    yield opened
    opened.close()


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    opened = bare_page(browser, {"width": PHONE_WIDTH, "height": 640}, has_touch=True)
    yield opened
    opened.close()


def draw(page: Page, drawn: Curve, before: Curve | None = None) -> None:
    page.evaluate("([drawn, before]) => plot.draw(drawn, before)", [drawn, before])


def reader(page: Page) -> Locator:
    return page.get_by_role("slider", name="Read the curve")


def readout(page: Page) -> Locator:
    return page.locator(".plot-readout")


def expect_read(page: Page, words: str) -> None:
    expect(readout(page)).to_have_text(words)
    expect(readout(page)).to_be_visible()
    expect(reader(page)).to_have_attribute("aria-valuetext", words)


def box(part: Locator) -> Any:
    found = part.bounding_box()
    assert found is not None
    return found


def point_at(page: Page, across: float) -> None:
    """Move the pointer to that part of the panel's width."""
    panel = box(reader(page))
    page.mouse.move(panel["x"] + across * panel["width"], panel["y"] + panel["height"] / 2)


class Finger:
    """On the panel of a plot, where it is when the finger comes."""

    def __init__(self, page: Page) -> None:
        self.panel = box(reader(page))
        self.devtools = page.context.new_cdp_session(page)

    def touch(self, kind: str, *places: tuple[float, float]) -> None:
        """At that part of the panel's width, and of its height."""
        points = [
            {
                "x": self.panel["x"] + across * self.panel["width"],
                "y": self.panel["y"] + down * self.panel["height"],
            }
            for across, down in places
        ]
        self.devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    def move(self, *places: tuple[float, float]) -> None:
        """Come down at the first place, and go on to the others."""
        self.touch("touchStart", places[0])
        for place in places[1:]:
            self.touch("touchMove", place)

    def lift(self) -> None:
        self.touch("touchEnd")


class TestByKeys:
    def test_arrows_go_from_one_recorded_point_to_the_next(self, page: Page) -> None:
        draw(page, FIVE)
        expect(reader(page)).to_have_attribute("aria-valuetext", "step 1,000: loss 1")
        expect(readout(page)).to_be_hidden()
        page.get_by_label("log", exact=True).focus()
        page.keyboard.press("Tab")
        expect(reader(page)).to_be_focused()
        expect_read(page, "step 1,000: loss 1")
        for key, words in (
            ("ArrowLeft", "step 30: loss 2"),
            ("ArrowLeft", "step 20: loss 4"),
            ("ArrowUp", "step 30: loss 2"),
            ("Home", "step 0: loss 16"),
            ("ArrowDown", "step 0: loss 16"),
            ("ArrowRight", "step 10: loss 8"),
            ("End", "step 1,000: loss 1"),
        ):
            page.keyboard.press(key)
            expect_read(page, words)

    def test_pages_go_further(self, page: Page) -> None:
        draw(page, curve([1.0] * 300))
        reader(page).focus()
        page.keyboard.press("PageDown")
        assert int(reader(page).input_value()) < 290

    def test_the_focus_is_seen_and_the_readout_goes_with_it(self, page: Page) -> None:
        draw(page, FIVE)
        page.get_by_label("linear", exact=True).focus()
        page.keyboard.press("Tab")
        assert reader(page).evaluate("slider => getComputedStyle(slider).outlineStyle") == "solid"
        assert reader(page).evaluate("slider => getComputedStyle(slider).opacity") == "1"
        page.keyboard.press("Shift+Tab")
        expect(readout(page)).to_be_hidden()

    def test_a_new_curve_is_read_at_the_same_step(self, page: Page) -> None:
        draw(page, FIVE)
        reader(page).focus()
        page.keyboard.press("Home")
        page.keyboard.press("ArrowRight")
        draw(page, curve([5, 4, 3], step=[0, 9, 99]), FIVE)
        expect_read(page, "step 9: loss 4, before the change 8 at step 10")
        reader(page).blur()
        draw(page, FIVE)
        expect(reader(page)).to_have_attribute("aria-valuetext", "step 1,000: loss 1")


class TestWhatIsRead:
    def test_the_examples_held_out_where_there_are_any(self, page: Page) -> None:
        draw(page, curve([3, 2, 1], [None, 0.123456, 4]))
        reader(page).focus()
        expect_read(page, "step 2: loss 1, held out 4")
        page.keyboard.press("ArrowLeft")
        expect_read(page, "step 1: loss 2, held out 0.1235")
        page.keyboard.press("ArrowLeft")
        expect_read(page, "step 0: loss 3")

    def test_the_curve_before_as_far_as_it_goes(self, page: Page) -> None:
        draw(page, curve([4, 2, 1], step=[0, 600, 1200]), curve([4, 3, 0.2], step=[0, 599, 1000]))
        reader(page).focus()
        expect_read(page, "step 1,200: loss 1")
        page.keyboard.press("ArrowLeft")
        expect_read(page, "step 600: loss 2, before the change 3 at step 599")
        page.keyboard.press("ArrowLeft")
        expect_read(page, "step 0: loss 4, before the change 4")

    def test_marks_lie_on_the_lines_and_never_outside(self, page: Page) -> None:
        draw(page, curve([8, 4], [8, 2]), curve([100, 4]))
        reader(page).focus()
        panel = box(reader(page))

        def marks() -> dict[str, float]:
            """How far down they are, by whose line they are on."""
            found = page.locator(".plot-at").all()
            boxes = {str(mark.get_attribute("class")).split()[1]: box(mark) for mark in found}
            return {
                name: round((each["y"] + each["height"] / 2 - panel["y"]) / panel["height"], 2)
                for name, each in boxes.items()
            }

        assert marks() == {"trained": 0.5, "held-out": 0.75, "before": 0.5}
        page.keyboard.press("Home")
        assert marks() == {"trained": 0, "held-out": 0}


class TestUnderThePointer:
    def test_the_nearest_step_is_read_as_long_as_it_is_there(self, page: Page) -> None:
        draw(page, FIVE)
        for across, words in (
            (0.004, "step 0: loss 16"),
            (0.022, "step 20: loss 4"),
            (0.6, "step 1,000: loss 1"),
        ):
            point_at(page, across)
            expect_read(page, words)
        page.mouse.move(0, 0)
        expect(readout(page)).to_be_hidden()

    def test_pressing_and_dragging_reads_there_too(self, page: Page) -> None:
        """The browser itself would move the slider to the third point of five in the middle."""
        draw(page, FIVE)
        point_at(page, 0.5)
        page.mouse.down()
        expect_read(page, "step 30: loss 2")
        point_at(page, 0.9)
        expect_read(page, "step 1,000: loss 1")
        point_at(page, 0.01)
        expect_read(page, "step 10: loss 8")
        page.mouse.up()
        page.keyboard.press("ArrowRight")
        expect_read(page, "step 20: loss 4")
        page.mouse.move(0, 0)
        expect_read(page, "step 20: loss 4")  # for it still has the focus

    def test_a_curve_that_grows_is_read_where_the_pointer_is(self, page: Page) -> None:
        draw(page, curve([5, 4, 3, 2, 1]))
        point_at(page, 0.5)
        expect_read(page, "step 2: loss 3")
        draw(page, curve([9, 8, 7, 6, 5, 4, 3, 2, 1]))
        expect_read(page, "step 4: loss 5")

    def test_the_readout_is_whole_at_every_edge(self, phone: Page) -> None:
        was = curve([1.23456e-7, 0.5, 2.34567e-9], step=[0, 123_457, 1_000_000])
        draw(phone, curve([0, 123.456, 1e-9], [1, 2.34567e-8, 3.45678e-5], step=[0, 123_456, 1_000_000]), was)
        panel = box(reader(phone))
        for across in (0, 0.1234, 1):
            point_at(phone, min(across, 0.999))
            shown = box(readout(phone))
            assert panel["x"] - 1 <= shown["x"]
            assert shown["x"] + shown["width"] <= panel["x"] + panel["width"] + 1
            assert panel["y"] - 1 <= shown["y"]
            assert shown["y"] + shown["height"] <= panel["y"] + panel["height"] + 1
        assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE_WIDTH


class TestUnderAFinger:
    def test_a_tap_reads_and_a_tap_elsewhere_ends_it(self, phone: Page) -> None:
        draw(phone, FIVE)
        panel = box(reader(phone))
        phone.touchscreen.tap(panel["x"] + 0.3 * panel["width"], panel["y"] + 50)
        expect_read(phone, "step 30: loss 2")
        phone.locator(".plot-title").tap()
        expect(readout(phone)).to_be_hidden()

    def test_a_finger_that_moves_up_scrolls_the_page(self, phone: Page) -> None:
        draw(phone, FIVE)
        phone.evaluate("document.body.style.height = '3000px'")
        finger = Finger(phone)
        finger.move(*((0.5, down) for down in (0.9, 0.7, 0.5, 0.3, 0.1)))
        phone.wait_for_function("scrollY > 50")
        finger.lift()
        expect(readout(phone)).to_be_hidden()
        expect(reader(phone)).not_to_be_focused()

    def test_a_finger_that_moves_across_reads(self, phone: Page) -> None:
        draw(phone, FIVE)
        finger = Finger(phone)
        finger.move(*((across, 0.3) for across in (0.9, 0.7, 0.5, 0.3, 0.1, 0.02)))
        expect_read(phone, "step 20: loss 4")
        finger.lift()
        expect_read(phone, "step 20: loss 4")
        assert phone.evaluate("scrollY") == 0


@pytest.mark.parametrize("name", ["light", "dark"])
def test_axe_finds_nothing_serious_while_it_is_read(page: Page, name: str) -> None:
    page.evaluate("dark => document.body.classList.toggle('dark', dark)", name == "dark")
    page.evaluate(Axe().axe_script)
    draw(page, curve([3, 2, 1], [3, 2, 4]), curve([5, 4, 3]))
    reader(page).focus()
    expect(readout(page)).to_be_visible()
    found: Any = page.evaluate("async () => (await axe.run('#plot')).violations")
    assert [each["id"] for each in found if each["impact"] in ("serious", "critical")] == []
