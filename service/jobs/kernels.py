"""The kernels of the compiled engine, compiled ahead of the first training."""

from llvmlite.binding import get_host_cpu_name

from service.engines.cache import FOLDER
from service.tasks import TASKS
from service.training.advance import Work, advance, first_checkpoint
from service.training.requests import STEP_LIMITS, training_config

NETWORKS: list[tuple[str, list[int] | None, int]] = [
    ("product", None, 1),
    ("memorize", [2], 1),
    ("challenge", [3], 1),
    ("challenge", [], 1),
    ("challenge", [8], 1),
    ("challenge", [8], 32),
]
"""Task, hidden layers and batch size: one of everything that there is a kernel for."""

# Code is compiled for one kind of processor, and the folder may be shared by several.
_MARK = None if FOLDER is None else FOLDER / f"complete-{get_host_cpu_name()}"


def kernels_are_kept() -> bool:
    """Whether all kernels need only be loaded."""
    return _MARK is not None and _MARK.exists()


def compile_kernels() -> None:
    """Run every kernel for one step, the most wanted first; it stays loaded, and is kept if it can be."""
    for optimizer, settings in (("sgd", {}), ("sgd", {"momentum": 0.9}), ("adam", {})):
        for task, hidden, batch_size in NETWORKS:
            kind = TASKS[task]
            options = kind.options.parse({} if hidden is None else {"hidden": hidden})
            given = {"steps": 1, "optimizer": optimizer, "settings": settings, "batch_size": batch_size}
            given["held_out"] = 0.5 if kind.chooses_data else 0.0
            config = training_config(kind, given, STEP_LIMITS)
            advance(Work(task, options, config, 0, 1, 0, first_checkpoint(task, options, seed=0)), 1)
    if _MARK is not None:
        _MARK.touch()
