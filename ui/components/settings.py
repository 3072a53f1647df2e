"""A run's settings in words: its shape, and all that it was made and trained with."""

from collections.abc import Mapping, Sequence
from typing import Any

from service import Run
from ui.components.labels import label
from ui.components.numbers import exact

Names = Mapping[str, str]
"""What the page calls the optimizers, the engines, and the chapters of the tasks."""
NAMED = ("chapter", "optimizer", "engine")
"""The settings that are such names."""


def settings_of(run: Run, names: Names) -> dict[str, str]:
    """Every setting of the run by its label; where its trainings differ, one after the other."""
    found: dict[str, list[Any]] = {"chapter": [run.model.task], "shape": [run.shape]}
    found |= {
        name: [value] for name, value in run.model.options.items() if name not in ("hidden", "activation")
    }
    found |= {"seed": [run.model.seed], "steps": [run.model.step], "trainings": [len(run.jobs)]}
    for job in run.jobs:
        for name, value in (
            job.config.model_dump(exclude={"settings", "steps"}) | job.config.settings
        ).items():
            found.setdefault(name, []).append(run.datasets.get(value, value) if name == "dataset" else value)
    named = {name: [names.get(value, value) for value in found.get(name, [])] for name in NAMED}
    return {label(name): _in_turn(values) for name, values in {**found, **named}.items() if values}


def differences(runs: Sequence[Run], names: Names) -> dict[str, list[str]]:
    """The settings in which the runs differ: what each has, `-` where it has no such setting."""
    settings = [settings_of(run, names) for run in runs]
    labels = dict.fromkeys(name for each in settings for name in each)
    rows = {name: [each.get(name, "-") for each in settings] for name in labels}
    return {name: values for name, values in rows.items() if len(set(values)) > 1}


def _in_turn(values: Sequence[Any]) -> str:
    words = [_word(value) for value in values]
    changes = [word for index, word in enumerate(words) if index == 0 or word != words[index - 1]]
    return ", then ".join(changes)


def _word(value: Any) -> str:
    if value is None:
        return "generated"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return exact(value)
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, list | tuple):
        return ", ".join(_word(each) for each in value)
    return str(value)
