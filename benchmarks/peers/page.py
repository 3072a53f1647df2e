"""The page: the engine's own kernels as WebAssembly, in Chromium."""

import atexit
import json
from contextlib import ExitStack
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import JSHandle, Page

from benchmarks.chromium import LOAD, kernel_page
from benchmarks.peers import check
from benchmarks.peers.base import Training
from benchmarks.rows import Row
from service.training.description import describe

PARAMETERS = """async (train) => {
    const { named } = await import('/packing.js');
    const { views, parameters } = train();
    return Object.values(named(views, parameters));
}"""
WARM_UPS = 3
"""Whole runs: the browser compiles a kernel better once it has run for a while, for the calls after that."""


def page(variant: str, row: Row, steps: int) -> Training:
    """ui/static/kernel.js; raises FileNotFoundError if there is no Chromium."""
    opened = _page()
    check.check(row, _parameters(row, opened.evaluate(PARAMETERS, _training(variant, row, check.STEPS))))
    training = _training(variant, row, steps)

    def train() -> None:
        reached = opened.evaluate("train => train().step", training)
        assert reached == steps, f"the run ended at step {reached}"

    for _ in range(WARM_UPS):
        train()
    return train


def _training(variant: str, row: Row, steps: int) -> JSHandle:
    return _page().evaluate_handle(LOAD, [variant, json.dumps(describe(row.work("compiled", steps)))])


def _parameters(row: Row, told: list[list[float]]) -> list[NDArray[Any]]:
    shapes = [parameter.shape for parameter in row.module().parameters()]
    return [np.array(numbers).reshape(shape) for numbers, shape in zip(told, shapes, strict=True)]


@cache
def _page() -> Page:
    """One for all rows, open to the end."""
    opened = ExitStack()
    atexit.register(opened.close)
    return opened.enter_context(kernel_page())
