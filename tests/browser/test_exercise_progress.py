"""What a browser keeps of the exercises, and what can be carried away of it and brought back."""

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from service import EXERCISES
from tests.browser.conftest import WIDE, OpenChapter, go_to
from tests.browser.exercises import BACKPROP, LOSS, OpenExercise, opened, use
from tests.browser.test_frames import ABSENT, DENIED, FULL
from tests.conftest import RunningApp

MODULE = "/lab/static/exercise_progress.js"


class TestKept:
    def test_what_was_written_is_there_after_a_reload(self, open_chapter: OpenChapter) -> None:
        exercise = opened(open_chapter, "fifteen")
        exercise.text.fill("import torch  # mine")
        ordering = OpenExercise(exercise.page, "order").open()
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
        other = OpenExercise(page, "gaps")
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
        exercise = OpenExercise(page, "gaps")
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
