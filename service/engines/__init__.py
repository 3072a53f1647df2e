"""The engines, by name."""

from service.engines import autograd, compiled
from service.engines.base import Engine

ENGINES: dict[str, Engine] = {"compiled": compiled.train, "autograd": autograd.train}


def engine_for(engine: str, optimizer: str) -> str:
    """The engine itself, or "autograd" where it does not know the optimizer."""
    return "autograd" if engine == "compiled" and optimizer not in compiled.RULES else engine
