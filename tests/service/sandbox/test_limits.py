"""What a process that has given everything up can still do: nothing but compute."""

import ctypes
import os
import resource
import signal
import socket
import sys
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from service.sandbox.limits import isolate, limit, shut

MEGABYTE = 2**20


def opens_a_file() -> None:
    Path("/etc/hostname").read_text()


def writes_a_file() -> None:
    Path("/tmp/left-behind").write_text("x")


def opens_a_socket() -> None:
    socket.socket()


def forks() -> None:
    if os.fork() == 0:
        os._exit(0)


def becomes_another_program() -> None:
    os.execv("/bin/true", ["true"])


def signals_its_parent() -> None:
    os.kill(os.getppid(), 0)


def lists_a_folder() -> None:
    list(Path("/").iterdir())


def lifts_a_limit() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (1000, 1000))


def traces_another_process() -> None:
    if ctypes.CDLL(None, use_errno=True).ptrace(16, os.getppid(), 0, 0) != 0:
        raise PermissionError(ctypes.get_errno())


def takes_all_memory() -> None:
    bytearray(600 * MEGABYTE)


ACTS = [
    opens_a_file, writes_a_file, opens_a_socket, forks, becomes_another_program, signals_its_parent,
    lists_a_folder, lifts_a_limit, traces_another_process, takes_all_memory,
]  # fmt: skip


def _try(told: Connection, act: Callable[[], None] | None) -> None:
    limit(seconds=5, memory=256 * MEGABYTE)
    told.send(shut())
    try:
        if act is not None:
            act()
    except (OSError, MemoryError, ValueError) as error:
        told.send(type(error).__name__)
    else:
        told.send("done")
    os._exit(0)


def tried(act: Callable[[], None] | None) -> tuple[list[str], str]:
    """What the system had, and what became of the act."""
    context = get_context("fork")
    ours, theirs = context.Pipe()
    process = context.Process(target=_try, args=(theirs, act))
    process.start()
    theirs.close()
    had, became = ours.recv(), ours.recv()
    process.join()
    return had, became


linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux has seccomp")


@linux
def test_this_system_has_both(request: pytest.FixtureRequest) -> None:
    had, became = tried(None)
    if "seccomp" not in had and not os.environ.get("CI"):
        pytest.skip("no libseccomp found: install it (Debian: apt-get install libseccomp2)")
    assert had == ["no new privileges", "seccomp"]
    assert became == "done"


@linux
@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
def test_only_computing_is_left(act: Callable[[], None]) -> None:
    had, became = tried(act)
    if "seccomp" not in had and not os.environ.get("CI"):
        pytest.skip("no libseccomp found: install it (Debian: apt-get install libseccomp2)")
    assert became in ("PermissionError", "MemoryError", "ValueError")


def _burn(told: Connection) -> None:
    limit(seconds=1, memory=256 * MEGABYTE)
    told.send("begun")
    while True:
        pass


def test_the_processors_time_ends_it() -> None:
    context = get_context("fork")
    ours, theirs = context.Pipe()
    process = context.Process(target=_burn, args=(theirs,))
    process.start()
    assert ours.recv() == "begun"
    process.join(20)
    assert process.exitcode in (-signal.SIGKILL, -signal.SIGXCPU)


def _leave(told: Connection) -> None:
    told.send(isolate())
    told.send([name for _, name in socket.if_nameindex()])


@linux
def test_the_network_is_left_where_the_system_lets_it() -> None:
    context = get_context("fork")
    ours, theirs = context.Pipe()
    process = context.Process(target=_leave, args=(theirs,))
    process.start()
    left, interfaces = ours.recv(), ours.recv()
    process.join()
    assert not left or interfaces == ["lo"]
