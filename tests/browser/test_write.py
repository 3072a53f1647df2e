"""The chapter on writing: lines in order, by keyboard and by drag; the help; and what the address says."""

import zlib
from base64 import urlsafe_b64encode

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, expect

from service import EXERCISES
from tests.browser.conftest import OpenChapter, go_to, query_of
from tests.browser.exercises import BACKPROP, LOSS, OPTIMIZE, PRODUCT, RESET, OpenExercise, opened, use
from tests.conftest import RunningApp

SOLUTION = EXERCISES["order"].solution


def drag(exercise: OpenExercise, code: str, to: Locator) -> None:
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
        exercise = OpenExercise(page, "order")
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
        following = OpenExercise(exercise.page, "fifteen")
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
        first, second = (OpenExercise(page, name) for name in list(EXERCISES)[:2])
        expect(first.text).to_be_visible()
        use(first, PRODUCT, LOSS, BACKPROP, OPTIMIZE, RESET)
        first.check(passes=True)
        page.goto(page.url.replace("exercise=order", ""))
        expect(second.text).to_be_visible()

    def test_it_follows_what_is_open(self, open_chapter: OpenChapter) -> None:
        page = open_chapter("write", "&exercise=memory")
        assert query_of(page)["exercise"] == "memory"
        OpenExercise(page, "faster").open()
        page.wait_for_url("**exercise=faster**")
        page.get_by_role("tab", name="6. Mistakes").click()
        page.wait_for_url("**chapter=mistakes**")
        assert "exercise" not in query_of(page)
        page.get_by_role("tab", name="7. Write").click()
        page.wait_for_url("**exercise=faster**")

    def test_an_exercise_that_there_is_not_is_named(self, open_chapter: OpenChapter) -> None:
        page = open_chapter("write", "&exercise=nothing")
        expect(page.locator(".exercises-said")).to_have_text("There is no exercise nothing.")
        expect(OpenExercise(page, "order").text).to_be_visible()

    def test_a_program_in_a_link_is_run_at_once_and_hers_is_kept(self, open_chapter: OpenChapter) -> None:
        exercise = opened(open_chapter, "own")
        exercise.text.fill("print('mine')")
        page = open_chapter("write", f"&program={packed('print(6 * 7)')}")
        linked = OpenExercise(page, "own")
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
        linked = OpenExercise(page, "own")
        linked.text.fill("print(6 * 8)")
        page.wait_for_url("**exercise=own**")
        assert "program" not in query_of(page)
        page.reload()
        expect(linked.text).to_have_value("print(6 * 8)")

    def test_a_damaged_program_in_a_link_is_told(self, open_chapter: OpenChapter) -> None:
        page = open_chapter("write", "&program=xyz")
        expect(page.locator(".exercises-said")).to_contain_text("The program in this link is damaged")
        expect(OpenExercise(page, "order").text).to_be_visible()


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
    expect(OpenExercise(page, "order").text).to_be_visible()
    assert {"lab/static/write.js", "lab/exercises"} <= set(fetched)
