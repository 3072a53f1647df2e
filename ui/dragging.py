"""What the page needs to train by itself while a slider moves: static/trainer.js reads it.

A training is told in two parts: what stays while a slider moves, by which the page asks for a description of
it (`ui.served`), and the values that the sliders set.
"""

import json
from collections.abc import Mapping
from typing import Any

import gradio as gr

from service import EngineInfo, Snapshot, TrainingConfig
from ui.fields import Fields

MOVED = ("learning_rate", "steps")
"""Of the config, and below, of the optimizer's settings and of the model's options."""
MOVED_SETTING = "momentum"
MOVED_OPTION = "start"


def hand(
    task: str,
    options: Mapping[str, Any],
    seed: int,
    config: TrainingConfig,
    engines: Mapping[str, EngineInfo],
) -> dict[str, Any] | None:
    """A model's first training as the page tells it; None if no browser can run it.

    `of` is what stays, as a text; `live` are the values that sliders set, by the names of their fields.
    """
    if not engines[config.engine].in_browser:
        return None
    rest = config.model_dump(mode="json", exclude={*MOVED})
    live: dict[str, Any] = {**{name: getattr(config, name) for name in MOVED}, "seed": seed}
    # Without momentum there is no Nesterov's, so then it stays.
    if MOVED_SETTING in config.settings and not config.settings.get("nesterov"):
        settings = dict(rest["settings"])
        live[f"optimizer.{MOVED_SETTING}"] = settings.pop(MOVED_SETTING)
        rest["settings"] = settings
    for index, value in enumerate(options.get(MOVED_OPTION, ())):
        live[f"{MOVED_OPTION}.{index}"] = value
    staying = {name: value for name, value in options.items() if name != MOVED_OPTION}
    of = json.dumps({"task": task, "options": staying, "config": rest}, sort_keys=True)
    return {"of": of, "live": live}


def hand_of(model: Snapshot, engines: Mapping[str, EngineInfo]) -> dict[str, Any] | None:
    """`hand` of the model that is shown; None also where moving a slider would not replace it."""
    job = model.job
    if job is None or job.start_step > 0:
        return None
    return hand(model.model.task, model.model.options, model.model.seed, job.config, engines)


def sliders(fields: Fields) -> dict[str, str]:
    """The names of the fields that train while they are moved, by the ids of their sliders."""
    moved = {name: field.component for name, field in fields.items() if field.live}
    return {str(each.elem_id): name for name, each in moved.items() if isinstance(each, gr.HTML)}
