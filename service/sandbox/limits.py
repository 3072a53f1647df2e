"""The second wall: what a process that runs a stranger's program gives up before it begins.

Each is asked of the operating system; what that does not have is left out, and `shut` says what it got.
"""

import ctypes
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path

CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWNET = (
    0x00020000, 0x04000000, 0x08000000, 0x10000000, 0x40000000,
)  # fmt: skip
"""See https://man7.org/linux/man-pages/man2/unshare.2.html."""
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_NO_NEW_PRIVS = 1, 4, 38
"""See https://man7.org/linux/man-pages/man2/prctl.2.html."""

ALLOWED_CALLS = (
    "read", "write", "close", "brk", "mmap", "munmap", "mprotect", "mremap", "madvise", "futex",
    "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigaltstack", "setitimer", "restart_syscall",
    "clock_gettime", "clock_getres", "gettimeofday", "times", "getrusage", "getrandom", "getpid", "gettid",
    "sched_yield", "sched_getaffinity", "sysinfo", "uname", "exit", "exit_group", "lseek", "fstat", "rseq",
)  # fmt: skip
"""System calls that computing takes; all others, such as open, socket, clone and execve, fail with EPERM."""


def isolate() -> bool:
    """Leave the machine's network and other namespaces, in a process without threads; whether that went."""
    if not sys.platform.startswith("linux"):
        return False
    flags = CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWNS
    return _libc().unshare(flags) == 0


def outlive_the_starting_thread() -> None:
    """Take back that this process dies with its parent: the system means the thread that started it."""
    if sys.platform.startswith("linux"):
        _libc().prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0)


def limit(seconds: int, memory: int) -> None:
    """Set the limits of this process: seconds of the processor, and bytes beyond those it has now."""
    import resource  # here, for Windows has none

    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(ValueError, OSError):  # not every system has them
        resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    if (size := _size()) is not None:
        resource.setrlimit(resource.RLIMIT_AS, (size + memory, size + memory))


def shut() -> list[str]:
    """Give up new privileges, being looked at, and all system calls that computing does not take.

    Returns what the system has of these. No file can be opened after it, nor any process made.
    """
    if not sys.platform.startswith("linux"):
        return []
    libc = _libc()
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    has = ["no new privileges"] if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 else []
    return has + (["seccomp"] if _filter() else [])


def _filter() -> bool:
    try:
        import pyseccomp  # it looks for the system's libseccomp
    except (ImportError, OSError, RuntimeError):
        return False
    calls = pyseccomp.SyscallFilter(pyseccomp.ERRNO(1))
    for name in ALLOWED_CALLS:
        with suppress(OSError, RuntimeError):  # a call that this processor's kernel does not have
            calls.add_rule(pyseccomp.ALLOW, name)
    try:
        calls.load()
    except OSError:
        return False
    return True


def _size() -> int | None:
    """Bytes of addresses that this process has; None where the system does not say."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return None


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)
