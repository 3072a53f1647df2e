"""Programs that are edited and run on the page."""

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import WIDE, OpenChapter, fill, go_to, scripts_checked
from tests.browser.test_accessibility import serious_faults, theme
from tests.conftest import RunningApp

Write = Callable[[str], Page]

LOSSES = """import torch
w = torch.tensor([1.0, 2.0], requires_grad=True)
losses = []
for step in range(20):
    loss = (w.prod() - 15) ** 2
    loss.backward()
    with torch.no_grad():
        w -= {rate} * w.grad
    w.grad = None
    losses.append(loss.item())
"""
TWICE = """import torch
w = torch.tensor(3.0, requires_grad=True)
loss = w * w
loss.backward()
loss.backward()
"""


def edit(page: Page, figure: str) -> Locator:
    """Turn the figure's program into an editor, and return the field for its text."""
    page.locator(f"#{figure} .program-edit").click()
    area = page.locator(f"#{figure} .editor textarea")
    expect(area).to_be_focused()
    return area


@pytest.fixture(scope="module")
def chapter(browser: Browser, app: RunningApp) -> Iterator[Page]:
    """A chapter that shows a program."""
    opened = browser.new_page(viewport=WIDE, reduced_motion="reduce")
    with scripts_checked(opened.context):
        go_to(opened, f"{app.address}?chapter=module&__theme=light")
        opened.locator("#module-program summary").click()
        yield opened
    opened.close()


@pytest.fixture
def page(chapter: Page) -> Iterator[Page]:
    """The chapter while its program is edited."""
    edit(chapter, "module-program")
    yield chapter
    chapter.get_by_role("button", name="Close", exact=True).click()


@pytest.fixture
def write(page: Page) -> Write:
    """Writes a program in place of the page's, and runs it from the keyboard."""

    def run_it(program: str) -> Page:
        text(page).fill(program)
        page.keyboard.press("Control+Enter")
        return page

    return run_it


def text(page: Page) -> Locator:
    return page.locator(".editor textarea")


def status(page: Page) -> Locator:
    return page.locator(".editor-status")


def put_cursor(area: Locator, start: int, end: int | None = None) -> None:
    area.evaluate("(area, range) => area.setSelectionRange(...range)", [start, start if end is None else end])


class TestRunning:
    def test_what_a_program_shows_stands_beside_its_lines(self, write: Write) -> None:
        page = write(
            "import torch\n\nx = torch.tensor([1., 2.])\nx * 2\n\nfor k in range(9):\n    print(k)\n"
        )
        expect(status(page)).to_contain_text("Done in")
        value, printed = page.locator(".editor-shown li").all()
        expect(value).to_contain_text("Line 4=value: tensor([2., 4.])", use_inner_text=False)
        expect(printed.locator(".shown-printed")).to_have_count(5)
        expect(printed.locator(".shown-printed").last).to_contain_text("8")
        expect(printed.locator("summary")).to_have_text("4 earlier")
        lines = page.locator(".editor-gutter span")
        for shown, line in ((value, 4), (printed, 7)):
            there, here = lines.nth(line - 1).bounding_box(), shown.bounding_box()
            assert there is not None
            assert here is not None
            assert abs(there["y"] - here["y"]) <= 2
            assert here["x"] > there["x"] + 300

    def test_what_shows_nothing_says_what_would(self, write: Write) -> None:
        page = write("x = 1")
        expect(page.locator(".editor-none")).to_contain_text("Nothing was shown: print(...)")

    def test_an_error_marks_its_line_and_says_what_it_means(self, write: Write) -> None:
        page = write(TWICE)
        error = page.locator(".editor-error")
        expect(error.locator("pre")).to_contain_text("RuntimeError: Trying to backward through the graph")
        expect(error).to_contain_text("Backprop frees the graph")
        expect(page.locator(".editor-gutter .marked")).to_have_text("5")
        expect(text(page)).to_have_attribute("aria-invalid", "true")
        told = text(page).get_attribute("aria-errormessage")
        expect(page.locator(f"#{told}")).to_contain_text("Line 5")
        page.get_by_role("button", name="Go to the line").click()
        expect(text(page)).to_be_focused()
        page.keyboard.type("pass")
        expect(text(page)).to_have_value(
            TWICE.replace("loss.backward()\nloss.backward()", "loss.backward()\npass")
        )
        expect(status(page)).to_have_text("Changed since it ran.")
        expect(page.locator(".editor-gutter .marked")).to_have_count(0)

    def test_losses_are_drawn(self, write: Write) -> None:
        page = write(LOSSES.format(rate=0.01))
        curve = page.locator(".editor-curve")
        expect(curve.locator("polyline")).to_have_count(1)
        expect(curve.locator("figcaption")).to_contain_text("Loss 169 at step 0")
        expect(curve.get_by_label("Read the curve")).to_have_attribute(
            "aria-valuetext", "step 19: loss 1.31e-10"
        )

    def test_losses_are_drawn_as_long_as_they_are_numbers(self, write: Write) -> None:
        page = write(LOSSES.format(rate=0.5))
        expect(page.locator(".editor-curve polyline")).to_have_count(1)
        expect(page.locator(".editor-broken")).to_contain_text("the loss is not a finite number")

    def test_a_network_can_be_asked(self, write: Write) -> None:
        page = write("import torch.nn as nn\nnet = nn.Linear(3, 5)\nnet")
        page.locator(".try-vectors textarea").fill("1 2 3")
        page.get_by_role("button", name="Predict", exact=True).click()
        expect(page.locator(".predicted table")).to_be_visible()
        page.locator(".try-vectors textarea").fill("1 2")
        page.get_by_role("button", name="Predict", exact=True).click()
        expect(page.locator(".predicted .message")).to_be_visible()

    def test_stop_ends_a_loop_without_end(self, write: Write) -> None:
        page = write("print('here')\nfor k in range(10**9):\n    pass\n")
        expect(status(page)).to_contain_text("of 1,000,000,000.")
        expect(page.locator(".editor progress")).to_be_visible()
        expect(page.locator(".editor-shown")).to_contain_text("here")
        page.get_by_role("button", name="Stop", exact=True).last.click()
        expect(status(page)).to_have_text("Stopped.")
        expect(page.get_by_role("button", name="Run", exact=True)).to_be_focused()
        write("print('again')")
        expect(page.locator(".editor-shown")).to_contain_text("again")

    def test_what_is_refused_says_so(self, write: Write) -> None:
        page = write("#" * 20_001)
        expect(status(page)).to_contain_text("at most 20,000 characters")


class TestKeys:
    def test_indent_follows_the_program(self, page: Page) -> None:
        text(page).fill("")
        page.keyboard.type("def f(x):\nif x:\nreturn 1\nreturn 2\ny = 3")
        expect(text(page)).to_have_value("def f(x):\n    if x:\n        return 1\n    return 2\ny = 3")

    def test_tab_indents_and_backspace_goes_back(self, page: Page) -> None:
        text(page).fill("a\nb\n\nc")
        put_cursor(text(page), 0, 3)
        page.keyboard.press("Tab")
        expect(text(page)).to_have_value("    a\n    b\n\nc")
        page.keyboard.press("Shift+Tab")
        expect(text(page)).to_have_value("a\nb\n\nc")
        put_cursor(text(page), 0)
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.press("Backspace")
        expect(text(page)).to_have_value("    a\nb\n\nc")
        page.keyboard.press("Control+z")
        expect(text(page)).to_have_value("        a\nb\n\nc")

    def test_lines_become_comments_and_back(self, page: Page) -> None:
        text(page).fill("for k in x:\n    a\n")
        put_cursor(text(page), 0, 15)
        page.keyboard.press("Control+/")
        expect(text(page)).to_have_value("# for k in x:\n#     a\n")
        page.keyboard.press("Control+/")
        expect(text(page)).to_have_value("for k in x:\n    a\n")

    def test_escape_and_tab_leave(self, page: Page) -> None:
        before = text(page).input_value()
        page.keyboard.press("Escape")
        page.keyboard.press("Tab")
        expect(page.get_by_role("button", name="Run", exact=True)).to_be_focused()
        expect(text(page)).to_have_value(before)

    def test_the_colors_lie_under_the_text(self, page: Page) -> None:
        text(page).fill('x = "# no"  # yes\nloss.backward()\n')
        colors = page.locator(".editor-colors")
        assert colors.text_content() == text(page).input_value() + "\n"
        expect(colors.locator(".code-comment")).to_have_text("# yes")
        expect(colors.locator(".backprop")).to_have_text("loss.backward()\n", use_inner_text=False)


class TestPlace:
    def test_close_goes_back(self, chapter: Page) -> None:
        page = chapter
        edit(page, "module-program")
        program = page.locator("#module-program .program")
        expect(program).to_be_hidden()
        page.get_by_role("button", name="Close", exact=True).click()
        expect(program).to_be_visible()
        expect(text(page)).to_have_count(0)
        expect(page.locator("#module-program .program-edit")).to_be_focused()

    def test_what_is_written_outlives_a_new_drawing(self, open_chapter: OpenChapter) -> None:
        page = open_chapter("tensors")
        page.locator("#tensors-program summary").click()
        edit(page, "tensors-program").fill("mine")
        take = page.get_by_role("button", name="Take the page")
        expect(take).to_be_hidden()
        fill(page.get_by_label("Left", exact=True), "[1, 2, 3]", "[7, 8, 9]")
        expect(take).to_be_visible()
        expect(text(page)).to_have_value("mine")
        expect(page.locator("#tensors-program .program")).to_be_hidden()
        take.click()
        assert "left = torch.tensor([7, 8, 9])" in text(page).input_value()
        expect(take).to_be_hidden()

    def test_nothing_is_fetched_before(self, open_chapter: OpenChapter) -> None:
        page = open_chapter("module")
        fetched: list[str] = []
        page.on("request", lambda request: fetched.append(request.url))
        page.locator("#module-program summary").click()
        assert (
            page.evaluate(
                "performance.getEntriesByType('resource').filter(({name}) => name.includes('editor'))"
            )
            == []
        )
        edit(page, "module-program")
        assert any(url.endswith("/lab/static/editor.js") for url in fetched)


class TestLinks:
    UNPACK = """async (text) => {
        const { programOfAddress } = await import('/lab/static/program_link.js');
        history.replaceState(null, '', '?program=' + encodeURIComponent(text));
        return programOfAddress().catch(({ message }) => 'refused: ' + message);
    }"""

    def test_a_link_holds_the_program(self, page: Page) -> None:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        text(page).fill("print('für immer')\n")
        page.get_by_role("button", name="Copy link", exact=True).click()
        expect(status(page)).to_contain_text("The link has been copied")
        link = page.evaluate("navigator.clipboard.readText()")
        assert "?chapter=write&program=" in link
        assert page.evaluate(self.UNPACK, link.split("program=")[1]) == "print('für immer')\n"

    def test_one_that_would_be_too_long_says_so(self, page: Page) -> None:
        noise = page.evaluate("Array.from({ length: 15000 }, () => Math.random().toString(36)[4]).join('')")
        text(page).fill(noise)
        page.get_by_role("button", name="Copy link", exact=True).click()
        expect(status(page)).to_contain_text("of 6,000 characters): copy the program itself.")

    @pytest.mark.parametrize("damaged", ["%%%", "KyjKzC", "AAAA"])
    def test_a_damaged_one_says_so(self, page: Page, damaged: str) -> None:
        assert page.evaluate(self.UNPACK, damaged).startswith("refused: The program in this link is damaged")

    def test_one_that_unpacks_to_too_much_is_refused(self, page: Page) -> None:
        bomb = page.evaluate(
            "async () => (await import('/lab/static/program_link.js')).packed('#'.repeat(3000000))"
        )
        assert len(bomb) < 6000
        assert "longer than 20,000 characters" in page.evaluate(self.UNPACK, bomb)


class TestAccess:
    @pytest.mark.parametrize("name", ["light", "dark"])
    def test_axe_finds_nothing_serious(self, write: Write, name: str) -> None:
        page = write(LOSSES.format(rate=0.5) + "print(w)\nw\nnet = torch.nn.Linear(3, 5)\n" + "x = w.grad.y")
        expect(page.locator(".editor-error")).to_be_visible()
        page.evaluate(Axe().axe_script)
        with theme(page, name):
            assert serious_faults(page, ".editor") == []

    def test_a_phone_never_scrolls_sideways(self, write: Write) -> None:
        page = write(f"print('{'x' * 200}')\n" + TWICE)
        expect(page.locator(".editor-error")).to_be_visible()
        page.set_viewport_size({"width": 360, "height": 740})
        below = page.locator(".editor-below .editor-shown li")
        expect(below.first).to_contain_text("xxx")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        for control in page.locator(".editor button:visible").all():
            box = control.bounding_box()
            assert box is not None
            assert box["height"] >= 40
        page.set_viewport_size(WIDE)
