"""The questions: what is right comes from the run, and is always one of the choices."""

from functools import partial

import pytest

from service import TrainingService
from ui.chapters import autograd, challenge, mistakes, module, tensors, training


@pytest.mark.parametrize("chapter", [autograd, mistakes, module, tensors], ids=lambda each: each.__name__)
def test_a_run_settles_each_on_one_of_its_choices(chapter: object) -> None:
    question = chapter.QUESTION  # pyright: ignore[reportAttributeAccessIssue]
    right, evidence = question.settle()
    assert right in question.choices
    assert any(character.isdigit() for character in evidence)


def test_those_that_train_leave_no_model_behind(lab: TrainingService) -> None:
    for settle, choices in (
        (partial(training._settle, lab), training.CHOICES),
        (partial(challenge._settle, lab), (challenge.CAN, challenge.CANNOT)),
    ):
        right, evidence = settle()
        assert right in choices
        assert any(character.isdigit() for character in evidence)
    assert lab._database.rows("SELECT COUNT(*) FROM models")[0][0] == 0


def test_what_they_settle_on(lab: TrainingService) -> None:
    assert tensors.QUESTION.settle()[0] == "the vector [4, 10, 18]"
    assert autograd.QUESTION.settle()[0] == "keeps jumping over 15"
    assert module.QUESTION.settle()[0] == "23"
    assert mistakes.QUESTION.settle()[0] == "it learns nothing, in silence"
    assert challenge._settle(lab)[0] == challenge.CANNOT
