"""Every task, the tests' own among them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from service import InlineExecutor, TrainingService
from service.tasks import TASKS, Task
from tests.contracts.line import Line

EVERY_TASK = [*TASKS, Line.name]


@pytest.fixture(autouse=True, scope="package")
def registry() -> Iterator[None]:
    """The one line that a new task needs."""
    TASKS[Line.name] = Line()
    yield
    del TASKS[Line.name]


@pytest.fixture(params=EVERY_TASK)
def task(request: pytest.FixtureRequest) -> Task:
    """One task after the other."""
    return TASKS[request.param]


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[TrainingService]:
    """A service in this process, where the tests' own task is known."""
    with TrainingService(tmp_path, workers=1, make_executor=InlineExecutor) as service:
        yield service
