"""A process that makes one call after another, seen from both ends of its connection."""

import pickle
import signal
import traceback
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from multiprocessing.context import ForkServerContext, SpawnContext  # Windows has only the one

SIGKILL = 9
"""As Linux and macOS number it; Windows has none."""
FROM_OUTSIDE = (-SIGKILL, -signal.SIGTERM, None)
"""How a process ends that was killed from outside; None where it is not known."""
UNKNOWN = 255
"""The exit code that multiprocessing reports of a process whose fork server has died."""


class Killed(Exception):
    """A process was killed before it could begin."""


class Worker:
    """A process, seen from the one that started it."""

    def __init__(self, context: "ForkServerContext | SpawnContext", begin: Callable[[], None]) -> None:
        """Start it, and wait until it has begun. Raises OSError if it cannot, Killed if it is killed."""
        self._connection, theirs = context.Pipe()
        self._process = context.Process(target=_work, args=(theirs, begin), daemon=True)
        with theirs:
            self._process.start()
        try:
            self._connection.recv_bytes()
        except (OSError, EOFError):
            code = self.stop()
            raise Killed if code in FROM_OUTSIDE else OSError(f"exit code {code}") from None

    @property
    def dead(self) -> bool:
        """Whether it has died; to be asked while it rests, for then it has nothing else to tell."""
        return self._connection.poll()

    def ask(self, message: bytes) -> bytes | None:
        """What it makes of a call; None if it dies of it."""
        try:
            self._connection.send_bytes(message)
            return self._connection.recv_bytes()
        except (OSError, EOFError):
            return None

    def stop(self) -> int | None:
        """End it, unless it has died, and return its exit code if that is known."""
        self._connection.close()
        self._process.join()
        code = self._process.exitcode
        self._process.close()
        return None if code == UNKNOWN else code


def _work(connection: Connection, begin: Callable[[], None]) -> None:
    begin()
    with suppress(EOFError, OSError):  # the other end has been closed
        connection.send_bytes(b"begun")
        while True:
            connection.send_bytes(answer(connection.recv_bytes()))


def answer(message: bytes) -> bytes:
    """Make the pickled call; what it returned or raised, pickled, for `settle`."""
    try:
        fn, args, kwargs = pickle.loads(message)
        return pickle.dumps((True, fn(*args, **kwargs)))
    except BaseException as error:
        error.add_note(traceback.format_exc())
        try:
            raised = pickle.dumps((False, error))
            pickle.loads(raised)
        except Exception:
            raised = pickle.dumps((False, RuntimeError(f"{type(error).__name__}: {error}")))
        return raised


def settle(future: Future[Any], answered: bytes) -> None:
    """Put what a worker answered into the future."""
    try:
        done, value = pickle.loads(answered)
    except Exception as error:
        done, value = False, error
    if done:
        future.set_result(value)
    else:
        future.set_exception(value)
