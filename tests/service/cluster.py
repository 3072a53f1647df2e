"""A Dask cluster of processes in an empty folder: they have nothing of the lab's but what it sends them."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory

from tests.conftest import free_port

PATIENCE_SECONDS = 5
"""How long a process may take to end; a worker whose scheduler has gone waits for it for long."""
ENV = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}


class Cluster:
    """A Dask scheduler, and workers that are added one after another."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self.address = f"tcp://127.0.0.1:{free_port()}"
        self._processes: list[subprocess.Popen[bytes]] = []
        self._start({}, "scheduler", "--host", self.address)

    def add_worker(self, *, nanny: bool = False, **env: str) -> subprocess.Popen[bytes]:
        """One more worker, of one thread."""
        kind = "--nanny" if nanny else "--no-nanny"
        return self._start(env, "worker", self.address, "--nthreads", "1", kind)

    def _start(self, env: dict[str, str], *arguments: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "-m", "dask", *arguments, "--no-dashboard"],
            cwd=self._folder,
            env={**ENV, **env},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._processes.append(process)
        return process

    def close(self) -> None:
        """End them all; a nanny ends its worker, if it is asked to end."""
        for process in self._processes:
            process.terminate()
        for process in self._processes:
            try:
                process.wait(PATIENCE_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextmanager
def dask_processes() -> Iterator[Cluster]:
    """A scheduler without workers."""
    with TemporaryDirectory() as folder:
        started = Cluster(folder)
        try:
            yield started
        finally:
            started.close()
