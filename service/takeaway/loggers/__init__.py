"""A run, logged to a tool for experiments that somebody has: optional packages behind one function."""

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from service.errors import InvalidInput, NotInstalled, one_of
from service.takeaway.loggers.run import LoggedRun, logged
from service.training.snapshot import Snapshot


@dataclass(frozen=True)
class Logger:
    """A tool: the module that has to be there, what installs it, and the module here that logs to it."""

    needs: str
    packages: str
    module: str

    @property
    def write(self) -> Callable[[LoggedRun, Path], None]:
        """Logs a run to a folder. Raises ImportError where the tool is not installed."""
        return import_module(self.module).write


LOGGERS = {
    "tensorboard": Logger("tensorboard", "tensorboard", f"{__name__}.to_tensorboard"),
    "trackio": Logger("trackio", "trackio", f"{__name__}.to_trackio"),
    "mlflow": Logger("mlflow", "mlflow-skinny SQLAlchemy alembic", f"{__name__}.to_mlflow"),
}
"""By name."""


def check_logging(to: str, folder: Path) -> None:
    """Make the folder, so that `log_run` can log there.

    Raises InvalidInput for no logger's name and for a folder that cannot be written to, and NotInstalled.
    """
    logger = LOGGERS[one_of("log", to, LOGGERS)]
    if find_spec(logger.needs) is None:
        raise NotInstalled(f"Logging to {to}", logger.packages)
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        raise InvalidInput("log", str(folder), "a folder that can be written to")


def log_run(snapshot: Snapshot, to: str, folder: Path) -> str:
    """Log a model's trainings to the folder, and return the name of the run there. No host is contacted.

    `to` is one of LOGGERS. Logged are the settings, the recorded losses, how it ended, and how far it is
    certified if it can be. Losses are all finite: a run that diverged has those up to its last finite
    weights, and its status and error say so. Raises InvalidInput, NotInstalled.
    """
    check_logging(to, folder)
    run = logged(snapshot)
    LOGGERS[to].write(run, folder.resolve())
    return run.name
