"""Errands: they take turns with the jobs, survive what jobs survive, and tell whoever waits for them."""

import asyncio
import os
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import BrokenExecutor, Future
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from service import InlineExecutor, ServiceClosed, TrainingService
from service.jobs.entries import ErrandEntry
from service.jobs.pool import WorkerDied
from service.training.advance import Work
from tests.conftest import run_async, under_way, until
from tests.service.executors import HeldExecutor


@dataclass(frozen=True)
class Count:
    """An errand that counts to `last`, a number a piece."""

    last: int
    deadly: bool = False

    def works(self) -> Iterable[Work]:
        return ()

    def begin(self) -> int:
        return 0

    def go_on(self, state: int, seconds: float) -> int:
        if self.deadly:
            os._exit(1)
        return state + 1

    def done(self, state: int) -> bool:
        return state == self.last


class Turns(InlineExecutor):
    """Does a single step of an errand at a time, and remembers whose turn it was."""

    def __init__(self) -> None:
        self.turns: list[object] = []
        self.go_on = threading.Event()
        self.go_on.set()

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        assert self.go_on.wait(10)
        self.turns.append(args[0])
        *given, _ = args
        return super().submit(fn, *given, 1e-9)


def test_the_result_is_the_last_state(lab: TrainingService) -> None:
    assert lab._scheduler.run(ErrandEntry(Count(100), owner="")).result(timeout=10) == 100


def test_nothing_of_it_is_kept(lab: TrainingService) -> None:
    model = lab.create_model("memorize")
    lab.train(model.id, steps=20)
    before = list(lab._database._db.iterdump())
    run_async(lab.reruns.replay(model.id))
    run_async(lab.reruns.seed_losses(model.id, count=3))
    assert list(lab._database._db.iterdump()) == before


def test_owners_share_alike_and_the_errands_of_one_take_turns(tmp_path: Path) -> None:
    executor = Turns()
    with TrainingService(tmp_path, workers=1, make_executor=lambda: executor) as lab:
        model = lab.create_model("product", owner="a")
        job = lab.submit(model.id, steps=10_000_000, engine="autograd", learning_rate=1e-6)
        until(lab, job.id, under_way)
        counts = [Count(30), Count(31)]
        executor.go_on.clear()
        start, futures = (
            len(executor.turns),
            [lab._scheduler.run(ErrandEntry(each, owner="b")) for each in counts],
        )
        executor.go_on.set()
        for future in futures:
            future.result(timeout=30)
        lab.cancel(job.id)
    turns = [turn for turn in executor.turns[start:] if turn in counts]
    assert all(one != other for one, other in pairwise(turns[:60]))
    assert any(isinstance(turn, Work) for turn in executor.turns[start : start + 40])


class TestWhoeverWaits:
    async def _asked(self, lab: TrainingService, held: HeldExecutor) -> asyncio.Task[Any]:
        model = lab.create_model("memorize")
        task = asyncio.create_task(lab.reruns.replay(model.id))
        await asyncio.to_thread(held.wait_for_slice)
        return task

    def test_may_go_away(self, tmp_path: Path) -> None:
        held = HeldExecutor()
        with TrainingService(tmp_path, workers=1, make_executor=lambda: held) as lab:

            async def go_away() -> None:
                errand, later = (
                    await self._asked(lab, held),
                    lab._scheduler.run(ErrandEntry(Count(1), owner="")),
                )
                errand.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await errand
                held.let_go()
                assert await asyncio.wrap_future(later) == 1

            run_async(go_away())
        assert len(held.calls) == 2

    def test_is_told_when_the_service_closes(self, tmp_path: Path) -> None:
        held = HeldExecutor()
        lab = TrainingService(tmp_path, workers=1, make_executor=lambda: held)
        futures = [lab._scheduler.run(ErrandEntry(Count(2), owner="")) for _ in range(3)]
        held.wait_for_slice()

        async def close() -> None:
            closed = asyncio.create_task(asyncio.to_thread(lab.close))
            while not lab._scheduler._closing:
                await asyncio.sleep(0)
            held.run(*held.calls[-1])
            await closed

        run_async(close())
        assert futures[0].result() == 2
        for future in futures[1:]:
            with pytest.raises(ServiceClosed):
                future.result(timeout=10)
        with pytest.raises(ServiceClosed):
            lab._scheduler.run(ErrandEntry(Count(2), owner=""))

    def test_gets_the_error_of_an_errand_that_fails(self, tmp_path: Path) -> None:
        held = HeldExecutor()
        with TrainingService(tmp_path, workers=1, make_executor=lambda: held) as lab:
            future = lab._scheduler.run(ErrandEntry(Count(2), owner=""))
            held.wait_for_slice()[0].set_exception(MemoryError("no room"))
            with pytest.raises(MemoryError, match="no room"):
                future.result(timeout=10)


def test_a_piece_that_is_lost_with_its_worker_is_run_again(tmp_path: Path) -> None:
    pools = iter([HeldExecutor(), HeldExecutor()])
    made: list[HeldExecutor] = []

    def make() -> HeldExecutor:
        made.append(next(pools))
        return made[-1]

    with TrainingService(tmp_path, workers=1, make_executor=make) as lab:
        future = lab._scheduler.run(ErrandEntry(Count(5), owner=""))
        made[0].wait_for_slice()[0].set_exception(BrokenExecutor("a worker died"))
        while len(made) < 2:
            pass
        made[1].wait_for_slice()
        made[1].let_go()
        assert future.result(timeout=10) == 5


def test_one_that_kills_its_workers_fails_and_the_others_go_on(tmp_path: Path) -> None:
    with TrainingService(tmp_path, workers=1) as lab:
        deadly = lab._scheduler.run(ErrandEntry(Count(5, deadly=True), owner="a"))
        sound = lab._scheduler.run(ErrandEntry(Count(5), owner="b"))
        with pytest.raises(WorkerDied):
            deadly.result(timeout=60)
        assert sound.result(timeout=60) == 5
