"""What callers ask for, as it is understood; and the training that it asks for, told to a browser."""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from service.jobs.store import Store
from service.records import TrainingConfig
from service.tasks import Task
from service.training.description import describe_beginnings
from service.training.requests import checked_seed, known_task, model_options, training_config


class AskedTraining(NamedTuple):
    """A model and its training, complete."""

    options: dict[str, Any]
    seed: int
    config: TrainingConfig


class Descriptions:
    """Reads requests against what the lab keeps, and makes nothing.

    `step_limits` are the most steps of a training, by engine.
    """

    def __init__(self, store: Store, step_limits: Mapping[str, int]) -> None:
        self._store = store
        self._step_limits = step_limits

    def config(self, task: Task, config: Mapping[str, Any]) -> TrainingConfig:
        """The config of a training of the task, as for `submit`. Raises InvalidInput."""
        upload = self._store.dataset(config.get("dataset"))
        return training_config(task, config, self._step_limits, upload)

    def asked(self, task: str, options: Mapping[str, Any], config: Mapping[str, Any]) -> AskedTraining:
        """What `create_model` makes of the options, the seed among them, and `submit` of the config.

        Raises InvalidInput if one of them would.
        """
        kind, given = known_task(task), dict(options)
        seed = checked_seed(given.pop("seed", 0))
        return AskedTraining(
            model_options(kind, given).model_dump(mode="json"), seed, self.config(kind, config)
        )

    def describe(self, task: str, options: Mapping[str, Any], config: Mapping[str, Any]) -> str:
        """The training for a browser to run, as JSON: see `describe_beginnings`. Raises as `asked`."""
        made, seed, parsed = self.asked(task, options, config)
        upload = self._store.dataset(parsed.data.dataset)
        return describe_beginnings(task, json.dumps(made), parsed.model_dump_json(), seed, upload)
