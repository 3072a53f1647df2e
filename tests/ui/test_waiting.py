"""Whoever waits for a training holds nobody up."""

import asyncio
from pathlib import Path

from service import TrainingService
from tests.conftest import run_async
from tests.service.executors import HeldExecutor
from tests.ui.handlers import handlers
from ui import build_ui
from ui.trainer import BenchState

PEOPLE = 33
"""More than the event loop's thread pool has threads on any machine."""


def test_lessons_are_redrawn_while_questions_replays_and_seeds_wait_for_a_worker(tmp_path: Path) -> None:
    held = HeldExecutor()
    held.holding = False
    with TrainingService(tmp_path, workers=1, make_executor=lambda: held) as lab:
        shown = BenchState(model=lab.create_model("memorize").id)
        lab.train(str(shown.model), steps=50)
        page = build_ui(lab)
        asked = handlers(page, "settle", None, {})
        assert len(asked) == 6
        again = [*handlers(page, "replay", shown), *handlers(page, "others", shown)]
        assert len(again) == 2
        lessons = handlers(page, "redraw")
        assert len(lessons) > 3
        held.hold()

        async def wait_and_redraw() -> None:
            waiting = [asyncio.ensure_future(ask()) for ask in asked for _ in range(PEOPLE)]
            looking = [asyncio.ensure_future(ask()) for ask in again for _ in range(PEOPLE)]
            await asyncio.to_thread(held.wait_for_slice)
            drawn = await asyncio.wait_for(asyncio.gather(*(draw() for draw in lessons)), timeout=60)
            assert all(drawn)
            # Of the questions, the four that need no training may be answered by now.
            assert sum(not each.done() for each in waiting) >= 2 * PEOPLE
            assert not any(each.done() for each in looking)
            for each in looking[1:]:  # who goes away need not be waited for
                each.cancel()
            held.let_go()
            await asyncio.gather(*waiting, looking[0])

        run_async(wait_and_redraw())
