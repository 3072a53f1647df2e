"""The kernels of the compiled engine, compiled ahead of the first training."""

import os
import time
from collections.abc import Iterator
from itertools import islice

from llvmlite.binding import get_host_cpu_name

from service.engines.cache import FOLDER
from service.tasks import TASKS
from service.training.advance import Work, advance, first_checkpoint
from service.training.requests import step_limits, training_config

# Code is compiled for one kind of processor, and the folder may be shared by several.
_MARK = None if FOLDER is None else FOLDER / f"complete-{get_host_cpu_name()}"
_FIRST_MARK = None if FOLDER is None else FOLDER / f"first-{get_host_cpu_name()}"
FIRST = 3
"""How many kernels are compiled first: one for each chapter that trains, as it opens."""
FIRST_SECONDS = 120.0
"""How long a start waits for the first kernels: a busy machine takes so long."""
LOOK_SECONDS = 0.02


def kernels_are_kept() -> bool:
    """Whether all kernels need only be loaded."""
    return _MARK is not None and _MARK.exists()


def wait_for_first_kernels() -> None:
    """Return once what a first training needs is kept, if another process is about to keep it.

    Until then that training would compile, and whoever asked for it wait.
    """
    if _MARK is None or _FIRST_MARK is None:
        return
    until = time.monotonic() + FIRST_SECONDS
    while not (_MARK.exists() or _FIRST_MARK.exists()) and time.monotonic() < until:
        time.sleep(LOOK_SECONDS)


def compile_kernels(backwards: bool = False) -> None:
    """Run every kernel for one step, the most wanted first; it stays loaded, and is kept if it can be.

    Another process that goes `backwards` meanwhile halves the time.
    """
    for work in reversed([*_works()]) if backwards else _works():
        advance(work, 1)
    if _MARK is not None:
        _MARK.touch()


def compile_for_server() -> None:
    """As `compile_kernels`: the first ones at once, the others whenever nobody else needs the processor."""
    for work in islice(_works(), FIRST):
        advance(work, 1)
    if _FIRST_MARK is not None:
        _FIRST_MARK.touch()
    if hasattr(os, "nice"):  # Windows has none
        os.nice(10)
    compile_kernels()


def _works() -> Iterator[Work]:
    for optimizer, settings in (("sgd", {}), ("sgd", {"momentum": 0.9}), ("adam", {})):
        for name, task in TASKS.items():
            for chosen, batch_size in task.compiled_first:
                options = task.options.parse(chosen)
                given = {"steps": 1, "optimizer": optimizer, "settings": settings, "batch_size": batch_size}
                given["held_out"] = 0.5 if task.chooses_data else 0.0
                config = training_config(task, given, step_limits())
                yield Work(name, options, config, 0, 1, 0, first_checkpoint(name, options, seed=0))
