"""The engines, by name."""

from service.engines import autograd
from service.engines.base import Engine

ENGINES: dict[str, Engine] = {"autograd": autograd.train}
