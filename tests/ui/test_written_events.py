"""What is told of a program whose answer has begun, when something goes wrong on the way."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from service import ProgramProgress, ServiceClosed, TrainingService
from tests.conftest import run_async
from ui.errors import UNEXPECTED
from ui.written import events

WAITING = ProgramProgress(waiting=True)


async def failing(error: Exception) -> AsyncIterator[ProgramProgress]:
    yield ProgramProgress(line=1)
    raise error


def test_who_goes_away_ends_what_is_told(lab: TrainingService) -> None:
    ended: list[bool] = []

    async def endless() -> AsyncIterator[ProgramProgress]:
        try:
            while True:
                yield WAITING
        finally:
            ended.append(True)

    async def leave() -> bool:
        told = endless()  # held here too, so that only closing it ends it
        answer = events(lab, WAITING, told)
        await anext(answer)
        await anext(answer)
        await answer.aclose()  # pyright: ignore[reportAttributeAccessIssue]
        return bool(ended)

    assert run_async(leave())


@pytest.mark.parametrize(
    ("error", "words"), [(ServiceClosed(), str(ServiceClosed())), (ZeroDivisionError("of ours"), UNEXPECTED)]
)
def test_the_last_event_says_so(
    lab: TrainingService, caplog: pytest.LogCaptureFixture, error: Exception, words: str
) -> None:
    async def told() -> list[dict[str, Any]]:
        texts = [each async for each in events(lab, WAITING, failing(error))]
        return [json.loads(text.removeprefix("data: ")) for text in texts]

    first, second, last = run_async(told())
    assert first["progress"]["waiting"]
    assert second["progress"]["line"] == 1
    assert last == {"refused": words}
    # What nobody expected is in the log, and what was expected is not.
    assert bool(caplog.records) == (words == UNEXPECTED)
