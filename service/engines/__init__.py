"""The engines, by name: the one that is taken where none is asked for comes first."""

from service.engines import autograd, compiled
from service.engines.base import Engine

ENGINES: dict[str, Engine] = {"compiled": compiled.ENGINE, "autograd": autograd.ENGINE}
DEFAULT_ENGINE = next(iter(ENGINES))


def engine_for(engine: str, optimizer: str, has_kernel: bool) -> str:
    """The engine itself, or the first one that trains where it cannot: with this optimizer, on this task.

    `has_kernel`: whether the task has a compiled loop.
    """
    willing = [name for name, kind in ENGINES.items() if kind.trains(optimizer, has_kernel)]
    return engine if engine in willing else willing[0]


def counterpart(engine: str) -> str:
    """The engine to check this one against: PyTorch itself, or what is checked against PyTorch."""
    others = [name for name in ENGINES if name != engine]
    differing = [name for name in others if ENGINES[name].pytorch_bits != ENGINES[engine].pytorch_bits]
    return (differing or others)[0]
