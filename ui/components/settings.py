"""A run's settings in words: its shape, and all that it was made and trained with."""

from collections.abc import Sequence
from typing import Any

from service import Run
from ui.components.numbers import exact

TITLES = {
    "seed": "seed of the first weights",
    "data_seed": "seed of the examples",
    "low": "lowest entry",
    "high": "highest entry",
    "start": "first values",
    "dataset": "data set",
}
"""What a setting is called where its name does not say it."""


def settings_of(run: Run) -> dict[str, str]:
    """Every setting of the run by its name; where its trainings differ, one after the other."""
    found: dict[str, list[Any]] = {"task": [run.model.task], "shape": [run.shape]}
    found |= {
        name: [value] for name, value in run.model.options.items() if name not in ("hidden", "activation")
    }
    found |= {"seed": [run.model.seed], "steps": [run.model.step], "trainings": [len(run.jobs)]}
    for job in run.jobs:
        for name, value in (
            job.config.model_dump(exclude={"settings", "steps"}) | job.config.settings
        ).items():
            found.setdefault(name, []).append(run.datasets.get(value, value) if name == "dataset" else value)
    return {TITLES.get(name, name.replace("_", " ")): _in_turn(values) for name, values in found.items()}


def differences(runs: Sequence[Run]) -> dict[str, list[str]]:
    """The settings in which the runs differ: what each has, `-` where it has no such setting."""
    settings = [settings_of(run) for run in runs]
    names = dict.fromkeys(name for each in settings for name in each)
    rows = {name: [each.get(name, "-") for each in settings] for name in names}
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
