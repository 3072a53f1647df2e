"""The questions: what is right comes from a run, which is always one of the choices, and is run once."""

import asyncio
from functools import partial

import pytest

from service import TrainingService
from tests.conftest import run_async
from ui.chapters import autograd, challenge, mistakes, module, tensors, training
from ui.questions import Verdict, once


@pytest.mark.parametrize("chapter", [autograd, mistakes, module, tensors], ids=lambda each: each.__name__)
def test_a_run_settles_each_on_one_of_its_choices(chapter: object) -> None:
    question = chapter.QUESTION  # pyright: ignore[reportAttributeAccessIssue]
    right, evidence = run_async(question.settle())
    assert right in question.choices
    assert any(character.isdigit() for character in evidence)


def test_those_that_train_leave_no_model_behind(lab: TrainingService) -> None:
    for settle, choices in (
        (partial(training._settle, lab), training.CHOICES),
        (partial(challenge._settle, lab), (challenge.CAN, challenge.CANNOT)),
    ):
        right, evidence = run_async(settle())
        assert right in choices
        assert any(character.isdigit() for character in evidence)
    assert lab._database.rows("SELECT COUNT(*) FROM models")[0][0] == 0


def test_what_they_settle_on(lab: TrainingService) -> None:
    assert run_async(tensors.QUESTION.settle())[0] == "the vector [4, 10, 18]"
    assert run_async(autograd.QUESTION.settle())[0] == "keeps jumping over 15"
    assert run_async(module.QUESTION.settle())[0] == "23"
    assert run_async(mistakes.QUESTION.settle())[0] == "it learns nothing, in silence"
    assert run_async(challenge._settle(lab))[0] == challenge.CANNOT


class Run:
    """A run that is held until it is let go; the first so many fail."""

    def __init__(self, failing: int = 0) -> None:
        self.begun = 0
        self.failing = failing
        self.go_on = asyncio.Event()

    async def __call__(self) -> Verdict:
        self.begun += 1
        await self.go_on.wait()
        if self.begun <= self.failing:
            raise RuntimeError("no room")
        return "yes", f"in run {self.begun}"


class TestOnce:
    """However many ask, there is one run."""

    def test_all_wait_for_the_same_run_and_later_ones_for_none(self) -> None:
        async def ask() -> None:
            run = Run()
            settled = once(run)
            waiting = [asyncio.ensure_future(settled()) for _ in range(100)]
            await asyncio.sleep(0)
            run.go_on.set()
            assert await asyncio.gather(*waiting) == [("yes", "in run 1")] * 100
            assert await settled() == ("yes", "in run 1")

        run_async(ask())

    def test_who_goes_away_stops_nobody(self) -> None:
        async def ask() -> None:
            run = Run()
            settled = once(run)
            leaving, staying = (asyncio.ensure_future(settled()) for _ in range(2))
            await asyncio.sleep(0)
            leaving.cancel()
            run.go_on.set()
            assert await staying == ("yes", "in run 1")

        run_async(ask())

    def test_a_run_that_failed_is_run_again_for_who_asks_next(self) -> None:
        async def ask() -> None:
            run = Run(failing=1)
            settled = once(run)
            run.go_on.set()
            with pytest.raises(RuntimeError, match="no room"):
                await settled()
            assert await settled() == ("yes", "in run 2")

        run_async(ask())
