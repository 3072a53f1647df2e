"""An exercise of the chapter on writing, as a test sees it."""

from playwright.sync_api import Locator, Page, expect

from service import EXERCISES
from tests.browser.conftest import OpenChapter

PRODUCT, LOSS = "my_latent_value = var_1 * var_2", "loss = (15 - my_latent_value) ** 2"
BACKPROP, OPTIMIZE, RESET = "loss.backward()", "my_sgd.step()", "my_sgd.zero_grad()"


class OpenExercise:
    """An exercise on the page that is open."""

    def __init__(self, page: Page, name: str) -> None:
        self.page = page
        self.name = name
        self.head = page.locator(f"#exercise-{name}-head")
        self.section = page.locator(f"#exercise-{name}")
        self.text = self.section.locator(".editor-text textarea")
        self.verdict = self.section.locator(".editor-verdict")

    def open(self) -> "OpenExercise":
        self.head.click()
        expect(self.text).to_be_visible()
        return self

    def button(self, name: str) -> Locator:
        return self.section.get_by_role("button", name=name, exact=True)

    def check(self, passes: bool) -> Locator:
        """Run it, and wait for the verdict."""
        self.button("Run and check").click()
        expect(self.verdict).to_contain_text("Passed." if passes else "Not yet.")
        return self.verdict

    def line(self, code: str) -> Locator:
        lines = self.section.locator(".parsons-line")
        return lines.filter(has=self.page.locator("code").get_by_text(code, exact=True))

    def list(self, name: str) -> Locator:
        return self.section.get_by_role("list", name=name)

    def expect_loop(self, *lines: str) -> None:
        """The lines are in the loop, on the board and in the program."""
        expect(self.list("Your loop").locator("code")).to_have_text(lines)
        loop = "".join(f"    {line}\n" for line in lines) or "    # (the lines)\n"
        before, after = EXERCISES[self.name].start.split("    # (the lines)\n")
        expect(self.text).to_have_value(before + loop + after)


def opened(open_chapter: OpenChapter, name: str) -> OpenExercise:
    """The exercise, by its link."""
    found = OpenExercise(open_chapter("write", f"&exercise={name}"), name)
    expect(found.text).to_be_visible()
    return found


def use(exercise: OpenExercise, *lines: str) -> None:
    """Put the lines into the loop."""
    for line in lines:
        exercise.button(f"Use: {line}").click()
