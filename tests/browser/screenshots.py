"""Take pictures of every chapter in use: wide, on a phone, and dark.

`make screenshots` takes those of the documents, the README's moving one, and those that a shared link shows;
`python -m tests.browser.screenshots FOLDER` takes all.
"""

import io
import re
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.chromium import FLAGS, find_chromium
from tests.browser.moving_picture import VIEW, take_moving_picture
from tests.conftest import ROOT, running_app
from ui.unfurling import HEIGHT, PICTURES, WIDTH

VIEWS = {"wide": (1280, 800, "light"), "phone": (375, 740, "light"), "dark": (1280, 800, "dark")}


def tensors(page: Page) -> None:
    page.get_by_role("button", name="Matrix @ vector").click()
    expect(page.locator("#tensors-drawing pre")).to_have_text("tensor([-2., -2.])")


def autograd(page: Page) -> None:
    expect(page.locator("#ritual-told")).to_contain_text("var_1.grad is")


def module(page: Page) -> None:
    question = page.locator("#losses-question")
    question.locator("summary").click()
    question.get_by_label("raises an error").check()
    question.get_by_role("button", name="Run it and see").click()
    expect(question).to_contain_text("As you predicted")


def unfold(page: Page, part: str, words: str) -> None:
    page.locator(f"#{part}-part button.label-wrap").click()
    expect(page.locator(f"#{part}-part")).to_contain_text(words)


def training(page: Page) -> None:
    expect(page.locator("#memorize-status")).to_contain_text("150 of 150")
    for part, words in (("replay", "Step 150, loss"), ("seeds", "200 seeds, 150 steps each")):
        unfold(page, part, words)


def challenge(page: Page) -> None:
    expect(page.locator("#challenge-certificate")).to_contain_text("Proved up to")
    expect(page.locator("#challenge-predictions")).to_contain_text("3 of 3 right")
    unfold(page, "data", "Train on little, test far away")


def mistakes(page: Page) -> None:
    mistake = page.locator("#mistakes-program")
    expect(mistake).to_contain_text("zero_grad")
    mistake.get_by_role("button", name="Break it").click()
    mistake.get_by_role("textbox").press("Control+Enter")
    mistake.get_by_role("button", name="Why?").click()


def write(page: Page) -> None:
    exercise = page.locator("#exercise-order")
    for line in (
        "my_latent_value = var_1 * var_2",
        "loss = (15 - my_latent_value) ** 2",
        "loss.backward()",
        "my_sgd.step()",
    ):
        exercise.get_by_role("button", name=f"Use: {line}", exact=True).click()
    exercise.get_by_role("button", name="Run and check").click()
    expect(exercise.locator(".editor-verdict")).to_contain_text("was still there in round 2")


def runs(page: Page) -> None:
    page.get_by_role("tab", name="5. Challenge").click()
    page.locator("#sweep-part button.label-wrap").click()
    page.locator("#challenge-sweep-run").click()
    expect(page.locator("#sweep-part")).to_contain_text("60 of 60 trainings have ended")
    page.get_by_role("tab", name="8. Runs").click()
    table, compared = page.locator("#runs-table"), page.locator("#runs-compared")
    table.get_by_role("button", name="Sweep of 60").first.click()
    expect(table.get_by_role("textbox").first).to_have_value("Run 60")
    table.get_by_label("Order").select_option("radius")
    expect(table.get_by_role("textbox").first).not_to_have_value("Run 60")
    for number in range(3):
        table.get_by_label(re.compile("^Pin ")).nth(5 * number).click()  # the answer draws the table afresh
        expect(compared.locator(".key li")).to_have_count(number + 1)


def notebook(page: Page) -> None:
    expect(page.locator("#calls")).to_contain_text('task="challenge"')


CHAPTERS: dict[str, tuple[str, Callable[[Page], None]]] = {
    "tensors": ("", tensors),
    "autograd": ("&bench.presses=BORBORBORBORB&learning_rate=0.01&steps=100", autograd),
    "module": ("&seed=3", module),
    "training": ("&learning_rate=0.001&steps=150", training),
    "challenge": ("&hidden=3&held_out=0.2", challenge),
    "mistakes": ("&mistake=reset", mistakes),
    "write": ("&exercise=order", write),
    "runs": ("", runs),
    "notebook": ("&of=challenge", notebook),
}


SHOWN = ("autograd-wide", "training-dark")
"""What the documents show."""


COLORS = 64
"""Of a picture that a shared link shows: as many as keep it below 60 kB."""


def take_shared(browser: Browser, address: str) -> None:
    """Write the picture that a link to a chapter shows elsewhere, for each."""
    for chapter, (query, prepare) in CHAPTERS.items():
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        page.goto(f"{address}?chapter={chapter}&__theme=light{query}")
        prepare(page)
        page.mouse.move(0, 0)
        page.evaluate("scrollTo(0, 0)")
        picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
        picture.quantize(COLORS).save(PICTURES / f"{chapter}.png", optimize=True)
        page.close()


def main(folder: Path | None = None) -> None:
    """Write <chapter>-<view>.png for every chapter and view into the folder, or those of the documents into docs/."""
    expect.set_options(timeout=20_000)
    path = find_chromium()
    if path is None:
        sys.exit("no Chromium found: install it (Debian: apt-get install chromium) to take the pictures")
    with (
        tempfile.TemporaryDirectory() as data,
        running_app(Path(data)) as app,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        if folder is None:
            take_shared(browser, app.address)
        for view, (width, height, theme) in VIEWS.items():
            for chapter, (query, prepare) in CHAPTERS.items():
                name = f"{chapter}-{view}"
                if folder is None and name not in SHOWN:
                    continue
                page = browser.new_page(viewport={"width": width, "height": height})
                page.goto(f"{app.address}?chapter={chapter}&__theme={theme}{query}")
                prepare(page)
                page.mouse.move(0, 0)
                page.screenshot(path=(folder or ROOT / "docs") / f"{name}.png", full_page=True)
                page.close()
        if folder is None:
            take_moving_picture(browser.new_page(viewport=VIEW), app.address, ROOT / "docs/dragging.gif")
        browser.close()


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
