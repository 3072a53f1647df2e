"""However many ask, what settles a question is run once."""

import asyncio

import pytest

from tests.conftest import run_async
from ui.questions.question import once


class Run:
    """A run that is held until it is let go; the first so many fail."""

    def __init__(self, failing: int = 0) -> None:
        self.begun = 0
        self.failing = failing
        self.go_on = asyncio.Event()

    async def __call__(self) -> str:
        self.begun += 1
        await self.go_on.wait()
        if self.begun <= self.failing:
            raise RuntimeError("no room")
        return f"in run {self.begun}"


class TestOnce:
    """However many ask, there is one run."""

    def test_all_wait_for_the_same_run_and_later_ones_for_none(self) -> None:
        async def ask() -> None:
            run = Run()
            settled = once(run)
            waiting = [asyncio.ensure_future(settled()) for _ in range(100)]
            await asyncio.sleep(0)
            run.go_on.set()
            assert await asyncio.gather(*waiting) == ["in run 1"] * 100
            assert await settled() == "in run 1"

        run_async(ask())

    def test_who_goes_away_stops_nobody(self) -> None:
        async def ask() -> None:
            run = Run()
            settled = once(run)
            leaving, staying = (asyncio.ensure_future(settled()) for _ in range(2))
            await asyncio.sleep(0)
            leaving.cancel()
            run.go_on.set()
            assert await staying == "in run 1"

        run_async(ask())

    def test_a_run_that_failed_is_run_again_for_who_asks_next(self) -> None:
        async def ask() -> None:
            run = Run(failing=1)
            settled = once(run)
            run.go_on.set()
            with pytest.raises(RuntimeError, match="no room"):
                await settled()
            assert await settled() == "in run 2"

        run_async(ask())
