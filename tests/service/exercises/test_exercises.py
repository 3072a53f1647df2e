"""Every exercise: what it starts with fails, its solution passes, and its hints lead there."""

import pytest

from service.exercises import EXERCISES, GAP, MISTAKES, ORDERED, Exercise
from service.tasks import TASKS
from tests.service.exercises.judging import verdict_on

pytestmark = pytest.mark.filterwarnings("ignore:The .grad attribute")

ALL = {**EXERCISES, **MISTAKES}


@pytest.mark.parametrize("exercise", ALL.values(), ids=ALL)
def test_the_solution_passes_and_says_what_it_came_to(exercise: Exercise) -> None:
    verdict = verdict_on(exercise, exercise.solution)
    assert verdict.passed, verdict
    assert verdict.said.endswith(".")


@pytest.mark.parametrize("exercise", ALL.values(), ids=ALL)
def test_the_start_does_not_pass_and_says_why(exercise: Exercise) -> None:
    verdict = verdict_on(exercise, exercise.start)
    assert not verdict.passed
    assert verdict.said.endswith(".")


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=EXERCISES)
def test_hints_come_a_step_at_a_time(exercise: Exercise) -> None:
    assert 3 <= len(exercise.hints) <= 4


def test_no_name_stands_twice_and_none_is_a_task_s() -> None:
    assert not set(EXERCISES) & set(MISTAKES)
    assert not set(ALL) & set(TASKS)
    assert all(name == exercise.name for name, exercise in ALL.items())


def test_lines_to_be_ordered_are_those_of_the_solution_and_traps() -> None:
    exercise = EXERCISES["order"]
    assert f"    {ORDERED}\n" in exercise.start
    written = [line.strip() for line in exercise.solution.splitlines()]
    assert sum(line in written for line in exercise.lines) == 5
    assert len(set(exercise.lines)) == 8


def test_gaps_are_in_the_start_alone() -> None:
    assert EXERCISES["gaps"].start.count(GAP) == 6
    assert GAP not in EXERCISES["gaps"].solution
