"""Whoever waits for a training holds nobody up."""

import asyncio
from pathlib import Path

import gradio as gr

from service import TrainingService
from tests.conftest import run_async
from tests.service.executors import HeldExecutor
from tests.ui.handlers import handlers
from ui import build_ui
from ui.trainer import BenchState

PEOPLE = 33
"""More than the event loop's thread pool has threads on any machine."""
EARLIER = {"shapes": "right", "rates": "right", "rank": "right"}
"""Answers that have their questions come back."""
TRAINING = 6
"""How many questions train, counting the one that comes back."""


def test_lessons_are_redrawn_while_questions_replays_and_seeds_wait_for_a_worker(tmp_path: Path) -> None:
    held = HeldExecutor()
    held.holding = False
    with TrainingService(tmp_path, workers=1, make_executor=lambda: held) as lab:
        shown = BenchState(model=lab.create_model("memorize").id)
        lab.train(str(shown.model), steps=50)
        page = build_ui(lab)
        asked = handlers(page, "settle", EARLIER, gr.EventData(None, {"choice": 0}))
        assert len(asked) == 17
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
            # Of the questions, those that need no training may be answered by now.
            assert sum(not each.done() for each in waiting) >= TRAINING * PEOPLE
            assert not any(each.done() for each in looking)
            for each in looking[1:]:  # who goes away need not be waited for
                each.cancel()
            held.let_go()
            await asyncio.gather(*waiting, looking[0])

        run_async(wait_and_redraw())
