"""The process that programs are forked from: torch is loaded in it, and nothing of the server's.

It is started with an environment of its own, and leaves the network before it loads anything that could need
it. Over its socket it is asked for children, each of which gets a socket of its own, and is told when a child
is not wanted any more. When the server goes, it goes, and its children with it.

    server -> nursery    RUN, with a file descriptor     nursery -> server    the child's process id
    server -> nursery    the id of a child               nursery -> server    its exit code, after killing it
"""

import gc
import os
import signal
import socket
import sys
from contextlib import suppress

RUN, READY = b"run", b"ready"
MESSAGE_BYTES = 64


def serve(control: socket.socket) -> None:
    """Answer until the server goes."""
    children: set[int] = set()
    try:
        while True:
            message, descriptors, _, _ = socket.recv_fds(control, MESSAGE_BYTES, 1)
            if not message:
                return
            if message == RUN:
                pid = _fork(control, descriptors[0])
                children.add(pid)
                control.send(str(pid).encode())
            else:
                pid = int(message)
                children.discard(pid)
                control.send(str(_end(pid)).encode())
    finally:
        for pid in children:
            _end(pid)


def _fork(control: socket.socket, descriptor: int) -> int:
    pid = os.fork()
    if pid:
        os.close(descriptor)
        return pid
    try:
        from service.sandbox.child import run

        control.close()
        run(descriptor)
    finally:
        os._exit(1)  # where `run` did not end by itself


def _end(pid: int) -> int:
    """Kill the child, unless it has ended, and return its exit code: below 0, the signal that ended it."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status)


def main() -> None:
    """Load what programs take, serve the socket whose descriptor is the one argument, and exit."""
    from service.sandbox.child import prepare
    from service.sandbox.limits import outlive_the_starting_thread

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the server says when
    control = socket.socket(fileno=int(sys.argv[1]))
    prepare()
    outlive_the_starting_thread()
    gc.collect()
    gc.freeze()  # so that no child writes to these pages
    control.send(READY)
    serve(control)
    os._exit(0)  # at once: taking down all that is loaded, piece by piece, would take seconds
