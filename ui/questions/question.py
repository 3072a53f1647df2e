"""A question, and what it takes to answer it: evidence that is computed once, and a reply for each choice."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from ui.questions.trainings import Trainings

Evidence = TypeVar("Evidence")
Found = TypeVar("Found")
Run = Callable[[Trainings], Coroutine[Any, Any, Evidence]]
ONE_AT_A_TIME = ThreadPoolExecutor(max_workers=1, thread_name_prefix="question")
"""For many at once would keep the lessons' threads, and Python itself, from whoever moves a control."""


@dataclass(frozen=True)
class Question(Generic[Evidence]):
    """Something to predict before it is run."""

    name: str
    title: str
    """What it is about, in a few words."""
    text: str
    replies: Mapping[str, Callable[[Evidence], str]]
    """For each choice, what to say to whoever made it."""
    run: Run[Evidence]
    """Runs it, for real, and gives the same every time."""
    right: Callable[[Evidence], str]
    """The choice that the evidence shows to be right."""

    @property
    def choices(self) -> list[str]:
        """What there is to choose from, in the order shown."""
        return list(self.replies)


def computed(function: Callable[[], Evidence]) -> Run[Evidence]:
    """A run that needs no training: `function`, in the thread of the questions."""

    async def run(_: Trainings) -> Evidence:
        return await asyncio.get_running_loop().run_in_executor(ONE_AT_A_TIME, function)

    return run


def once(run: Callable[[], Coroutine[Any, Any, Found]]) -> Callable[[], Awaitable[Found]]:
    """`run`, called for the first who asks: whoever asks meanwhile, or later, gets what it found.

    If it raises, all who wait are told, and whoever asks next has it called again.
    """
    task: asyncio.Task[Found] | None = None

    async def found() -> Found:
        nonlocal task
        if task is None or (task.done() and (task.cancelled() or task.exception())):
            task = asyncio.create_task(run())
        return await asyncio.shield(task)  # who goes away takes it from nobody else

    return found
