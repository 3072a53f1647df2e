"""The endpoints of what there is to learn from."""

import asyncio
from typing import Annotated, Any

from pydantic import Field

from service import TrainingService


async def tasks(service: TrainingService) -> list[dict[str, Any]]:
    """List the tasks, each with its options, its defaults for training, and what is allowed."""
    return [task.model_dump(mode="json") for task in service.catalog.tasks()]


async def add_dataset(
    service: TrainingService,
    csv: Annotated[
        str,
        "text whose first line names 8 columns, a, b, c and then 5 targets; below it 1 to 10,000 rows of "
        "numbers; in all at most 5,000,000 bytes",
        Field(min_length=1, examples=["a,b,c,t1,t2,t3,t4,t5\n1,2,3,1,2,3,4,5\n"]),
    ],
    file_name: Annotated[str | None, "what the page calls the set"] = None,
) -> dict[str, Any]:
    """Add a data set for the challenge; return the `name` to give as `dataset`, and how many examples.

    The same numbers, as float32 holds them, give the same name. Whoever knows the name can train on the set.
    `notes` say how the text was read, and what of it was left out.
    """
    added = await asyncio.to_thread(service.add_dataset, csv, file_name)
    return added.model_dump(mode="json")
