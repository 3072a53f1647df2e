"""`python app.py` as a process of its own, and what it takes."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

ROOT = Path(__file__).parents[2]


class Server:
    """A lab that runs; ready when constructed."""

    def __init__(self, data: Path, **env: str) -> None:
        self.data = data
        self.log = data / "log.txt"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        begin = time.monotonic()
        with self.log.open("ab") as log:
            before = log.tell()
            self.process = subprocess.Popen(
                [sys.executable, "app.py"],
                cwd=ROOT,
                env={**os.environ, "PORT": str(port), "LAB_DATA": str(data / "lab"), **env},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.address = self._ready(before)
        self.seconds_to_start = time.monotonic() - begin
        self.ps = psutil.Process(self.process.pid)

    def _ready(self, before: int, seconds: float = 300) -> str:
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.process.poll() is None:
            found = re.search(r"running at (http://\S+)", self.text()[before:])
            if found:
                return found[1]
            time.sleep(0.05)
        raise RuntimeError(f"The lab did not start:\n{self.text()[before:]}")

    def text(self) -> str:
        """All it has written."""
        return self.log.read_text(errors="replace")

    def megabytes(self) -> float:
        """The resident memory of the server process."""
        return self.ps.memory_info().rss / 1e6

    def processor_seconds(self) -> float:
        """What the server process has computed."""
        times = self.ps.cpu_times()
        return times.user + times.system

    def workers(self) -> list[psutil.Process]:
        """The processes that train."""
        return [
            each
            for each in self.ps.children(recursive=True)
            if (parent := each.parent()) is not None and "forkserver" in " ".join(parent.cmdline())
        ]

    def kill(self) -> None:
        """SIGKILL to the server process alone."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """As Ctrl-C does."""
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.kill()


@contextmanager
def running(**env: str) -> Iterator[Server]:
    """A lab on a fresh folder."""
    with TemporaryDirectory() as folder:
        server = Server(Path(folder), **env)
        try:
            yield server
        finally:
            server.stop()
