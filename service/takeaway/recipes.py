"""A model's whole training as a text for a link."""

import json
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from typing import Any

from service.errors import InvalidInput
from service.records import Record
from service.training.requests import check_trained_here
from service.training.snapshot import Snapshot

MAX_LINK_CHARACTERS = 8_000
"""Characters; addresses much longer than that get lost on the way."""
MAX_RECIPE_BYTES = 100_000
"""Bytes of what is packed in them."""
MAX_TRAININGS = 50
LINK_ALLOWED = "a run that this page has made a link of, in full"


class Recipe(Record):
    """What a model is made with, and its trainings: run again, they give the same weights.

    To the bit, where the versions of the lab, of PyTorch and of NumPy are the same; after a training on
    autograd also the kind of processor.
    """

    task: str
    options: dict[str, Any]
    seed: int
    trainings: list[dict[str, Any]]


def packed_recipe(snapshot: Snapshot) -> str:
    """The model's whole training as text for a link. Raises InvalidInput where it is too much for one."""
    return packed(recipe_of(snapshot))


def recipe_of(snapshot: Snapshot) -> Recipe:
    """How the model came about; a training that ended early counts as far as it came.

    Raises InvalidInput for more trainings than a link holds, and for a model that came out of a program.
    """
    check_trained_here(snapshot.model)
    trainings = [
        job.config.model_copy(update={"steps": job.step - job.start_step})
        for job in snapshot.jobs
        if job.step > job.start_step
    ]
    if len(trainings) > MAX_TRAININGS:
        allowed = f"at most {MAX_TRAININGS} to fit into a link"
        raise InvalidInput("The number of trainings of this run", len(trainings), allowed)
    return Recipe(
        task=snapshot.model.task,
        options=snapshot.model.options,
        seed=snapshot.model.seed,
        trainings=[
            training.model_dump(mode="json", exclude_defaults=True) | {"steps": training.steps}
            for training in trainings
        ],
    )


def packed(recipe: Recipe) -> str:
    """The recipe as letters, digits, - and _. Raises InvalidInput for one that is too long for a link."""
    text = json.dumps(recipe.model_dump(mode="json"), separators=(",", ":"))
    found = urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode().rstrip("=")
    if len(found) > MAX_LINK_CHARACTERS:
        allowed = f"at most {MAX_LINK_CHARACTERS:,} characters"
        raise InvalidInput("The link to this run", f"{len(found):,} characters", allowed)
    return found


def unpacked(text: str) -> Recipe:
    """What `packed` packed. Raises InvalidInput for anything else."""
    if len(text) > MAX_LINK_CHARACTERS:
        raise InvalidInput("run", f"{len(text):,} characters", f"at most {MAX_LINK_CHARACTERS:,} characters")
    try:
        unpacker = zlib.decompressobj()
        content = unpacker.decompress(urlsafe_b64decode(text + "=" * (-len(text) % 4)), MAX_RECIPE_BYTES)
        if not unpacker.eof:
            raise InvalidInput("run", text, LINK_ALLOWED)
        recipe = Recipe.model_validate_json(content)
    except (NotBase64, ValueError, zlib.error):
        raise InvalidInput("run", text, LINK_ALLOWED) from None
    if len(recipe.trainings) > MAX_TRAININGS or not all("steps" in each for each in recipe.trainings):
        raise InvalidInput("run", text, LINK_ALLOWED)
    return recipe
