"""A sweep: the same training for every learning rate, width and seed of a grid."""

from collections.abc import Collection, Mapping
from itertools import product
from typing import Annotated, Any, ClassVar

from pydantic import Field

from service.errors import InvalidInput
from service.records import Real, Record, Seed, TrainingConfig
from service.tasks import Task
from service.tasks.network import Hidden
from service.training.requests import model_options, training_config

MAX_SWEEP_RUNS = 200


class Grid(Record):
    """The values to combine: every learning rate with every list of widths and every seed."""

    varied: ClassVar[Collection[str]] = ("learning_rate", "hidden", "seed")
    """What every run has its own of: arguments of a single model or training that a sweep does not take."""

    learning_rates: Annotated[tuple[Real, ...], Field(min_length=1)] = Field(
        title="the learning rates to try", description="a list of numbers, such as [0.001, 0.003]"
    )
    hidden: Annotated[tuple[Hidden, ...], Field(min_length=1)] | None = Field(
        default=None,
        title="the widths to try (null: the task's default)",
        description="a list of lists of layer widths, such as [[3], [8]], or null",
    )
    seeds: Annotated[tuple[Seed, ...], Field(min_length=1)] = Field(
        default=(0,),
        title="the seeds to try (null: 0 alone)",
        description="a list of whole numbers from 0 to 4,294,967,295",
    )


class Planned(Record):
    """One run of a sweep that has not begun: what its model is made with, and how it trains."""

    options: dict[str, Any]
    seed: int
    config: TrainingConfig


def plan(
    task: Task,
    grid: Grid,
    options: Mapping[str, Any],
    config: Mapping[str, Any],
    step_limits: Mapping[str, int],
    upload: bytes | None = None,
) -> list[Planned]:
    """All the runs of a grid, each of them checked; equal ones are planned once.

    `options` and `config` are what is the same for all; `upload` are the bytes of the data set in it, if it
    is one that was added. Together the runs may take as many steps as a single training may. Raises
    InvalidInput.
    """
    if grid.hidden is not None and "hidden" not in task.options.model_fields:
        raise InvalidInput("hidden", grid.hidden, f"left out, for the task {task.name} has no layers")
    widths = [{}] if grid.hidden is None else [{"hidden": hidden} for hidden in dict.fromkeys(grid.hidden)]
    rates, seeds = list(dict.fromkeys(grid.learning_rates)), list(dict.fromkeys(grid.seeds))
    count = len(widths) * len(rates) * len(seeds)
    if count > MAX_SWEEP_RUNS:
        allowed = (
            f"at most {MAX_SWEEP_RUNS}: {len(rates)} learning rates, {len(widths)} widths and {len(seeds)} "
            "seeds are more"
        )
        raise InvalidInput("The number of runs of a sweep", count, allowed)
    configs = [
        training_config(task, {**config, "learning_rate": rate}, step_limits, upload) for rate in rates
    ]
    most = step_limits[configs[0].engine]
    if count * configs[0].steps > most:
        raise InvalidInput(
            "steps", configs[0].steps, f"at most {most // count:,} for each of the {count} runs of a sweep"
        )
    made = [model_options(task, {**options, **hidden}).model_dump(mode="json") for hidden in widths]
    return [Planned(options=each, seed=seed, config=one) for each, seed, one in product(made, seeds, configs)]
