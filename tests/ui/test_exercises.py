"""The exercises on the page: their list, and what the page's script is told of them."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given

from service import EXERCISES, ORDERED, Exercise, TrainingService
from tests.ui.svg import read, well_formed
from tests.ui.test_markup import hostile
from ui import build_ui
from ui.components.exercises import OWN, OWN_PROGRAM, exercises_panel, exercises_told
from ui.markup import tag
from ui.static import FOLDER

IDEA = tag("h2", "Write")
ORDERINGS = [exercise for exercise in EXERCISES.values() if exercise.lines]


def panel() -> str:
    return exercises_panel(IDEA, EXERCISES)


class TestPanel:
    def test_every_exercise_is_there_folded_with_its_task_and_not_tried(self) -> None:
        markup = panel()
        assert well_formed(markup)
        words = read(markup)
        assert f"0 of {len(EXERCISES)} done" in words
        for exercise in EXERCISES.values():
            assert f"{exercise.title}not tried" in words
            assert exercise.task.replace("`", "") in words
        assert len(re.findall(r"<section[^>]* hidden>", markup)) == len(EXERCISES) + 1
        assert markup.count('aria-expanded="false"') == len(EXERCISES) + 1

    def test_a_button_says_what_it_unfolds(self) -> None:
        markup = panel()
        unfolded = set(re.findall(r'aria-controls="([^"]+)"', markup))
        assert unfolded == {f"exercise-{name}" for name in [*EXERCISES, OWN]}
        assert unfolded <= set(re.findall(r' id="([^"]+)"', markup))

    def test_no_program_no_hint_and_no_solution_is_in_it(self) -> None:
        markup = read(panel())
        for exercise in EXERCISES.values():
            assert exercise.solution not in markup
            assert not [hint for hint in exercise.hints if hint.replace("`", "") in markup]
        assert "requires_grad=True" not in markup

    @given(hostile)
    def test_titles_and_tasks_stay_text(self, text: str) -> None:
        exercise = Exercise("x", text, text.replace("`", ""), "", "", (), EXERCISES["order"].judge)
        markup = exercises_panel(IDEA, {"x": exercise})
        assert well_formed(markup)
        assert not re.search(r"<(script|img)", markup)


class TestTold:
    def test_it_is_json_and_has_all_there_is_to_write(self) -> None:
        told = json.loads(json.dumps(exercises_told(EXERCISES)))
        assert list(told["exercises"]) == [OWN, *EXERCISES]
        assert told["ordered"] == ORDERED
        for exercise in EXERCISES.values():
            asked = told["exercises"][exercise.name]
            assert (asked["start"], asked["solution"]) == (exercise.start, exercise.solution)
            assert [read(hint) for hint in asked["hints"]] == [
                hint.replace("`", "") for hint in exercise.hints
            ]

    def test_no_exercise_has_the_name_of_the_place_for_a_program_of_one_s_own(self) -> None:
        assert OWN not in EXERCISES
        assert f"'{OWN}'" in (FOLDER / "write.js").read_text(encoding="utf-8")

    def test_that_begins_with_a_program_that_runs(self) -> None:
        compile(OWN_PROGRAM, "program.py", "exec")


@pytest.mark.parametrize("exercise", ORDERINGS, ids=lambda exercise: exercise.name)
def test_the_solution_of_an_ordering_can_be_made_of_its_lines(exercise: Exercise) -> None:
    before, after = exercise.start.split(ORDERED)
    indent = before[before.rindex("\n") + 1 :]
    assert exercise.solution.startswith(before)
    assert exercise.solution.endswith(after)
    lines = exercise.solution.removeprefix(before).removesuffix(after).split(f"\n{indent}")
    assert set(lines) <= set(exercise.lines)
    assert len(lines) < len(exercise.lines), "some are traps"


@pytest.mark.parametrize("seconds", [0, 30])
def test_where_no_programs_run_the_chapter_says_so(tmp_path: Path, seconds: int) -> None:
    with TrainingService(tmp_path, workers=1, program_seconds=seconds) as lab:
        blocks = build_ui(lab).blocks.values()
        (figure,) = [block for block in blocks if block.elem_id == "write-exercises"]
        told = str(getattr(figure, "value", ""))
        assert ("This server runs no programs" in told) == (seconds == 0)
        assert ("Put the loop in order" in told) == (seconds > 0)
