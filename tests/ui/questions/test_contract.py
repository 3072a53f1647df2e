"""What holds of every question: each choice has a reply of its own, from a run, and one of them is right."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from service import InlineExecutor, TrainingService
from tests.conftest import run_async
from tests.ui.questions.asked import VARIANTS, trainings
from ui.questions.question import Question

Found = Callable[[Question[Any]], Any]
EVERY = pytest.mark.parametrize(
    "question", [each for _, each in VARIANTS], ids=[name for name, _ in VARIANTS]
)


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TrainingService]:
    with TrainingService(tmp_path_factory.mktemp("lab"), workers=1, make_executor=InlineExecutor) as service:
        yield service


@pytest.fixture(scope="module")
def found(lab: TrainingService) -> Found:
    """The evidence for a question, computed once for all of these tests."""
    known: dict[int, Any] = {}

    def look(question: Question[Any]) -> Any:
        if id(question) not in known:
            known[id(question)] = run_async(question.run(trainings(lab, question)))
        return known[id(question)]

    return look


@EVERY
def test_the_run_shows_one_of_the_choices_to_be_right(question: Question[Any], found: Found) -> None:
    assert len(set(question.choices)) == len(question.choices) >= 3
    assert question.choices.count(question.right(found(question))) == 1


@EVERY
def test_each_choice_has_a_reply_of_its_own_with_numbers_in_it(question: Question[Any], found: Found) -> None:
    replies = [reply(found(question)) for reply in question.replies.values()]
    assert len(set(replies)) == len(replies)
    assert all(re.search(r"\d", reply) for reply in replies)


@EVERY
def test_a_wrong_one_says_what_many_think_and_the_right_one_does_not(
    question: Question[Any], found: Found
) -> None:
    right = question.right(found(question))
    for choice, reply in question.replies.items():
        assert ("Many think" in reply(found(question))) == (choice != right), choice
        assert choice == right or " but " in reply(found(question)) or " But " in reply(found(question))


@EVERY
def test_the_question_is_a_sentence_under_a_short_title(question: Question[Any]) -> None:
    assert len(question.title) <= 40
    assert question.text.endswith(("?", "...", "periods."))


def test_the_models_that_were_trained_are_deleted(lab: TrainingService, found: Found) -> None:
    for _, question in VARIANTS:
        found(question)
    assert lab._database.rows("SELECT COUNT(*) FROM models")[0][0] == 0
