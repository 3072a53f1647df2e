"""A sweep: the same training for every learning rate, width and seed of a grid."""

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Annotated, Any

from pydantic import Field

from service.errors import InvalidInput
from service.records import Real, Record, Seed, TrainingConfig
from service.tasks import Task
from service.tasks.network import Hidden
from service.training.requests import model_options, training_config

MAX_SWEEP_RUNS = 200


class Grid(Record):
    """The values to combine: every learning rate with every list of widths and every seed.

    The `serialization_alias` of a field is the argument of a single model or training that it has values of.
    """

    learning_rates: Annotated[tuple[Real, ...], Field(min_length=1)] = Field(
        serialization_alias="learning_rate",
        title="the learning rates to try",
        description="a list of numbers, such as [0.001, 0.003]",
        examples=[[0.001, 0.003]],
    )
    hidden: Annotated[tuple[Hidden, ...], Field(min_length=1)] | None = Field(
        default=None,
        title="the widths to try (null: the task's default)",
        description="a list of lists of layer widths, such as [[3], [8]], or null",
    )
    seeds: Annotated[tuple[Seed, ...], Field(min_length=1)] = Field(
        default=(0,),
        serialization_alias="seed",
        title="the seeds to try (null: 0 alone)",
        description="a list of whole numbers from 0 to 4,294,967,295",
    )

    @classmethod
    def varied(cls) -> set[str]:
        """The arguments that every run has its own of, and that a sweep therefore does not take."""
        return {field.serialization_alias or name for name, field in cls.model_fields.items()}


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
    given = grid.model_dump(exclude_none=True, by_alias=True)
    axes = {name: list(dict.fromkeys(values)) for name, values in given.items()}
    trainings = _combinations({name: axes[name] for name in axes if name in TrainingConfig.model_fields})
    models = _combinations({name: axes[name] for name in axes if name not in TrainingConfig.model_fields})
    count = len(models) * len(trainings)
    if count > MAX_SWEEP_RUNS:
        sizes = " * ".join(f"{len(values)} ({name})" for name, values in axes.items())
        raise InvalidInput("The number of runs of a sweep", count, f"at most {MAX_SWEEP_RUNS}, not {sizes}")
    configs = [training_config(task, {**config, **each}, step_limits, upload) for each in trainings]
    most = step_limits[configs[0].engine]
    if count * configs[0].steps > most:
        raise InvalidInput(
            "steps", configs[0].steps, f"at most {most // count:,} for each of the {count} runs of a sweep"
        )
    made = [
        (each.pop("seed"), model_options(task, {**options, **each}).model_dump(mode="json"))
        for each in models
    ]
    return [Planned(options=each, seed=seed, config=one) for (seed, each), one in product(made, configs)]


def _combinations(axes: Mapping[str, Sequence[Any]]) -> list[dict[str, Any]]:
    return [dict(zip(axes, values, strict=True)) for values in product(*axes.values())]
