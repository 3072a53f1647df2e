"""The chapter on writing: exercises in order, by keyboard and by drag; their help; and what is kept of them."""

import json
import zlib
from base64 import urlsafe_b64encode
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from service import EXERCISES
from tests.browser.conftest import WIDE, OpenChapter, go_to, query_of
from tests.browser.test_frames import ABSENT, DENIED, FULL
from tests.conftest import RunningApp

PRODUCT, LOSS = "my_latent_value = var_1 * var_2", "loss = (15 - my_latent_value) ** 2"
BACKPROP, OPTIMIZE, RESET = "loss.backward()", "my_sgd.step()", "my_sgd.zero_grad()"
SOLUTION = EXERCISES["order"].solution
MODULE = "/lab/static/exercise_progress.js"


class Exercise:
    """An exercise on the page that is open."""

    def __init__(self, page: Page, name: str) -> None:
        self.page = page
        self.name = name
        self.head = page.locator(f"#exercise-{name}-head")
        self.section = page.locator(f"#exercise-{name}")
        self.text = self.section.locator(".editor-text textarea")
        self.verdict = self.section.locator(".editor-verdict")

    def open(self) -> "Exercise":
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
        expect(self.list("Your loop").locator("code")).to_have_text(lines)
        loop = "".join(f"    {line}\n" for line in lines) or "    # (the lines)\n"
        before, after = EXERCISES[self.name].start.split("    # (the lines)\n")
        expect(self.text).to_have_value(before + loop + after)


def opened(open_chapter: OpenChapter, name: str, within: BrowserContext | None = None) -> Exercise:
    page = open_chapter("write", f"&exercise={name}", **({"within": within} if within else {}))
    found = Exercise(page, name)
    expect(found.text).to_be_visible()
    return found


def use(exercise: Exercise, *lines: str) -> None:
    for line in lines:
        exercise.button(f"Use: {line}").click()


def drag(exercise: Exercise, code: str, to: Locator) -> None:
    """By mouse, by the code of the line, to the middle of something else."""
    mouse, target = exercise.page.mouse, to.bounding_box()
    assert target is not None
    exercise.line(code).locator("code").hover()
    mouse.down()
    mouse.move(target["x"] + target["width"] / 2, target["y"] + target["height"] / 2 + 4, steps=5)
    mouse.up()


class TestOrdering:
    @pytest.mark.parametrize("steps", [(BACKPROP, OPTIMIZE, RESET), (RESET, BACKPROP, OPTIMIZE)])
    def test_every_order_that_works_passes(self, open_chapter: OpenChapter, steps: tuple[str, ...]) -> None:
        exercise = opened(open_chapter, "order")
        exercise.expect_loop()
        use(exercise, PRODUCT, LOSS, *steps)
        exercise.expect_loop(PRODUCT, LOSS, *steps)
        expect(exercise.check(passes=True)).to_contain_text("the product of var_1 and var_2 is 15")
        expect(exercise.head).to_contain_text("done")
        expect(exercise.page.locator(".exercises-done")).to_have_text(f"1 of {len(EXERCISES)} done")

    def test_the_keyboard_alone_orders_and_runs(self, open_chapter: OpenChapter) -> None:
        exercise = opened(open_chapter, "order")
        page = exercise.page
        for line in (BACKPROP, LOSS, PRODUCT, OPTIMIZE, RESET):
            exercise.button(f"Use: {line}").focus()
            page.keyboard.press("Enter")
        spoken = exercise.section.locator(".parsons").get_by_role("status")
        expect(spoken).to_have_text(f"{RESET}, line 5 of 5 in your loop")
        exercise.button(f"Move up: {LOSS}").focus()
        page.keyboard.press("Space")
        expect(spoken).to_have_text(f"{LOSS}, line 1 of 5 in your loop")
        expect(exercise.button(f"Move up: {LOSS}")).to_be_focused()
        page.keyboard.press("Space")  # it is the first
        exercise.expect_loop(LOSS, BACKPROP, PRODUCT, OPTIMIZE, RESET)
        exercise.button(f"Leave out: {PRODUCT}").focus()
        page.keyboard.press("ArrowUp")
        page.keyboard.press("ArrowUp")
        page.keyboard.press("ArrowRight")
        expect(spoken).to_have_text(f"{PRODUCT}, left out")
        expect(exercise.button(f"Use: {PRODUCT}")).to_be_focused()
        page.keyboard.press("ArrowLeft")
        for _ in range(4):
            page.keyboard.press("ArrowUp")
        exercise.expect_loop(PRODUCT, LOSS, BACKPROP, OPTIMIZE, RESET)
        exercise.text.focus()
        page.keyboard.press("Shift+Tab")  # it is not typed into here
        expect(exercise.button("Copy link")).to_be_focused()
        exercise.button("Run and check").focus()
        page.keyboard.press("Enter")
        expect(exercise.verdict).to_contain_text("Passed.")

    def test_lines_are_dragged(self, open_chapter: OpenChapter) -> None:
        exercise = opened(open_chapter, "order")
        for line in (LOSS, OPTIMIZE, RESET):
            drag(exercise, line, exercise.list("Your loop"))
        drag(exercise, PRODUCT, exercise.line(LOSS).locator(".parsons-grip"))
        drag(exercise, BACKPROP, exercise.line(LOSS))
        use(exercise, "loss.zero_grad()")
        drag(exercise, "loss.zero_grad()", exercise.list("Left out"))
        assert sorted(exercise.list("Your loop").locator("code").all_inner_texts()) == sorted(
            [PRODUCT, LOSS, BACKPROP, OPTIMIZE, RESET]
        )

    def test_escape_puts_a_dragged_line_back(self, open_chapter: OpenChapter) -> None:
        exercise = opened(open_chapter, "order")
        use(exercise, PRODUCT, LOSS)
        exercise.line(LOSS).locator("code").hover()
        target = exercise.list("Left out").bounding_box()
        assert target is not None
        exercise.page.mouse.down()
        exercise.page.mouse.move(target["x"] + 50, target["y"] + 50, steps=5)
        expect(exercise.list("Your loop").locator("code")).to_have_text([PRODUCT])
        exercise.page.keyboard.press("Escape")
        exercise.page.mouse.up()
        exercise.expect_loop(PRODUCT, LOSS)

    def test_a_finger_drags_a_line_by_its_grip(self, browser: Browser, app: RunningApp) -> None:
        page = browser.new_page(viewport={"width": 375, "height": 740}, has_touch=True)
        go_to(page, f"{app.address}?chapter=write&exercise=order")
        exercise = Exercise(page, "order")
        use(exercise, PRODUCT)
        exercise.line(LOSS).scroll_into_view_if_needed()
        grip, target = exercise.line(LOSS).locator(".parsons-grip"), exercise.list("Your loop")
        begin, end = grip.bounding_box(), target.bounding_box()
        assert begin is not None
        assert end is not None
        devtools = page.context.new_cdp_session(page)

        def touch(kind: str, *points: tuple[float, float]) -> None:
            told = [{"x": x, "y": y} for x, y in points]
            devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": told})

        x, y = begin["x"] + 10, begin["y"] + 10
        touch("touchStart", (x, y))
        for part in range(1, 6):
            touch("touchMove", (x, y + (end["y"] + end["height"] - 4 - y) * part / 5))
        touch("touchEnd")
        exercise.expect_loop(PRODUCT, LOSS)
        page.close()

    def test_a_wrong_order_is_told_what_happened(self, open_chapter: OpenChapter) -> None:
        exercise = opened(open_chapter, "order")
        use(exercise, PRODUCT, LOSS, BACKPROP, OPTIMIZE)
        expect(exercise.check(passes=False)).to_contain_text(
            "The gradient of round 1 was still there in round 2: no Reset stood between the two Backprops."
        )
        expect(exercise.head).to_contain_text("tried")

    def test_the_page_does_not_hold_the_answer(self, open_chapter: OpenChapter) -> None:
        exercise = opened(open_chapter, "order")
        assert SOLUTION not in exercise.page.content()


class TestHelp:
    def test_hints_come_one_at_a_time_and_stay(self, open_chapter: OpenChapter) -> None:
        exercise = opened(open_chapter, "gaps")
        given = EXERCISES["gaps"].hints
        for number, _ in enumerate(given, start=1):
            exercise.button(f"Hint {number} of {len(given)}").click()
            expect(exercise.section.locator(".exercise-hints li")).to_have_count(number)
        expect(exercise.section.locator(".exercise-hints")).to_contain_text(given[0])
        expect(exercise.button("No more hints")).to_be_disabled()
        exercise.page.reload()
        expect(exercise.section.locator(".exercise-hints li")).to_have_count(len(given))

    def test_the_solution_comes_after_a_try_and_can_be_taken_and_given_back(
        self, open_chapter: OpenChapter
    ) -> None:
        exercise = opened(open_chapter, "gaps")
        expect(exercise.button("Solution, after a try")).to_be_disabled()
        expect(exercise.check(passes=False)).to_contain_text("A gap is still there on line 6.")
        exercise.text.fill("mine = 1")
        exercise.button("Solution").click()
        expect(exercise.section.get_by_label("A solution")).to_have_text(EXERCISES["gaps"].solution)
        exercise.button("Take it into the editor").click()
        expect(exercise.text).to_have_value(EXERCISES["gaps"].solution)
        exercise.check(passes=True)
        exercise.button("Undo").click()
        expect(exercise.text).to_have_value("mine = 1")
        expect(exercise.button("Undo")).to_be_hidden()
        expect(exercise.head).to_contain_text("done")

    def test_the_solution_of_an_ordering_orders_the_lines(self, open_chapter: OpenChapter) -> None:
        exercise = opened(open_chapter, "order")
        use(exercise, OPTIMIZE)
        exercise.check(passes=False)
        exercise.button("Solution").click()
        exercise.button("Take it into the editor").click()
        exercise.expect_loop(PRODUCT, LOSS, BACKPROP, OPTIMIZE, RESET)
        exercise.button("Undo").click()
        exercise.expect_loop(OPTIMIZE)

    def test_one_can_start_again_and_have_back_what_was_there(self, open_chapter: OpenChapter) -> None:
        exercise = opened(open_chapter, "fifteen")
        exercise.text.fill("import torch\nprint(1)")
        exercise.button("Start again").click()
        expect(exercise.text).to_have_value(EXERCISES["fifteen"].start)
        exercise.button("Undo").click()
        expect(exercise.text).to_have_value("import torch\nprint(1)")

    def test_what_is_done_leads_to_the_next(self, open_chapter: OpenChapter) -> None:
        exercise = opened(open_chapter, "gaps")
        exercise.text.fill(EXERCISES["gaps"].solution)
        exercise.check(passes=True)
        exercise.button("Next exercise →").click()
        following = Exercise(exercise.page, "fifteen")
        expect(following.text).to_be_visible()
        expect(following.head).to_be_focused()
        expect(exercise.section).to_be_hidden()

    def test_the_last_leads_nowhere(self, open_chapter: OpenChapter) -> None:
        exercise = opened(open_chapter, list(EXERCISES)[-1])
        exercise.text.fill(EXERCISES[exercise.name].solution)
        expect(exercise.check(passes=True)).to_contain_text("right for every integer vector")
        expect(exercise.button("Next exercise →")).to_have_count(0)


class TestAddress:
    def test_it_opens_at_the_first_exercise_that_is_not_done(self, open_chapter: OpenChapter) -> None:
        page = open_chapter("write")
        first, second = (Exercise(page, name) for name in list(EXERCISES)[:2])
        expect(first.text).to_be_visible()
        use(first, PRODUCT, LOSS, BACKPROP, OPTIMIZE, RESET)
        first.check(passes=True)
        page.goto(page.url.replace("exercise=order", ""))
        expect(second.text).to_be_visible()

    def test_it_follows_what_is_open(self, open_chapter: OpenChapter) -> None:
        page = open_chapter("write", "&exercise=memory")
        assert query_of(page)["exercise"] == "memory"
        Exercise(page, "faster").open()
        page.wait_for_url("**exercise=faster**")
        page.get_by_role("tab", name="6. Mistakes").click()
        page.wait_for_url("**chapter=mistakes**")
        assert "exercise" not in query_of(page)
        page.get_by_role("tab", name="7. Write").click()
        page.wait_for_url("**exercise=faster**")

    def test_an_exercise_that_there_is_not_is_named(self, open_chapter: OpenChapter) -> None:
        page = open_chapter("write", "&exercise=nothing")
        expect(page.locator(".exercises-said")).to_have_text("There is no exercise nothing.")
        expect(Exercise(page, "order").text).to_be_visible()

    def test_a_program_in_a_link_is_run_at_once_and_hers_is_kept(self, open_chapter: OpenChapter) -> None:
        exercise = opened(open_chapter, "own")
        exercise.text.fill("print('mine')")
        page = open_chapter("write", f"&program={packed('print(6 * 7)')}")
        linked = Exercise(page, "own")
        expect(linked.text).to_have_value("print(6 * 7)")
        expect(linked.section.locator(".editor-shown")).to_contain_text("42")
        assert query_of(page)["program"] == packed("print(6 * 7)")
        linked.button("Undo").click()
        expect(linked.text).to_have_value("print('mine')")
        page.wait_for_url("**exercise=own**")
        page.reload()
        expect(linked.text).to_have_value("print('mine')")

    def test_a_changed_program_of_a_link_is_kept_and_leaves_the_address(
        self, open_chapter: OpenChapter
    ) -> None:
        page = open_chapter("write", f"&program={packed('print(6 * 7)')}")
        linked = Exercise(page, "own")
        linked.text.fill("print(6 * 8)")
        page.wait_for_url("**exercise=own**")
        assert "program" not in query_of(page)
        page.reload()
        expect(linked.text).to_have_value("print(6 * 8)")

    def test_a_damaged_program_in_a_link_is_told(self, open_chapter: OpenChapter) -> None:
        page = open_chapter("write", "&program=xyz")
        expect(page.locator(".exercises-said")).to_contain_text("The program in this link is damaged")
        expect(Exercise(page, "order").text).to_be_visible()


def packed(program: str) -> str:
    """A program as a link has it."""
    made = zlib.compressobj(wbits=-15)
    return urlsafe_b64encode(made.compress(program.encode()) + made.flush()).decode().rstrip("=")


def test_nothing_is_fetched_before_the_chapter_is_opened(
    own_context: BrowserContext, app: RunningApp
) -> None:
    page = own_context.new_page()
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url.removeprefix(app.address)))
    go_to(page, f"{app.address}?chapter=autograd")
    assert not [url for url in fetched if url.startswith("lab/")]
    page.get_by_role("tab", name="7. Write").click()
    expect(Exercise(page, "order").text).to_be_visible()
    assert {"lab/static/write.js", "lab/exercises"} <= set(fetched)


class TestKept:
    def test_what_was_written_is_there_after_a_reload(self, open_chapter: OpenChapter) -> None:
        exercise = opened(open_chapter, "fifteen")
        exercise.text.fill("import torch  # mine")
        ordering = Exercise(exercise.page, "order").open()
        use(ordering, LOSS, BACKPROP)
        exercise.page.reload()
        ordering.expect_loop(LOSS, BACKPROP)
        exercise.open()
        expect(exercise.text).to_have_value("import torch  # mine")

    def test_a_page_that_changes_nothing_does_not_undo_what_another_has_kept(
        self, open_chapter: OpenChapter
    ) -> None:
        first = opened(open_chapter, "fifteen")
        second = opened(open_chapter, "fifteen")
        second.text.fill("print(2)")
        second.button("Hint 1 of 4").click()
        second.page.close()
        first.page.reload()
        expect(first.text).to_have_value("print(2)")
        expect(first.section.locator(".exercise-hints li")).to_have_count(1)

    def test_it_can_be_carried_to_another_browser(
        self, open_chapter: OpenChapter, browser: Browser, app: RunningApp, tmp_path: Path
    ) -> None:
        exercise = opened(open_chapter, "gaps")
        exercise.text.fill(EXERCISES["gaps"].solution)
        exercise.check(passes=True)
        with exercise.page.expect_download() as downloading:
            exercise.page.get_by_role("button", name="Save as a file").click()
        assert downloading.value.suggested_filename == "backprop-lab-progress.json"
        file = tmp_path / "progress.json"
        downloading.value.save_as(file)
        told = json.loads(file.read_text(encoding="utf-8"))["exercises"]
        assert told["gaps"] == {"state": "done", "hints": 0, "program": EXERCISES["gaps"].solution}

        page = browser.new_page(viewport=WIDE)
        go_to(page, f"{app.address}?chapter=write&exercise=gaps")
        other = Exercise(page, "gaps")
        other.text.fill("something else")
        load(page, file)
        expect(page.locator(".exercises-said")).to_contain_text("progress.json has been loaded.")
        expect(other.text).to_have_value(EXERCISES["gaps"].solution)
        expect(other.head).to_contain_text("done")
        page.locator(".exercises-said").get_by_role("button", name="Undo").click()
        expect(other.text).to_have_value("something else")
        expect(other.head).to_contain_text("not tried")
        page.close()

    @pytest.mark.parametrize(
        "text", ["", "{", "[]", '{"format": "other"}', '{"format": "backprop-lab-progress", "version": 1}']
    )
    def test_another_file_changes_nothing_and_is_told_so(
        self, open_chapter: OpenChapter, tmp_path: Path, text: str
    ) -> None:
        exercise = opened(open_chapter, "fifteen")
        exercise.text.fill("print(1)")
        file = tmp_path / "letters.json"
        file.write_text(text)
        load(exercise.page, file)
        expect(exercise.page.locator(".exercises-said")).to_have_text(
            "letters.json was not saved by this page. Nothing has changed."
        )
        expect(exercise.text).to_have_value("print(1)")

    def test_all_can_be_forgotten_and_had_back(self, open_chapter: OpenChapter) -> None:
        exercise = opened(open_chapter, "fifteen")
        exercise.text.fill("print(1)")
        exercise.button("Hint 1 of 4").click()
        exercise.page.get_by_role("button", name="Forget all").click()
        expect(exercise.text).to_have_value(EXERCISES["fifteen"].start)
        expect(exercise.section.locator(".exercise-hints li")).to_have_count(0)
        exercise.page.locator(".exercises-said").get_by_role("button", name="Undo").click()
        expect(exercise.text).to_have_value("print(1)")
        expect(exercise.section.locator(".exercise-hints li")).to_have_count(1)

    @pytest.mark.parametrize("browser_says", [DENIED, ABSENT, FULL], ids=["denied", "absent", "full"])
    def test_it_works_where_the_browser_keeps_nothing(
        self, browser: Browser, app: RunningApp, browser_says: str
    ) -> None:
        page = browser.new_page(viewport=WIDE)
        page.add_init_script(browser_says)
        go_to(page, f"{app.address}?chapter=write&exercise=gaps")
        exercise = Exercise(page, "gaps")
        exercise.check(passes=False)
        exercise.button("Solution").click()
        exercise.button("Take it into the editor").click()
        exercise.check(passes=True)
        expect(page.locator(".exercises-done")).to_have_text(f"1 of {len(EXERCISES)} done")
        page.close()


def load(page: Page, file: Path) -> None:
    with page.expect_file_chooser() as choosing:
        page.get_by_role("button", name="Load a file").click()
    choosing.value.set_files(file)


def kept(state: str, hints: int = 0, program: str | None = None) -> dict[str, Any]:
    return {"state": state, "hints": hints, **({} if program is None else {"program": program})}


MERGES = [
    (kept("done", 1, "ours"), kept("tried", 2, "theirs"), kept("done", 2, "ours")),
    (kept("tried", 1, "ours"), kept("done", 0, "theirs"), kept("done", 1, "theirs")),
    (kept("tried", 0, "ours"), kept("tried", 0, "theirs"), kept("tried", 0, "theirs")),
    (kept("tried", 0, "ours"), kept("done"), kept("done", 0, "ours")),
    (kept("new"), kept("new"), kept("new")),
]
"""What was kept, what is brought, and what comes of both."""


def test_no_better_state_and_no_program_of_it_is_lost_to_a_file(open_chapter: OpenChapter) -> None:
    page = open_chapter("tensors")
    for ours, theirs, both in MERGES:
        merged = page.evaluate(
            f"async ([ours, theirs]) => (await import('{MODULE}')).merge({{ x: ours, y: ours }}, {{ x: theirs }})",
            [ours, theirs],
        )
        assert merged == {"x": both, "y": ours}


@pytest.mark.parametrize(
    "exercise",
    [
        {"state": "best"},
        {"state": "done", "hints": -1},
        {"state": "done", "hints": "3"},
        {"state": "done", "program": 3},
        {"state": "done", "program": "x" * 20_001},
        None,
    ],
)
def test_a_file_in_which_one_exercise_is_wrong_is_refused(open_chapter: OpenChapter, exercise: Any) -> None:
    page = open_chapter("tensors")
    told = {
        "format": "backprop-lab-progress",
        "version": 1,
        "exercises": {"order": kept("done"), "x": exercise},
    }
    parse = f"async (text) => (await import('{MODULE}')).parse(text)"
    assert page.evaluate(parse, json.dumps(told)) is None
    del told["exercises"]["x"]
    assert page.evaluate(parse, json.dumps(told)) == {"order": kept("done")}
