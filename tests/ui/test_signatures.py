"""From an endpoint's function to the flat, described parameters that Gradio finds."""

import inspect
from collections.abc import AsyncIterator
from typing import Annotated, Any

import pytest
from gradio.utils import get_function_description, get_function_params

from service import TrainingService
from tests.conftest import run_async
from ui.endpoints.signatures import Group, published


async def told(
    service: TrainingService,
    grid: Annotated[dict[str, Any], Group("grid")],
    extra: Annotated[int, "a number of its own"] = 1,
) -> dict[str, Any]:
    """Tell what was given."""
    return {"tasks": len(service.catalog.tasks()), "grid": grid, "extra": extra}


async def counted(service: TrainingService, end: Annotated[int, "where to stop"]) -> AsyncIterator[int]:
    """Count the tasks again and again."""
    for each in range(end):
        yield each * len(service.catalog.tasks())


def test_a_group_is_published_as_its_arguments(lab: TrainingService) -> None:
    endpoint = published(told, lab)
    assert endpoint.__name__ == "told"
    assert get_function_params(endpoint) == [
        ("learning_rates", False, None, tuple[float, ...]),
        ("hidden", True, None, tuple[tuple[int, ...], ...] | None),
        ("seeds", True, None, tuple[int, ...] | None),
        ("extra", True, 1, int),
    ]
    description, words, _ = get_function_description(endpoint)
    assert description == "Tell what was given."
    assert words == {
        "learning_rates": "The learning rates to try: a list of numbers, such as [0.001, 0.003].",
        "hidden": "The widths to try (null: the task's default): a list of lists of layer widths, such as "
        "[[3], [8]], or null.",
        "seeds": "The seeds to try (null: 0 alone): a list of whole numbers from 0 to 4,294,967,295.",
        "extra": "A number of its own.",
    }


@pytest.mark.parametrize(
    ("args", "kwargs", "grid", "extra"),
    [
        (([0.1], None, [3], 2), {}, {"learning_rates": [0.1], "hidden": None, "seeds": [3]}, 2),
        (([0.1],), {"seeds": [3]}, {"learning_rates": [0.1], "seeds": [3]}, 1),
    ],
)
def test_what_is_given_by_position_or_name_arrives_in_its_group(
    lab: TrainingService, args: Any, kwargs: Any, grid: Any, extra: int
) -> None:
    assert run_async(published(told, lab)(*args, **kwargs)) == {"tasks": 3, "grid": grid, "extra": extra}


def test_what_has_no_place_comes_last(lab: TrainingService) -> None:
    async def both(
        service: TrainingService,
        training: Annotated[dict[str, Any], Group("swept_training")],
        task: Annotated[str, "the name of a task"],
        unplaced: Annotated[int, "of no place"] = 0,
        key: Annotated[str | None, "a placed one"] = None,
    ) -> None:
        """Take both."""

    names = list(inspect.signature(published(both, lab)).parameters)
    assert names[:2] == ["task", "steps"]
    assert names[-1] == "unplaced"


def test_a_stream_stays_one(lab: TrainingService) -> None:
    endpoint = published(counted, lab)
    assert inspect.isasyncgenfunction(endpoint)

    async def collected() -> list[int]:
        return [each async for each in endpoint(3)]

    assert run_async(collected()) == [0, 3, 6]
