"""Programs in processes of their own, as the server sees them: begun, let run for a while, and ended."""

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from time import monotonic
from typing import Any

from service.sandbox.limits import PR_SET_PDEATHSIG
from service.sandbox.nursery import MESSAGE_BYTES, READY, RUN
from service.sandbox.report import (
    MAX_OUTPUT_CHARACTERS,
    ProgramError,
    ProgramProgress,
    ProgramReport,
    Shown,
)

MEMORY_BYTES = 512 * 2**20
"""What a program may take beyond what torch takes."""
MAX_MESSAGE_BYTES = 20 * 2**20
"""Bytes of a message of a program's process; a longer one ends it."""
MAX_MESSAGES_PER_SECOND = 20
"""Of the clock, while a program runs; it tells how far it is half as often."""
START_SECONDS = 60
START = f"""
import ctypes, signal, sys
if sys.platform == "linux":  # the server may be killed while this loads
    ctypes.CDLL(None).prctl({PR_SET_PDEATHSIG}, signal.SIGKILL, 0, 0, 0)
from service.sandbox.nursery import main
main()
"""
ROOT = Path(__file__).parents[2]


def can_run_programs() -> bool:
    """Whether this system has what the sandbox is made of: Linux has, Windows has not."""
    try:
        for each in socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET):
            each.close()
    except (AttributeError, OSError):
        return False
    return hasattr(os, "fork")


class Nursery:
    """The process that programs are forked from: begun when it is first needed, and again when it is lost."""

    def __init__(self) -> None:
        self._asking = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    def start(self) -> None:
        """Begin it, unless it is there, and wait until it can be asked; that takes some seconds.

        Raises OSError.
        """
        with self._asking:
            self._ready()

    def fork(self, descriptor: int) -> int:
        """A child that has the descriptor; returns its process id, which is its own until `end`.

        Raises OSError.
        """
        with self._asking:
            socket.send_fds(self._ready(), [RUN], [descriptor])
            return self._answer()

    def end(self, pid: int) -> int | None:
        """Kill the child, if it still runs, and return its exit code; None if the nursery was lost, too."""
        with self._asking:
            if self._control is None:
                return None
            try:
                self._control.send(str(pid).encode())
                return self._answer()
            except OSError:
                self._drop()
                return None

    def close(self) -> None:
        """End it, and all its children with it."""
        with self._asking:
            self._drop()

    def _ready(self) -> socket.socket:
        if self._process is not None and self._process.poll() is not None:
            self._drop()
        if self._control is None:
            ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            command = [sys.executable, "-c", START, str(theirs.fileno())]
            with theirs:
                self._process = subprocess.Popen(
                    command,
                    cwd=ROOT,
                    env=ENVIRONMENT,
                    stdin=subprocess.DEVNULL,
                    pass_fds=[theirs.fileno()],
                    start_new_session=True,
                )
            ours.settimeout(START_SECONDS)
            self._control = ours
            try:
                ready = ours.recv(MESSAGE_BYTES) == READY
            except OSError:
                ready = False
            if not ready:
                self._drop()
                raise ConnectionResetError("the process that programs are forked from could not be started")
        return self._control

    def _answer(self) -> int:
        assert self._control is not None
        answer = self._control.recv(MESSAGE_BYTES)
        if not answer:
            self._drop()
            raise ConnectionResetError("the process that programs are forked from has ended")
        return int(answer)

    def _drop(self) -> None:
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._control = self._process = None


ENVIRONMENT = {
    "PATH": os.defpath,
    "LANG": "C.UTF-8",
    # One thread each: a process can be forked while it has no other.
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
}
"""All that the nursery's environment holds."""


class ProgramProcess:
    """A program in a process of its own, which runs only within `advance`."""

    def __init__(
        self,
        nursery: Nursery,
        program: str,
        *,
        seconds: int,
        rate_factor: float = 1.0,
        told: Callable[[ProgramProgress], None],
    ) -> None:
        """It may take `seconds` of the processor; `told` hears of its progress, in `advance`'s thread."""
        self.report: ProgramReport | None = None
        """What it came to, once `advance` has returned true."""
        self._nursery = nursery
        self._seconds = seconds
        self._told = told
        self._asked = {
            "program": program,
            "seconds": seconds,
            "memory": MEMORY_BYTES,
            "rate_factor": rate_factor,
            "seed": secrets.randbits(32),
        }
        self._pid: int | None = None
        self._connection: Connection | None = None
        self._shown: list[Shown] = []
        self._line: int | None = None
        """Where it was when it was last looked at."""
        self._characters = 0
        self._messages = 0
        self._run_for = 0.0
        self._ending = threading.Lock()
        self._ended = False

    def advance(self, seconds: float) -> bool:
        """Let it run for so many seconds, or to its end; whether that has come."""
        begin = monotonic()
        try:
            connection = self._connection or self._begin()
        except OSError:
            self.end()
            self._cut(ProgramError(text="The program could not be started.", meaning="Run it once more."))
            return True
        if connection is None:  # ended by another thread
            return True
        self._signal(signal.SIGCONT)
        try:
            while (left := begin + seconds - monotonic()) > 0:
                if connection.poll(left) and not self._hear(connection):
                    return True
        finally:
            self._run_for += monotonic() - begin
            if self.report is None:
                self._signal(signal.SIGSTOP)
        # Of a process that is blocked the processor's time says nothing.
        if self._run_for > self._most_seconds:
            self.end()
            self._cut(self._too_long())
        return self.report is not None

    @property
    def _most_seconds(self) -> float:
        """By the clock, while it is its turn."""
        return 2.0 * self._seconds + 1

    def end(self) -> int | None:
        """End it, wherever it is; from any thread. Returns its exit code, if it had begun."""
        with self._ending:
            code = None if self._pid is None else self._nursery.end(self._pid)
            self._pid = None
            self._ended = True
            return code

    def _begin(self) -> Connection | None:
        ours, theirs = socket.socketpair()
        with theirs, self._ending:
            if self._ended:
                return None
            self._pid = self._nursery.fork(theirs.fileno())
        self._connection = Connection(ours.detach())
        self._connection.send_bytes(json.dumps(self._asked).encode())
        return self._connection

    def _hear(self, connection: Connection) -> bool:
        """Take up a message; whether there may be more."""
        try:
            message: Any = json.loads(connection.recv_bytes(MAX_MESSAGE_BYTES))
            if "progress" in message:
                self._take(ProgramProgress.model_validate(message["progress"]))
                return True
            self.report = ProgramReport.model_validate(message["report"])
        except (EOFError, OSError):
            self._cut(self._cause(self.end()))
            return False
        except (ValueError, KeyError, TypeError):
            self.end()
            self._cut(ProgramError(text="The program was stopped: what it told could not be read."))
            return False
        self.end()
        return False

    def _take(self, progress: ProgramProgress) -> None:
        """Raises ValueError for more than a program tells that has not got out of the first wall."""
        self._messages += 1
        self._characters += sum(len(each.text) for each in progress.shown)
        most = MAX_MESSAGES_PER_SECOND * self._most_seconds
        if self._messages > most or self._characters > MAX_OUTPUT_CHARACTERS:
            raise ValueError("it tells too much")
        self._shown += progress.shown
        self._line = progress.line
        self._told(progress)

    def _cut(self, error: ProgramError) -> None:
        """Report what is known of a program that did not get to report itself."""
        self.report = ProgramReport(
            shown=self._shown, error=error, line=self._line, seconds=round(self._run_for, 3)
        )

    def _cause(self, code: int | None) -> ProgramError:
        """Why its process ended before it had told what it came to."""
        if code in (-signal.SIGXCPU, -signal.SIGKILL) and self._run_for > 0.9 * self._seconds:
            return self._too_long()
        return ProgramError(text=f"The program's process ended by itself ({_spelled(code)}).")

    def _too_long(self) -> ProgramError:
        return ProgramError(
            text=f"The program was stopped after {self._seconds} seconds of computing.",
            meaning="Ask for fewer rounds, or look for a loop that does not end.",
        )

    def _signal(self, number: int) -> None:
        with self._ending, suppress(ProcessLookupError):
            if self._pid is not None:
                os.kill(self._pid, number)


def _spelled(code: int | None) -> str:
    return "stopped" if code is None else signal.Signals(-code).name if code < 0 else f"exit code {code}"
