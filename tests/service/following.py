"""Somebody who does what the sentence of a run says, word for word."""

import json
import re
from typing import Any

from service import Job, TrainingService
from service.training.outcomes import WORDS

TRAIN = re.compile(
    r"Rewind the model,(?P<divide> divide .* by (?P<divisor>[\d,]+|1e\+\d+),.*)? (?:then )?train .*?with "
    r"(?P<settings>learning rate .*?), and everything else as it was\."
)
TRIED = re.compile(r"(?:all|the first (?P<tried>[\d,]+) of) (?P<steps>[\d,]+) steps stayed finite")


def number(text: str) -> int:
    return int(float(text.replace(",", "")))


def steps_tried(sentence: str) -> int:
    """For how many steps the sentence says that its advice was tried."""
    found = TRIED.search(sentence)
    assert found, sentence
    return number(found["tried"] or found["steps"])


def divisor(sentence: str) -> int | None:
    """By what the numbers of the data set are to be divided, if they are."""
    found = TRAIN.search(sentence)
    return number(found["divisor"]) if found and found["divide"] else None


def changed(sentence: str, config: dict[str, Any]) -> dict[str, Any]:
    """The run's config with what the sentence says to train with."""
    found = TRAIN.search(sentence)
    assert found, sentence
    settings = dict(config["settings"])
    changed = {**config, "settings": settings}
    said = found["settings"]
    for name in (*config, *settings):
        said = said.replace(WORDS.get(name, name.replace("_", " ")), name)
    for part in re.split(r"(?:, | and )(?=[a-z])", said):
        name, value = part.split(" ", 1)
        (settings if name in settings else changed)[name] = json.loads(value)
    return changed


def follow(lab: TrainingService, job: Job) -> Job:
    """Do what the sentence of a diverged job says, for as many steps as it says that it was tried."""
    assert job.error
    lab.rewind(job.model_id)
    config = changed(job.error, job.config.model_dump())
    return lab.train(job.model_id, **{**config, "steps": min(config["steps"], steps_tried(job.error))})
