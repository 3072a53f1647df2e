"""What there is to choose from: tasks, optimizers, engines and data sets."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import datasets
from service.engines import ENGINES, counterpart
from service.jobs.sweeps import Grid
from service.limits import Limits
from service.optimizers import OPTIMIZERS
from service.records import Argument, Record, TaskInfo
from service.tasks import TASKS
from service.training.requests import KEY, model_arguments, task_info, training_arguments


class EngineInfo(Record):
    """An engine as the page offers it."""

    title: str
    choice: str
    """What it is called where it is chosen."""
    pytorch_bits: bool
    """Whether its results are PyTorch's own to the bit."""
    checked_by: str
    """The engine that it is compared with."""
    in_browser: bool
    """Whether a browser can train as it does: see `Descriptions.describe`."""


class OptimizerInfo(Record):
    """An optimizer as the page offers it."""

    title: str
    settings: dict[str, Any]


class Catalog:
    """The registries as they are published.

    `step_limits` are the most steps of a job, by engine; `limits` say how much the lab keeps.
    """

    def __init__(self, step_limits: Mapping[str, int], limits: Limits) -> None:
        self._step_limits = step_limits
        self._limits = limits

    def tasks(self) -> list[TaskInfo]:
        """Every task with its defaults and limits, and with those of the lab."""
        return self._tasks

    @cached_property
    def _tasks(self) -> list[TaskInfo]:
        tasks = [task_info(task, self._step_limits) for task in TASKS.values()]
        told = self._limits.told()
        return [each.model_copy(update={"limits": each.limits | told}) for each in tasks]

    def optimizers(self) -> dict[str, OptimizerInfo]:
        """Every optimizer with its settings at their defaults."""
        return {
            name: OptimizerInfo(title=kind.title, settings=kind.settings().model_dump())
            for name, kind in OPTIMIZERS.items()
        }

    def engines(self) -> dict[str, EngineInfo]:
        """Every engine; the first is taken where none is asked for."""
        return {
            name: EngineInfo(
                title=engine.title,
                choice=engine.choice,
                pytorch_bits=engine.pytorch_bits,
                checked_by=counterpart(name),
                in_browser=engine.describe is not None,
            )
            for name, engine in ENGINES.items()
        }

    def datasets(self) -> list[str]:
        """The names of the data sets that the challenge can train on."""
        return list(datasets.names())

    def certifiable(self) -> set[str]:
        """The names of the tasks of whose models something can be proved."""
        return {task.name for task in TASKS.values() if task.analysis is not None}

    def arguments(self) -> dict[str, dict[str, Argument]]:
        """What callers give by name.

        For a "model" (`create_model`), a "training" (`submit`), and a `sweep`: its "grid", and what is
        the same for all its models and trainings, "swept_model" and "swept_training".
        """
        model, training = model_arguments(), training_arguments(self._step_limits)
        varied = Grid.varied()
        return {
            "model": model,
            "training": training | {"key": KEY},
            "grid": Grid.arguments(),
            "swept_model": {name: model[name] for name in model if name not in varied},
            "swept_training": {name: training[name] for name in training if name not in varied},
        }
