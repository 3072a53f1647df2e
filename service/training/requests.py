"""What callers ask for, checked against everything the lab offers, before anything is changed."""

from collections.abc import Collection, Mapping
from functools import reduce
from inspect import Parameter
from operator import or_
from typing import Any

from pydantic import Field

import datasets
from service.data import uploads
from service.data.uploads import is_upload
from service.engines import DEFAULT_ENGINE, ENGINES, engine_for
from service.errors import InvalidInput, one_of
from service.numbers import spelled
from service.optimizers import OPTIMIZERS, complete_settings
from service.records import Argument, DataConfig, Job, Model, Record, Seed, TaskInfo, TrainingConfig
from service.schemas import Schema, any_of, field_schemas, nullable
from service.tasks import TASKS, Task
from service.training.examples import checked_held_out
from service.version import __version__


def step_limits(on_space: bool = False) -> dict[str, int]:
    """The most steps that a job may have, by engine; fewer on a Space, where many share two cores."""
    return {
        name: engine.max_steps_on_space if on_space else engine.max_steps for name, engine in ENGINES.items()
    }


KEY = Argument(
    str | None,
    None,
    "the same key again gives the same job, and is refused with another configuration",
    "a text of 1 to 200 printable characters",
    nullable({"type": "string", "minLength": 1, "maxLength": 200}),
)


class _Seed(Record):
    seed: Seed = Field(default=0, title="the seed of the first weights")


def checked_seed(seed: int) -> int:
    """The seed, if it is one. Raises InvalidInput."""
    return _Seed.parse({"seed": seed}).seed


def known_task(name: object) -> Task:
    """The task of that name. Raises InvalidInput."""
    return TASKS[one_of("task", name, TASKS)]


def model_options(task: Task, given: Mapping[str, Any]) -> Record:
    """The options of a model of the task; None means not given. Raises InvalidInput."""
    values = {name: value for name, value in given.items() if value is not None}
    return task.options.parse(values, owner=f"the task {task.name}")


def identifier(kind: str, value: object) -> str:
    """`value`, if it has the shape of an id. Raises InvalidInput."""
    if not isinstance(value, str) or len(value) != 32 or not set(value) <= set("0123456789abcdef"):
        raise InvalidInput(f"{kind}_id", value, f"the id of a {kind}, 32 hexadecimal digits")
    return value


def check_trained_here(model: Model) -> None:
    """Raise InvalidInput for a model that came out of a program: no seed and no training gives it again."""
    if model.program is not None:
        allowed = "the id of a model that is trained here; this one came out of a program, so train it there"
        raise InvalidInput("model_id", model.id, allowed)


def checked_key(key: object) -> str | None:
    """`key`, if a training may be submitted with it. Raises InvalidInput."""
    if key is not None and not (isinstance(key, str) and 1 <= len(key) <= 200 and key.isprintable()):
        raise InvalidInput("key", key, KEY.allowed)
    return key


def check_same_config(key: str, known: Job, config: TrainingConfig) -> None:
    """Raise InvalidInput if `config` is not that of the job that was submitted with this key."""
    before, now = (each.model_dump(mode="json") for each in (known.config, config))
    differing = [f"{name} {before[name]!r}, not {now[name]!r}" for name in now if before[name] != now[name]]
    if differing:
        allowed = f"another one for another training: job {known.id} has it, with {'; '.join(differing)}"
        raise InvalidInput("key", key, allowed)


def training_config(
    task: Task, given: Mapping[str, Any], step_limits: Mapping[str, int], upload: bytes | None = None
) -> TrainingConfig:
    """The config of a run: what was given, with the task's defaults for the rest.

    None means not given. The engine becomes another where the one asked for cannot: see `engine_for`.
    `upload` are the bytes of the given dataset if it is one that somebody added and that is kept.
    Raises InvalidInput for anything that the task, the engine, the optimizer or the examples do not
    allow.
    """
    values = {**task.training, **{name: value for name, value in given.items() if value is not None}}
    for name, names in choices().items():
        if name == "dataset" and is_upload(values.get(name)):
            _check_upload(values[name], names, upload)
        elif name in values:
            one_of(name, values[name], names)
    fields = TrainingConfig.model_fields
    optimizer = values.get("optimizer", fields["optimizer"].default)
    engine = engine_for(values.get("engine", DEFAULT_ENGINE), optimizer, task.kernel is not None)
    values["engine"] = engine
    most = step_limits[engine]
    allowed = f"a whole number from 1 to {most:,} with engine {engine}"
    try:
        config = TrainingConfig.parse(values, owner="a training")
    except InvalidInput as error:
        if error.field != "steps":
            raise
        raise InvalidInput("steps", values["steps"], allowed + spelled(values["steps"])) from None
    if config.steps > most:
        raise InvalidInput("steps", config.steps, allowed)
    settings = complete_settings(config.optimizer, config.settings)
    count = _example_count(task, config, upload)
    count -= checked_held_out(count, config)
    if config.batch_size > count:
        allowed = f"at most {count}, the number of examples to train on"
        raise InvalidInput("batch_size", config.batch_size, allowed)
    return config.model_copy(update={"settings": settings})


def _check_upload(name: str, names: Collection[str], upload: bytes | None) -> None:
    if upload is None:
        allowed = (
            f"one of {', '.join(names)}, or a set added here; this one may have been deleted, or be on "
            "another server"
        )
        raise InvalidInput("dataset", name, allowed)


def _example_count(task: Task, config: TrainingConfig, upload: bytes | None) -> int:
    if task.chooses_data:
        if config.dataset is None:
            return config.examples
        if upload is not None:
            return len(uploads.load(upload, config.dataset)[0])
        return len(datasets.load(config.dataset)[0])
    defaults = DataConfig.parse({})
    for name, value in config.data:
        if value != getattr(defaults, name):
            raise InvalidInput(name, value, f"left out, for the task {task.name} has its own example")
    return len(task.examples(task.options(), defaults))


def choices() -> dict[str, Collection[str]]:
    """The settings of a training that are chosen by name, and the names."""
    return {"optimizer": OPTIMIZERS, "engine": ENGINES, "dataset": datasets.names()}


def training_arguments(step_limits: Mapping[str, int]) -> dict[str, Argument]:
    """What a training takes, by name. What has no default has one of the model's task."""
    most = ", ".join(f"{most:,} with engine {engine}" for engine, most in step_limits.items())
    allowed = {
        **{name: "one of " + ", ".join(names) for name, names in choices().items()},
        "dataset": f"one of {', '.join(datasets.names())}, or the name of a set that was added",
        "steps": f"a whole number from 1 to {most}",
    }
    known = {
        **{name: {"enum": [*names]} for name, names in choices().items() if name != "dataset"},
        "dataset": {"examples": [*datasets.names()]},
        "steps": {"maximum": max(step_limits.values())},
        "settings": nullable({"type": "object", "properties": _settings()}),
    }
    found: dict[str, Argument] = {}
    for name, each in TrainingConfig.arguments().items():
        each = each._replace(schema=each.schema | known.get(name, {}))
        if name == "engine":
            each = each._replace(default=DEFAULT_ENGINE)
        elif each.default is Parameter.empty:
            each = each.optional()._replace(title=f"{each.title} (null: the task's default)")
        found[name] = each._replace(allowed=allowed.get(name, each.allowed))
    return found


def _settings() -> dict[str, Schema]:
    """What is allowed of the settings that an optimizer may have."""
    found: dict[str, list[Schema]] = {}
    for kind in OPTIMIZERS.values():
        for name, schema in field_schemas(kind.settings).items():
            found.setdefault(name, []).append(schema)
    return {name: any_of(schemas) for name, schemas in found.items()}


def model_arguments() -> dict[str, Argument]:
    """What a model is made with, by name: a task, the seed, and the options of all the tasks."""
    options = {task.name: task.options.arguments() for task in TASKS.values()}
    names = dict.fromkeys(name for each in options.values() for name in each)
    return {
        "task": Argument(
            str,
            Parameter.empty,
            "what the model is to learn",
            f"one of {', '.join(TASKS)}",
            {"type": "string", "enum": [*TASKS]},
        ),
        **_Seed.arguments(),
        **{
            name: _option({task: each[name] for task, each in options.items() if name in each})
            for name in names
        },
    }


def _option(by_task: Mapping[str, Argument]) -> Argument:
    """An option that several tasks may take, each in its own way. Left out, it is the task's default."""
    tasks: dict[str, list[str]] = {}
    for task, each in by_task.items():
        tasks.setdefault(each.allowed, []).append(task)
    kinds = reduce(or_, [each.type for each in by_task.values()]) | None
    title = ", or ".join(dict.fromkeys(each.title for each in by_task.values()))
    allowed = ", or ".join(f"{words} ({', '.join(names)})" for words, names in tasks.items())
    schema = nullable(any_of(each.schema for each in by_task.values()))
    return Argument(kinds, None, title, allowed, schema)


def task_info(task: Task, step_limits: Mapping[str, int]) -> TaskInfo:
    """The task as it is published, with its defaults and limits."""
    defaults = training_config(task, {}, step_limits)
    arguments = task.options.arguments() | training_arguments(step_limits) | _Seed.arguments()
    return TaskInfo(
        name=task.name,
        title=task.title,
        inputs=task.inputs,
        outputs=task.outputs,
        options=task.options().model_dump(mode="json"),
        training=defaults.model_dump(mode="json"),
        limits={name: each.allowed for name, each in arguments.items()},
        version=__version__,
    )


def with_momentum(training: dict[str, Any], momentum: object) -> dict[str, Any]:
    """The arguments of a training with the momentum, if any, among its settings.

    Raises InvalidInput where both have it.
    """
    settings = {} if training.get("settings") is None else training["settings"]
    if momentum is None or (momentum == 0 and momentum is not False) or not isinstance(settings, dict):
        return training  # settings that are no dict are refused as they are
    if "momentum" in settings:
        raise InvalidInput("momentum", momentum, "left out where settings has it too")
    return training | {"settings": {"momentum": momentum, **settings}}
