"""Named example sets: one CSV file and one card (what it is, what it teaches) each.

A file has the columns a, b, c (the vector) and then its targets, one row an example.
"""

from functools import cache, lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

FOLDER = Path(__file__).parent
INPUT_COLUMNS = ["a", "b", "c"]


@cache
def names() -> tuple[str, ...]:
    """The names of all sets, sorted."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.csv")))


def card(name: str) -> str:
    """The Markdown card of the set `name`."""
    return (FOLDER / f"{name}.md").read_text(encoding="utf-8")


@lru_cache(maxsize=8)
def load(name: str) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The set `name` as (inputs, targets): read-only float32 arrays, (n, 3) and (n, outputs).

    Raises KeyError if there is no such set.
    """
    if name not in names():
        raise KeyError(name)
    frame = pd.read_csv(FOLDER / f"{name}.csv", dtype=np.float32)
    inputs = frame[INPUT_COLUMNS].to_numpy()
    targets = frame.drop(columns=INPUT_COLUMNS).to_numpy()
    for array in (inputs, targets):
        array.setflags(write=False)
    return inputs, targets
