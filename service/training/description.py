"""A training as plain JSON, for a browser to run on the same kernels: ui/static/kernel.js reads it."""

from base64 import b64encode
from typing import Any

import numpy as np

from service.engines import ENGINES
from service.training.advance import Work, begin


def describe(work: Work) -> dict[str, Any] | None:
    """All that the rest of the work is made of, from its next update on; None if only its engine can run it.

    Who runs it gets the bits that `advance` gets: of the parameters, of the optimizer's buffers, and of the
    losses at the recorded steps. Arrays are told in base64, float32 and uint16 with the lowest byte first.
    A browser may set other numbers of the optimizer, and another `target_step` where the order is sequential.
    """
    to_json = ENGINES[work.config.engine].describe
    return None if to_json is None else _plain(to_json(begin(work)))


def _plain(value: Any) -> Any:
    match value:
        case np.ndarray():
            return b64encode(value.tobytes()).decode()
        case dict():
            return {name: _plain(each) for name, each in value.items()}
        case list() | tuple():
            return [_plain(each) for each in value]
        case _:
            return value
